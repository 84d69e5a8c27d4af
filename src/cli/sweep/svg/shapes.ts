/** Rounds to what a drawing shows. */
export const round = (value: number) => Number(value.toFixed(1));

export const line = (x1: number, y1: number, x2: number, y2: number, colour: string) =>
  `<line x1="${round(x1)}" y1="${round(y1)}" x2="${round(x2)}" y2="${round(y2)}" stroke="${colour}"/>`;

export const circle = (cx: number, cy: number, r: number, look: string) =>
  `<circle cx="${round(cx)}" cy="${round(cy)}" r="${r}" ${look}/>`;

export const text = (x: number, y: number, content: string, look: string) =>
  `<text x="${round(x)}" y="${round(y)}" ${look}>${escaped(content)}</text>`;

/** A text as XML; what XML 1.0 cannot hold at all is replaced. */
export const escaped = (content: string) =>
  content
    .replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '\uFFFD')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
