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
/** The twenty figures of a symbol. `exercise` marks it as played. */
export function sidc(whose, [set, entity], { exercise = false } = {}) {
  return `10${exercise ? "1" : "0"}${whose}${set}0000${entity}0000`;
}

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

const symbol = (code, size, colour) =>
  kept(`${code}/${size}/${colour}/${ratio()}`, () => {
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
    const still = new OffscreenCanvas(drawing.width, drawing.height);
    still.getContext("2d").drawImage(drawing, 0, 0);
    return { canvas: still.transferToImageBitmap(), x, y, w: drawing.width / ratio(), h: drawing.height / ratio() };
  });

const SIDE = { ours: "own", "not-ours": "other", "not-stated": "unknown" };

/** The symbol of a track, in the colours `c` of the dim level. */
export const trackSymbol = (track, exercise, c, size = 22) =>
  symbol(
    sidc(IDENTITY[track.whose], KINDS[track.kind] ?? ["01", "000000"], { exercise }),
    size,
    c[SIDE[track.whose]],
  );

/** The symbol at the middle of a notice. What a notifier notified is nobody's forces. */
export function noticeSymbol(kind, ours, exercise, c, size = 20) {
  if (!NOTICES[kind]) return null;
  const civil = kind.startsWith("notified");
  const code = sidc(ours && !civil ? "3" : "4", NOTICES[kind], { exercise });
  return symbol(code, size, civil ? c.civil : ours ? c.own : c.other);
}
