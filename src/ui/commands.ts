/**
 * What the screen is at: no text, as the model is being loaded or something has failed; text running
 * or at rest; a pane over it that explains, compares or sweeps; the list of keys; a list to choose
 * from; a line of text being written.
 */
export type Mode =
  | 'empty'
  | 'play'
  | 'pause'
  | 'explain'
  | 'compare'
  | 'sweep'
  | 'help'
  | 'choose'
  | 'edit';

export interface CommandRow {
  readonly name: string;
  /** As `matchKeys` names them. */
  readonly keys: readonly string[];
  /** What it does in a word, for the row of keys under the screen; not all are there. */
  readonly brief?: string;
  /** What it does; commands with the same words are one row of the help. */
  readonly help: string;
  readonly modes: readonly Mode[];
}

const STORY = ['play', 'pause'] as const;
/** Where the knobs can be turned: wherever their effect is seen. */
const KNOBS = ['play', 'pause', 'explain', 'compare'] as const;
const PANES = ['explain', 'compare', 'sweep', 'help', 'choose', 'edit'] as const;
const BEFORE = ['empty', ...STORY] as const;
const READING = [...BEFORE, 'explain', 'compare', 'sweep', 'help', 'choose'] as const;
const ALL = [...READING, 'edit'] as const;

/** Every command of the screen: what is typed, what the help says and what the tests press. */
export const COMMANDS = [
  {
    name: 'play',
    keys: ['space'],
    brief: 'play',
    help: 'play / pause',
    modes: ['pause', 'explain'],
  },
  { name: 'pause', keys: ['space'], brief: 'pause', help: 'play / pause', modes: ['play'] },
  {
    name: 'writeAgain',
    keys: ['space'],
    brief: 'again',
    help: 'write both texts again',
    modes: ['compare'],
  },
  {
    name: 'rewind',
    keys: ['left'],
    brief: 'walk',
    help: 'one step back / on',
    modes: ['pause', 'explain'],
  },
  { name: 'step', keys: ['right'], help: 'one step back / on', modes: ['pause', 'explain'] },
  {
    name: 'rewindToStart',
    keys: ['home'],
    help: 'to the start / end',
    modes: ['pause', 'explain'],
  },
  { name: 'stepToEnd', keys: ['end'], help: 'to the start / end', modes: ['pause', 'explain'] },
  {
    name: 'previousCandidate',
    keys: ['up'],
    brief: 'pick',
    help: 'choose another token',
    modes: ['pause', 'explain'],
  },
  {
    name: 'nextCandidate',
    keys: ['down'],
    help: 'choose another token',
    modes: ['pause', 'explain'],
  },
  {
    name: 'branch',
    keys: ['return'],
    brief: 'branch',
    help: 'go on from the chosen token',
    modes: ['pause'],
  },

  {
    name: 'temperatureDown',
    keys: ['t'],
    brief: 'temp',
    help: 'temperature down / up',
    modes: KNOBS,
  },
  { name: 'temperatureUp', keys: ['T'], help: 'temperature down / up', modes: KNOBS },
  { name: 'topKDown', keys: ['k'], help: 'top-k down / up', modes: KNOBS },
  { name: 'topKUp', keys: ['K'], help: 'top-k down / up', modes: KNOBS },
  { name: 'topPDown', keys: ['p'], help: 'top-p down / up', modes: KNOBS },
  { name: 'topPUp', keys: ['P'], help: 'top-p down / up', modes: KNOBS },
  { name: 'minPDown', keys: ['m'], help: 'min-p down / up', modes: KNOBS },
  { name: 'minPUp', keys: ['M'], help: 'min-p down / up', modes: KNOBS },
  { name: 'topNSigmaDown', keys: ['n'], help: 'top-n-sigma down / up', modes: KNOBS },
  { name: 'topNSigmaUp', keys: ['N'], help: 'top-n-sigma down / up', modes: KNOBS },
  {
    name: 'repetitionPenaltyDown',
    keys: ['r'],
    help: 'repetition penalty down / up',
    modes: KNOBS,
  },
  { name: 'repetitionPenaltyUp', keys: ['R'], help: 'repetition penalty down / up', modes: KNOBS },
  { name: 'resetKnobs', keys: ['0'], help: 'knobs as they were at the start', modes: KNOBS },
  { name: 'preset', keys: ['1', '2', '3', '4'], help: 'preset', modes: KNOBS },
  { name: 'order', keys: ['o'], help: 'order of the filters', modes: KNOBS },
  { name: 'newSeed', keys: ['g'], brief: 'seed', help: 'new seed', modes: KNOBS },

  {
    name: 'slower',
    keys: [','],
    brief: 'speed',
    help: 'slower / faster',
    modes: ['play', 'compare'],
  },
  { name: 'faster', keys: ['.'], help: 'slower / faster', modes: ['play', 'compare'] },
  {
    name: 'smallerSteps',
    keys: [','],
    help: 'at rest, steps of a token / word / sentence',
    modes: ['pause'],
  },
  {
    name: 'largerSteps',
    keys: ['.'],
    help: 'at rest, steps of a token / word / sentence',
    modes: ['pause'],
  },

  { name: 'previousBranch', keys: ['b'], help: 'previous / next branch', modes: ['pause'] },
  { name: 'nextBranch', keys: ['B'], help: 'previous / next branch', modes: ['pause'] },
  { name: 'undo', keys: ['u'], help: 'undo / redo', modes: STORY },
  { name: 'redo', keys: ['U'], help: 'undo / redo', modes: STORY },

  {
    name: 'axes',
    keys: ['a'],
    brief: 'axes',
    help: 'this step / the text on the plot',
    modes: STORY,
  },
  {
    name: 'explain',
    keys: ['x'],
    brief: 'explain',
    help: 'explain the chosen token',
    modes: STORY,
  },
  { name: 'sweep', keys: ['s'], brief: 'sweep', help: 'measure all temperatures', modes: STORY },
  {
    name: 'compare',
    keys: ['c'],
    brief: 'compare',
    help: 'two settings on the same noise',
    modes: STORY,
  },
  {
    name: 'write',
    keys: ['w'],
    brief: 'save',
    help: 'save the session or the settings',
    modes: STORY,
  },
  { name: 'editPrompt', keys: ['e'], brief: 'prompt', help: 'edit the prompt', modes: BEFORE },
  { name: 'chooseModel', keys: ['l'], brief: 'model', help: 'another model', modes: BEFORE },
  {
    name: 'previousItem',
    keys: ['up'],
    brief: 'choose',
    help: 'previous / next',
    modes: ['choose', 'help'],
  },
  { name: 'nextItem', keys: ['down'], help: 'previous / next', modes: ['choose', 'help'] },
  { name: 'accept', keys: ['return'], brief: 'take', help: 'take it', modes: ['choose', 'edit'] },
  {
    name: 'leaveSweep',
    keys: ['s'],
    brief: 'text',
    help: 'to the text, sweeping on',
    modes: ['sweep'],
  },
  {
    name: 'back',
    keys: ['escape'],
    brief: 'back',
    help: 'stop what is running; back to the text',
    modes: PANES,
  },
  { name: 'help', keys: ['?'], brief: 'help', help: 'all keys', modes: READING },
  { name: 'repaint', keys: ['ctrl-l'], help: 'paint the screen anew', modes: ALL },
  { name: 'suspend', keys: ['ctrl-z'], help: 'to the shell; fg comes back', modes: ALL },
  { name: 'quit', keys: ['q'], brief: 'quit', help: 'quit', modes: READING },
  { name: 'quit', keys: ['ctrl-c'], help: 'quit, whatever is on the screen', modes: ALL },
] as const satisfies readonly CommandRow[];

export type Command = (typeof COMMANDS)[number]['name'];
