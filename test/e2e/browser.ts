import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { type Browser, chromium } from 'playwright-core';
import type { Bundle } from './bundle.ts';

/** Where Chromium is, if anywhere. */
export const executable = [
  process.env.CHROMIUM_PATH ?? '',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
].find(existsSync);

/** What a script tells. */
interface Report {
  readonly scope: string;
  readonly kernels: number;
  readonly results: Record<string, string>;
}

/** A site of this machine's own: `/name.html` is a page that runs `/name.js`. */
export class Site {
  readonly #browser: Browser;
  readonly #server = createServer();
  #posted: (text: string) => void = () => {};

  private constructor(scripts: Readonly<Record<string, Bundle>>, browser: Browser) {
    this.#browser = browser;
    this.#server.on('request', async (request, response) => {
      if (request.method === 'POST') this.#posted(await text(request));
      const { pathname, searchParams } = new URL(request.url!, 'http://site');
      const [name, kind] = pathname.slice(1).split('.');
      if (!(name in scripts)) return response.writeHead(404).end();
      response.setHeader('content-security-policy', searchParams.get('policy') ?? '');
      response.setHeader('content-type', kind === 'js' ? 'text/javascript' : 'text/html');
      response.end(
        kind === 'js' ? scripts[name].code : `<script type="module" src="/${name}.js"></script>`,
      );
    });
  }

  /** @param scripts by name */
  static async open(scripts: Readonly<Record<string, Bundle>>): Promise<Site> {
    // Chromium's sandbox does not work for root.
    const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
    const site = new Site(scripts, await chromium.launch({ executablePath: executable, args }));
    await new Promise<void>((listening) => site.#server.listen(0, '127.0.0.1', listening));
    return site;
  }

  /**
   * Runs a script in a page of its own, one at a time.
   *
   * @param policy the page's Content-Security-Policy
   * @returns what the script, or a worker of its, posts
   */
  async run(name: string, policy = ''): Promise<Report> {
    const page = await this.#browser.newPage();
    const { port } = this.#server.address() as AddressInfo;
    const query = new URLSearchParams({ policy });
    try {
      const posted = await new Promise<string>((resolve, reject) => {
        this.#posted = resolve;
        page.on('pageerror', reject);
        page.on('crash', () => reject(new Error('the page crashed')));
        page.goto(`http://127.0.0.1:${port}/${name}.html?${query}`).catch(reject);
      });
      return JSON.parse(posted);
    } finally {
      await page.close();
    }
  }

  async close(): Promise<void> {
    await this.#browser.close();
    this.#server.closeAllConnections();
    await new Promise((closed) => this.#server.close(closed));
  }
}
