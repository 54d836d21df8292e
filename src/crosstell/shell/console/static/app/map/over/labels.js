/** The words beside what is drawn: the chosen first, each at a free place, or left out where there is none. */

const KEPT_MAX = 4000; // measured texts, before they are measured anew
const widths = new Map();

/** How wide a text is; measured once for each font and text, since a page says the same for hours. */
export function widthOf(g, font, text) {
  const key = `${font}/${text}`;
  let wide = widths.get(key);
  if (wide === undefined) {
    if (widths.size >= KEPT_MAX) widths.clear();
    g.font = font;
    wide = g.measureText(text).width;
    widths.set(key, wide);
  }
  return wide;
}

/** What was measured before its font had come is measured again. */
export const forgetWidths = () => widths.clear();

const fontOf = (one, i) => {
  if (i) return "12px 'IBM Plex Mono', monospace";
  return one.plain ? "12px 'IBM Plex Sans', sans-serif" : `600 ${one.small ? 12 : 13}px 'IBM Plex Sans', sans-serif`;
};

function triesOf(one, wide, high) {
  if (one.centred) return [[0, 0], [0, 20], [0, -high], [0, 44]];
  if (one.plain) return [[0, 0], [-wide - 14, 0]];
  return [[0, 0], [0, 20], [0, -22], [-wide - 42, 0], [8, 36], [-wide - 42, 24], [-wide - 42, -22], [8, -40]];
}

/**
 * @param {object} o the overlay
 * @param {{x: number, y: number, lines: string[], colour: string, rank: number}[]} labels
 */
export function drawLabels(o, labels) {
  const { g } = o;
  labels.sort((a, b) => a.rank - b.rank);
  g.textBaseline = "middle";
  g.lineJoin = "round";
  for (const one of labels) {
    const fonts = one.lines.map((_, i) => fontOf(one, i));
    const wide = Math.max(...one.lines.map((text, i) => widthOf(g, fonts[i], text)));
    const high = one.lines.length * 15;
    const x0 = one.centred ? one.x - wide / 2 : one.x;
    const box = ([dx, dy]) => [x0 + dx - 2, one.y + dy - 9, x0 + dx + wide + 2, one.y + dy + high - 6];
    const spot = triesOf(one, wide, high).find((by) => o.taken.isFree(box(by)));
    if (!spot && one.rank > 0) continue;
    const [dx, dy] = spot ?? [0, 0];
    o.taken.add(box([dx, dy]));
    write(o, one, x0 + dx, one.y + dy, fonts, wide);
  }
  g.textAlign = "left";
}

function write({ g, c }, one, x, y, fonts, wide) {
  if (one.dot) {
    g.strokeStyle = one.colour;
    g.lineWidth = 1.3;
    g.beginPath();
    g.arc(one.dot.x, one.dot.y, 2.6, 0, 7);
    g.stroke();
  }
  g.textAlign = one.centred ? "center" : "left";
  const at = one.centred ? x + wide / 2 : x;
  one.lines.forEach((text, i) => {
    g.font = fonts[i];
    g.lineWidth = 3.2;
    g.strokeStyle = c.halo;
    g.strokeText(text, at, y + i * 15);
    g.fillStyle = i ? c.text : one.colour;
    g.fillText(text, at, y + i * 15);
  });
}
