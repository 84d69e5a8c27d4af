import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, sep } from 'node:path';
import { afterAll } from 'vitest';

interface File {
  readonly path: string;
  readonly bytes: Buffer;
  readonly isLarge: boolean;
  readonly hash: string;
}

/** What was asked, of the hub or of the storage it sends one on to. */
interface Asked {
  readonly of: 'hub' | 'storage';
  readonly url: string;
  readonly authorization: string | undefined;
  readonly range: string | undefined;
}

/** How a hub misbehaves; may be changed while it runs. */
interface Mood {
  /** Statuses of the next answers of the hub, with headers. */
  statuses: { status: number; headers?: Record<string, string> }[];
  /** After so many bytes the next answers of the storage break off. */
  breaks: number[];
  /** The storage never goes on behind so many bytes. */
  hangsAfter: number | undefined;
  /** The storage sends other bytes than it should. */
  lies: boolean;
  /** Statuses of the next answers of the storage. */
  refusals: number[];
  /** The storage knows no ranges. */
  rangeless: boolean;
  /** The one token that opens the model. */
  token: string | undefined;
  /** Files in the listing that are nowhere else. */
  listed: object[];
  /** The listing tells names alone, as that of some mirrors. */
  bare: boolean;
  /** Nothing tells the hashes of small files. */
  tagless: boolean;
  /** What the hub answers for a listing. */
  answer: string | undefined;
}

export interface TestHub {
  readonly endpoint: string;
  readonly storage: string;
  readonly asked: Asked[];
  readonly mood: Mood;
  readonly commit: string;
  /** Calls back when the storage has sent its first bytes of a large file. */
  onSent: () => void;
}

export const ID = 'acme/story';
const LARGE = 100_000;
const closing: (() => void)[] = [];
afterAll(() => {
  for (const close of closing) close();
});

/** The hash that names a blob: of git for small files, SHA-256 for large ones. */
export function hashOf(bytes: Buffer, isLarge = bytes.length > LARGE): string {
  if (isLarge) return createHash('sha256').update(bytes).digest('hex');
  return createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
}

/**
 * A hub with one model, acme/story, at main, v1 and refs/pr/1. As on the real one, large files are
 * with a storage at another origin; acme/moved is where the model was before.
 */
export async function startHub(folder: string): Promise<TestHub> {
  const files = filesIn(folder);
  const all = createHash('sha1').update(files.map(({ hash }) => hash).join());
  const commit = all.digest('hex');
  const asked: Asked[] = [];
  const mood: Mood = {
    statuses: [],
    refusals: [],
    breaks: [],
    listed: [],
    lies: false,
    rangeless: false,
    bare: false,
    tagless: false,
    hangsAfter: undefined,
    token: undefined,
    answer: undefined,
  };
  const hear = (of: Asked['of'], { url = '', headers }: IncomingMessage) => {
    const { authorization, range } = headers;
    asked.push({ of, url, authorization, range });
    return url;
  };

  const storage = await listen((request, response) => {
    const url = hear('storage', request);
    const file = files.find(({ hash }) => url.startsWith(`/${hash}`));
    if (!file) return void response.writeHead(404).end();
    const refusal = mood.refusals.shift();
    if (refusal !== undefined) return void response.writeHead(refusal).end();
    const start = mood.rangeless
      ? 0
      : Number(/=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0);
    const bytes = Buffer.from(file.bytes.subarray(start));
    if (mood.lies) bytes[0] = bytes[0]! ^ 1;
    const last = file.bytes.length - 1;
    const range = { 'content-range': `bytes ${start}-${last}/${file.bytes.length}` };
    response.writeHead(start > 0 ? 206 : 200, {
      'content-length': bytes.length,
      ...(start > 0 && range),
    });
    const sent = mood.breaks.shift() ?? mood.hangsAfter;
    if (sent === undefined) return void response.end(bytes);
    response.write(bytes.subarray(0, sent), () => {
      hub.onSent();
      if (sent !== mood.hangsAfter) response.destroy();
    });
  });

  const answer = (request: IncomingMessage, response: ServerResponse) => {
    const url = hear('hub', request);
    const planned = mood.statuses.shift();
    if (planned) return void response.writeHead(planned.status, planned.headers ?? {}).end();
    if (url.includes('acme/moved'))
      return void response.writeHead(307, { location: url.replace('moved', 'story') }).end();
    if (mood.token !== undefined && request.headers.authorization !== `Bearer ${mood.token}`)
      return void response.writeHead(401, { 'x-error-code': 'RepoNotFound' }).end();
    const [, api, resolve] =
      /^\/api\/models\/acme\/story\/revision\/([^/?]+)\?blobs=true$|^\/acme\/story\/resolve\/(.+)$/.exec(
        url,
      ) ?? [];
    if (api !== undefined) {
      if (!['main', 'v1', 'refs/pr/1', commit].includes(decodeURIComponent(api)))
        return void response.writeHead(404, { 'x-error-code': 'RevisionNotFound' }).end();
      const siblings = [
        ...files.map((file) => (mood.bare ? { rfilename: file.path } : sibling(file))),
        ...mood.listed,
      ];
      const listing = mood.answer ?? JSON.stringify({ id: ID, sha: commit, siblings });
      return void response.writeHead(200, { 'content-type': 'application/json' }).end(listing);
    }
    const file = files.find(({ path }) => resolve === `${commit}/${path}`);
    if (!file)
      return void response.writeHead(404, { 'x-error-code': 'RepoNotFound' }).end('not here');
    if (file.isLarge)
      return void response
        .writeHead(302, {
          location: `${hub.storage}/${file.hash}?signature=abc`,
          'x-linked-etag': `"${file.hash}"`,
          'x-linked-size': file.bytes.length,
        })
        .end();
    response.writeHead(200, {
      'content-length': file.bytes.length,
      ...(!mood.tagless && { etag: `"${file.hash}"` }),
    });
    response.end(file.bytes);
  };
  const endpoint = await listen(answer);
  const hub: TestHub = { endpoint, storage, asked, mood, commit, onSent: () => {} };
  return hub;
}

function sibling({ path, bytes, isLarge, hash }: File): object {
  const size = bytes.length;
  if (!isLarge) return { rfilename: path, size, blobId: hash };
  const lfs = { sha256: hash, size, pointerSize: 134 };
  return { rfilename: path, size, blobId: hashOf(Buffer.from(hash), false), lfs };
}

function filesIn(folder: string): File[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries.flatMap((entry) => {
    if (!entry.isFile()) return [];
    const whole = join(entry.parentPath ?? entry.path, entry.name);
    const bytes = readFileSync(whole);
    const isLarge = bytes.length > LARGE;
    const path = whole.slice(folder.length + 1).replaceAll(sep, '/');
    return { path, bytes, isLarge, hash: hashOf(bytes) };
  });
}

async function listen(
  handle: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<string> {
  const server = createServer(handle);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
