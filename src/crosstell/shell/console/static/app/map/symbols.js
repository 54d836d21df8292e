/**
 * Military symbols (APP-6D / MIL-STD-2525E, numbers only). Whose an object is comes from what was
 * stated: ours is friend, stated not ours is neutral, nothing stated is unknown. Hostile is not
 * among them, and nothing here could draw it.
 */

import ms from "../../vendor/milsymbol.mjs";

const IDENTITY = { ours: "3", "not-ours": "4", "not-stated": "1" };
const KINDS = {
  aeroplane: ["01", "110100"],
  rotorcraft: ["01", "110200"],
  "small-drone": ["01", "110300"],
  ship: ["30", "140000"],
  vehicle: ["15", "140000"],
};
const NOTICES = {
  own_force_location: ["10", "000000"],
  notified_site: ["20", "000000"],
  notified_movement: ["11", "000000"],
  avoidance_request: ["20", "000000"],
};
/** The twenty figures of a symbol. The mark of an exercise is not among them: it is drawn here. */
const sidc = (whose, [set, entity]) => `100${whose}${set}0000${entity}0000`;

const drawn = new Map();
const KEPT_MAX = 400; // drawn pictures, before they are drawn anew
const ratio = () => Math.min(2, globalThis.devicePixelRatio || 1);

function kept(key, make) {
  if (!drawn.has(key)) {
    if (drawn.size >= KEPT_MAX) drawn.clear();
    drawn.set(key, make());
  }
  return drawn.get(key);
}

/** A picture of that size, drawn once by `draw` and from then on only copied: a third of the cost. */
export const stamp = (name, size, draw) =>
  kept(`${name}/${size}/${ratio()}`, () => {
    const made = new OffscreenCanvas(size * ratio(), size * ratio());
    const g = made.getContext("2d");
    g.scale(ratio(), ratio());
    draw(g);
    return made.transferToImageBitmap();
  });

const letter = (size) => Math.max(8, Math.ceil(size / 2)); // pixels of the mark

/** The X of an exercise, as words are drawn: the library has it in black, which a dark map hides. */
function cross(g, c, right, size) {
  g.scale(ratio(), ratio());
  g.font = `700 ${letter(size)}px 'IBM Plex Sans', sans-serif`;
  g.textBaseline = "top";
  g.lineJoin = "round";
  g.lineWidth = 3;
  g.strokeStyle = c.halo;
  g.strokeText("X", right + 1, 1);
  g.fillStyle = c.text;
  g.fillText("X", right + 1, 1);
}

/** @param {object} c the colours of the dim level, for the mark; null where nothing is played */
const symbol = (code, size, colour, c) =>
  kept(`${code}/${size}/${colour}/${c ? c.text : ""}/${ratio()}`, () => {
    const made = new ms.Symbol(code, {
      size,
      fill: true,
      fillOpacity: 0.92,
      fillColor: colour,
      strokeWidth: 5,
      outlineWidth: 5,
      outlineColor: "rgba(6,12,18,0.85)",
      infoFields: false,
    });
    const { x, y } = made.getAnchor();
    const drawing = made.asCanvas(ratio()); // at the size at which it is drawn: scaling costs most
    const wide = drawing.width / ratio();
    const aside = c ? letter(size) : 0;
    const still = new OffscreenCanvas(drawing.width + aside * ratio(), drawing.height);
    const g = still.getContext("2d");
    g.drawImage(drawing, 0, 0);
    if (c) cross(g, c, wide - size * 0.2, size);
    return { canvas: still.transferToImageBitmap(), x, y, w: wide + aside, h: drawing.height / ratio() };
  });

const SIDE = { ours: "own", "not-ours": "other", "not-stated": "unknown" };

/** The code of a track's symbol; what the page does not know is unknown. */
export const trackCode = (track) => sidc(IDENTITY[track.whose] ?? "1", KINDS[track.kind] ?? ["01", "000000"]);

/** The code at the middle of a notice, or null. What a notifier notified is nobody's forces. */
export const noticeCode = (kind, ours) =>
  NOTICES[kind] ? sidc(ours && !isCivil(kind) ? "3" : "4", NOTICES[kind]) : null;

const isCivil = (kind) => kind.startsWith("notified");

/** The symbol of a track, in the colours `c` of the dim level. */
export const trackSymbol = (track, exercise, c, size = 22) =>
  symbol(
    trackCode(track),
    size,
    c[SIDE[track.whose] ?? "unknown"],
    exercise ? c : null,
  );

/** The symbol at the middle of a notice. */
export function noticeSymbol(kind, ours, exercise, c, size = 20) {
  const code = noticeCode(kind, ours);
  return code && symbol(code, size, isCivil(kind) ? c.civil : ours ? c.own : c.other, exercise ? c : null);
}
