// Bodies as they are written on a socket.
import { connect } from 'node:net';
import { loadModel, type Model } from 'kelvin';
import { createServer, type Listening, listen } from 'kelvin/server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

let model: Model;
let server: Listening;
beforeAll(async () => {
  model = await loadModel();
  server = await listen(createServer(model, { bodyBytes: 1000 }), { port: 0 });
});
afterAll(async () => {
  await server.close();
  await model.dispose();
});

/** Sends a request as it is written down, and gives the answer's status and body. */
async function exchange(...lines: string[]): Promise<{ status: number; body: string }> {
  const { hostname, port } = new URL(server.url);
  const socket = connect(Number(port), hostname);
  const head = ['host: localhost', 'connection: close', 'content-type: application/json'];
  const [first, ...rest] = lines;
  socket.write([first, ...head, ...rest].join('\r\n'));
  let answer = '';
  for await (const chunk of socket.setEncoding('utf8')) answer += chunk;
  const [, status] = /^HTTP\/1\.1 (\d+)/.exec(answer)!;
  return { status: Number(status), body: answer };
}
const POST = 'POST /v1/completions HTTP/1.1';
const CHUNKED = ['transfer-encoding: chunked', ''];
const chunk = (text: string) => `${text.length.toString(16)}\r\n${text}`;

describe('a body', () => {
  it('may come in chunks, of which none says how long all is', async () => {
    const [half, other] = ['{"prompt": "Once", "max_to', 'kens": 2, "top_k": 1}'];
    const { status, body } = await exchange(
      POST,
      ...CHUNKED,
      chunk(half),
      chunk(other),
      '0',
      '',
      '',
    );
    expect({ status, body }).toMatchObject({ status: 200 });
    expect(body).toContain('"text":" upon a"');
  });

  it('is refused in chunks where they are too many', async () => {
    const { status, body } = await exchange(
      POST,
      ...CHUNKED,
      ...Array(50).fill(chunk('x'.repeat(99))),
      '0',
      '',
      '',
    );
    expect({ status, body }).toMatchObject({ status: 413 });
    expect(body).toContain('body_too_large');
  });

  it('is refused where there is none', async () => {
    const { status, body } = await exchange(POST, '', '');
    expect({ status, body }).toMatchObject({ status: 400 });
    expect(body).toContain('got nothing');
  });

  it('is nothing that a question of another kind waits for', async () => {
    expect((await exchange('OPTIONS /v1/completions HTTP/1.1', '', '')).status).toBe(405);
    expect((await exchange('DELETE /v1/models HTTP/1.1', '', '')).status).toBe(405);
    const told = await (await fetch(`${server.url}/metrics`)).text();
    expect(told).toMatch(/^kelvin_cancelled_total 0$/m);
  });
});
