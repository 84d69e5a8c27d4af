import type { Order, SamplingOptions } from '../../sampling/index.ts';
import type { Knob, KnobOption } from '../knobs.ts';
import type { Draw, Glyphs, Span, Style } from '../line.ts';
import { inOrder } from '../order.ts';
import { presets } from '../presets.ts';
import { settingsText } from '../settings-text.ts';
import { fitText, textWidth } from '../terminal/width.ts';
import { page, right, span } from './row.ts';
import { spell } from './spell.ts';

export interface KnobsPane {
  readonly knobs: readonly Knob[];
  readonly options: SamplingOptions;
  /** The knob that was turned last, or that the arrows turn. */
  readonly focus?: KnobOption;
  readonly order: Order;
  /** The name of the preset the settings are. */
  readonly preset?: string;
  /** Unknown until the model is loaded, if it is not set. */
  readonly seed?: number;
  /** Stages that do nothing where they stand, as `describe()` tells: `τ 0` leaves them nothing. */
  readonly inactive?: readonly string[];
}

const LABEL = 12;
const VALUE = 6;

/**
 * The knobs with their tracks, the order they act in, the preset and the seed. What does not fit
 * goes in this order: seed and presets into one row with the order, knobs that are off, labels,
 * keys, tracks.
 */
export const drawKnobs: Draw<KnobsPane> = (pane, size, glyphs) => {
  const { width, height } = size;
  const { knobs, options } = pane;
  if (height <= 1 || width < 12)
    return page([[span(` ${settingsText(options, knobs, glyphs)}`)]], size);
  const facts =
    height >= knobs.length + 3 ? factRows(pane, width, glyphs) : [factRow(pane, width, glyphs)];
  const shown = mostWanted(pane, height - facts.length);
  // A free row between the knobs and the rest where there is one.
  const gap = height > shown.length + facts.length ? [[]] : [];
  const rows = [...shown.map((knob) => knobRow(knob, pane, width, glyphs)), ...gap, ...facts];
  return page(rows, size);
};

function knobRow(knob: Knob, pane: KnobsPane, width: number, glyphs: Glyphs): Span[] {
  const { option, off } = knob;
  const value = pane.options[option];
  const isFocused = pane.focus === option;
  const isOff = option !== 'temperature' && (value === undefined || value === off);
  const isIdle = !isOff && (pane.inactive ?? []).includes(knob.stage) && value !== undefined;
  const text = spell(isIdle ? `(${knob.text(value)})` : knob.text(value), glyphs);
  const hasKeys = width >= 30;
  const label =
    width >= 36 ? fitText(spell(knob.label, glyphs), LABEL) : fitText(spell(knob.sign, glyphs), 3);
  const room = width - 1 - textWidth(label) - VALUE - 1 - (hasKeys ? 6 : 1);
  const style: Style = isFocused ? 'selected' : isOff || isIdle ? 'dim' : 'plain';
  return [
    span(spell(isFocused ? '▸' : ' ', glyphs), style),
    span(label, style),
    span(right(text, VALUE), style === 'plain' ? 'bold' : style),
    span(' '),
    ...(room >= 5 ? track(knob, value, room, isOff || isIdle, glyphs) : []),
    ...(hasKeys
      ? [span('  '), span(knob.keys[0], 'key'), span(' '), span(knob.keys[1], 'key')]
      : []),
  ];
}

function track(
  knob: Knob,
  value: number | undefined,
  width: number,
  isFaint: boolean,
  glyphs: Glyphs,
): Span[] {
  // The temperature's middle is the model's own distribution, which is worth finding again.
  const centre = knob.option === 'temperature' ? Math.round((width - 1) / 2) : -1;
  const rail = Array.from({ length: width }, (_, i) => (i === centre ? '┼' : '─'));
  const at = Math.round(knob.toScale(value) * (width - 1));
  const part = (from: number, to?: number) =>
    span(spell(rail.slice(from, to).join(''), glyphs), 'rule');
  const handle = span(spell(isFaint ? '○' : '●', glyphs), isFaint ? 'dim' : 'now');
  return [part(0, at), handle, part(at + 1)];
}

function factRows(pane: KnobsPane, width: number, glyphs: Glyphs): Span[][] {
  return [
    [
      span(` ${fitText('order', LABEL)} `),
      ...orderSpans(pane, glyphs),
      span('  '),
      span('o', 'key'),
    ],
    [span(` ${fitText('preset', LABEL)}`), ...presetSpans(pane, width)],
    [
      span(` ${fitText('seed', LABEL)} `),
      span(pane.seed === undefined ? spell('–', glyphs) : String(pane.seed), 'bold'),
      span('  '),
      span('g', 'key'),
    ],
  ];
}

function factRow(pane: KnobsPane, width: number, glyphs: Glyphs): Span[] {
  const order = [span(width >= 36 ? ' order ' : ' '), ...orderSpans(pane, glyphs)];
  const preset = pane.preset === undefined ? [] : [`   preset ${pane.preset}`];
  const seed = pane.seed === undefined ? [] : [`   seed ${pane.seed}`];
  for (const part of [...preset, ...seed])
    if (length(order) + textWidth(part) < width) order.push(span(part));
  return order;
}

const length = (spans: readonly Span[]) =>
  spans.reduce((sum, { text }) => sum + textWidth(text), 0);

function orderSpans(pane: KnobsPane, glyphs: Glyphs): Span[] {
  const { order, knobs, options, inactive = [] } = pane;
  return inOrder(order, knobs).flatMap(({ sign, stage, option, off }, i) => {
    const value = options[option];
    const isActive =
      !inactive.includes(stage) &&
      (option === 'temperature' || (value !== undefined && value !== off));
    return [
      ...(i > 0 ? [span(spell(' ▸ ', glyphs), 'rule')] : []),
      span(spell(sign, glyphs), isActive ? 'bold' : 'dim'),
    ];
  });
}

// Where names have no room, only the chosen one has its name.
const presetSpans = (pane: KnobsPane, width: number): Span[] =>
  presets.flatMap(({ key, name }) => {
    const isChosen = pane.preset === name;
    const label = isChosen || width >= 54 ? ` ${name}` : '';
    const style: Style = isChosen ? 'selected' : 'plain';
    const [open, close] = isChosen ? ['[', ']'] : [' ', ' '];
    return [span(open!, style), span(key, 'key'), span(label + close, style)];
  });

// Where not all have room: the one in hand, then those that are set, then the first.
function mostWanted({ knobs, options, focus }: KnobsPane, room: number): readonly Knob[] {
  const rank = ({ option, off }: Knob) =>
    option === focus ? 0 : options[option] !== undefined && options[option] !== off ? 1 : 2;
  const wanted = knobs.toSorted((a, b) => rank(a) - rank(b)).slice(0, Math.max(0, room));
  return knobs.filter((knob) => wanted.includes(knob));
}
