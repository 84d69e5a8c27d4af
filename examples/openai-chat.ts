// A chat in the terminal with the OpenAI client, against a server that is running:
//   kelvin serve        and elsewhere        npx tsx examples/openai-chat.ts
//
// OPENAI_BASE_URL says where it is, http://127.0.0.1:8080/v1 if absent. Behind each answer stands how
// much every token of it surprised the model, in nats. A model without a chat template goes on with a
// story, each line that you type being the next words of it.
import { stdin, stdout } from 'node:process';
import { createInterface } from 'node:readline/promises';
import OpenAI from 'openai';

const { OPENAI_BASE_URL: baseURL = 'http://127.0.0.1:8080/v1', OPENAI_API_KEY: apiKey = 'none' } =
  process.env;
const client = new OpenAI({ baseURL, apiKey });
const complain = (error: unknown) =>
  error instanceof OpenAI.APIConnectionError
    ? console.error(`${baseURL} does not answer: start kelvin serve, or set OPENAI_BASE_URL`)
    : console.error(String(error));

const models = await client.models.list().catch((error: unknown) => {
  complain(error);
  process.exit(1);
});
// Beside OpenAI's fields kelvin tells whether a model can be talked with.
const { id: model, chat } = models.data[0] as OpenAI.Model & { readonly chat?: boolean };
console.log(chat ? `Talk with ${model}.` : `${model} tells stories: begin one, and go on.`);

let messages: OpenAI.ChatCompletionMessageParam[] = [];
let story = '';
const sampling = { model, temperature: 0.7, max_tokens: 60, stop: '.', stream: true } as const;

/** Pieces of an answer: their text, and their tokens with log probabilities. */
async function* answers(line: string, signal: AbortSignal) {
  if (chat) {
    const asked = [...messages, { role: 'user' as const, content: line }];
    const request = { ...sampling, messages: asked, logprobs: true };
    for await (const { choices } of await client.chat.completions.create(request, { signal }))
      yield { text: choices[0]!.delta.content ?? '', tokens: choices[0]!.logprobs?.content ?? [] };
  } else {
    const request = { ...sampling, prompt: story + line, logprobs: 0 };
    for await (const { choices } of await client.completions.create(request, { signal })) {
      const { tokens = [], token_logprobs = [] } = choices[0]!.logprobs ?? {};
      const told = tokens.map((token, i) => ({ token, logprob: token_logprobs[i]! }));
      yield { text: choices[0]!.text, tokens: told };
    }
  }
}

const lines = createInterface({ input: stdin, output: stdout, prompt: '> ' });
let answering: AbortController | undefined;
// Ctrl-C stops the answer, and where there is none the program.
lines.on('SIGINT', () => (answering ? answering.abort() : lines.close()));
lines.prompt();
for await (const line of lines) {
  answering = new AbortController();
  const surprisals: string[] = [];
  let answer = '';
  try {
    for await (const { text, tokens } of answers(line, answering.signal)) {
      stdout.write(text);
      answer += text;
      for (const { token, logprob } of tokens) surprisals.push(`${token} ${(-logprob).toFixed(1)}`);
    }
    console.log(`\n(${surprisals.join(' |')})`);
    messages = [
      ...messages,
      { role: 'user', content: line },
      { role: 'assistant', content: answer },
    ];
    // The stop string is no part of an answer, but of the story.
    story += `${line}${answer}.`;
  } catch (error) {
    complain(error);
  }
  answering = undefined;
  lines.prompt();
}
