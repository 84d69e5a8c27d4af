// A chat in the terminal with the AI SDK, once built:
//   npx tsx --tsconfig tsconfig.build.json examples/chat.ts [model folder]
//
// With a model that has a chat template it is a conversation. The embedded story model has none: it
// goes on with a story, each line that you type being the next words of it.
import { stdin, stdout } from 'node:process';
import { createInterface } from 'node:readline/promises';
import { type ModelMessage, streamText } from 'ai';
import { loadModel } from 'kelvin';
import { type KelvinMetadata, kelvin } from 'kelvin/ai-sdk';

const model = await loadModel(process.argv[2]);
const { chat, name } = model.info;
// What the one warning would say of a model without a template is said here.
Object.assign(globalThis, { AI_SDK_LOG_WARNINGS: false });
console.log(
  chat ? `Talk with ${name}.` : `${name} tells stories: begin one, and go on where it stops.`,
);

const lines = createInterface({ input: stdin, output: stdout, prompt: '> ' });
let answering: AbortController | undefined;
// Ctrl-C stops the answer, and where there is none the program.
lines.on('SIGINT', () => (answering ? answering.abort() : lines.close()));

const messages: ModelMessage[] = [];
let story = '';
lines.prompt();
for await (const line of lines) {
  messages.push({ role: 'user', content: line });
  story += line;
  answering = new AbortController();
  const result = streamText({
    model: kelvin(model),
    ...(chat ? { system: 'Answer in one sentence.', messages } : { prompt: story }),
    maxOutputTokens: 60,
    temperature: 0.7,
    stopSequences: ['.'],
    abortSignal: answering.signal,
    // Whatever kelvin can do and the AI SDK has no name for.
    providerOptions: { kelvin: { minP: 0.05 } },
    onFinish({ providerMetadata }) {
      const { steps, seed } = providerMetadata!.kelvin as unknown as KelvinMetadata;
      const nats = -steps.reduce((sum, { logprob }) => sum + logprob, 0) / steps.length;
      console.log(
        `\n(${steps.length} tokens, ${nats.toFixed(2)} nats of surprise each, seed ${seed})`,
      );
    },
    onError: ({ error }) => console.error(String(error)),
  });
  let answer = '';
  for await (const delta of result.textStream) {
    stdout.write(delta);
    answer += delta;
  }
  answering = undefined;
  messages.push({ role: 'assistant', content: answer });
  // The stop string is no part of an answer, but of the story.
  story += `${answer}.`;
  lines.prompt();
}
await model.dispose();
