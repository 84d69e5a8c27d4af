/**
 * A picture of the running terminal UI, from what it sends to a real terminal.
 *
 *   npx tsx scripts/screenshot.ts docs/tune.png [columns rows [keys ...]]
 */
import { execFileSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { chromium } from 'playwright-core';

const [file = 'docs/tune.png', columns = '140', rows = '40', ...keys] = process.argv.slice(2);
const main = new URL('../dist/cli/main.js', import.meta.url).pathname;
const command = `${process.execPath} ${main} tune "Once upon a time" --seed 5 --temperature 0.9 --top-k 40 --top-p 0.95`;

const tmux = (...args: string[]) =>
  execFileSync('tmux', ['-u', '-f', '/dev/null', '-L', 'screenshot', ...args], {
    encoding: 'utf8',
  });
tmux('new-session', '-d', '-x', columns, '-y', rows, `env COLORTERM=truecolor ${command}`);
try {
  await sleep(8000);
  for (const key of keys) {
    tmux('send-keys', key);
    await sleep(500);
  }
  await sleep(1000);
  const screen = tmux('capture-pane', '-p', '-e');
  await picture(html(screen), file);
} finally {
  tmux('kill-server');
}

async function picture(page: string, path: string): Promise<void> {
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium' });
  const tab = await browser.newPage({ deviceScaleFactor: 1.5 });
  await tab.setContent(page);
  await tab.locator('pre').screenshot({ path });
  await browser.close();
}

function html(screen: string): string {
  const lines = screen.trimEnd().split('\n').map(line);
  return `<style>pre{display:inline-block;margin:0;padding:12px;background:#16181d;color:#d8dadf;
font:14px/16px "DejaVu Sans Mono",monospace}i{display:inline-block;width:1ch;height:16px;font-style:normal;vertical-align:top}</style><pre>${lines.join('\n')}</pre>`;
}

/** Each cell as wide as any other, whatever font its sign comes from. */
function cells(text: string): string {
  return text.replace(/[^ -%'-;=-~]/gu, (sign) =>
    sign === '&' || sign === '<' ? `&#${sign.charCodeAt(0)};` : `<i>${sign}</i>`,
  );
}

/** One line with its SGR parameters as HTML. */
function line(text: string): string {
  let style: Record<string, string> = {};
  let shown = '';
  // biome-ignore lint/suspicious/noControlCharactersInRegex: those are looked for.
  for (const part of text.split(/(\u001B\[[\d;:]*m)/)) {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: those are looked for.
    const sgr = /^\u001B\[([\d;:]*)m$/.exec(part);
    if (sgr) style = styled(style, (sgr[1] || '0').split(/[;:]/).map(Number));
    else if (part) {
      const css = Object.entries(style).map(([name, value]) => `${name}:${value}`);
      shown += `<span style="${css.join(';')}">${cells(part)}</span>`;
    }
  }
  return shown;
}

function styled(before: Record<string, string>, codes: number[]): Record<string, string> {
  let style = { ...before };
  for (let i = 0; i < codes.length; i++) {
    const code = codes[i];
    if (code === 0) style = {};
    else if (code === 1) style['font-weight'] = 'bold';
    else if (code === 2) style.opacity = '0.6';
    else if (code === 4) style['text-decoration'] = 'underline';
    else if (code === 9) style['text-decoration'] = 'line-through';
    else if (code === 7) Object.assign(style, { background: '#d8dadf', color: '#16181d' });
    else if (code === 38 && codes[i + 1] === 2) {
      style.color = `rgb(${codes.slice(i + 2, i + 5).join(',')})`;
      i += 4;
    } else if (code === 39) delete style.color;
  }
  return style;
}
