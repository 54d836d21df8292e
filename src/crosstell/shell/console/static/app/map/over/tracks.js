/** What flies: symbols, trails, courses, what is doubted or old; thousands of them more plainly. */

import * as f from "../../format.js";
import { t, word } from "../../i18n.js";
import { left, store } from "../../store.js";
import * as geo from "../geo.js";
import { trackSymbol } from "../symbols.js";

const VECTOR_S = 120;
const MANY = 2000; // tracks beyond which labels, trails and true vectors are left out
const SMALL_FROM = 800;
const LABELS_MAX = 400;
const SIDE = { ours: "own", "not-ours": "other", "not-stated": "unknown" };
const LAYER = { ours: "ours", "not-ours": "others", "not-stated": "unknown" };

export function drawTracks(o, tracks) {
  const exercise = store.screen.header.reality === "exercise";
  const many = tracks.length > MANY;
  const margin = (many ? 20 : 60) + o.margin;
  const vectors = { ours: new Path2D(), "not-ours": new Path2D(), "not-stated": new Path2D() };
  const symbols = new Map(); // of this drawing: thousands of tracks have a dozen of them
  for (const one of tracks) {
    if (!one.position || !store.layers[LAYER[one.whose]]) continue;
    const [x, y] = o.at(one.position);
    if (!o.sees(x, y, margin)) continue;
    if (many && store.selected !== `track ${one.track}`) {
      const name = `${one.whose}/${one.kind}`;
      if (!symbols.has(name)) symbols.set(name, trackSymbol(one, exercise, o.c, 13));
      dot(o, one, [x, y], symbols.get(name), vectors[one.whose]);
    } else track(o, one, { x, y, exercise, count: tracks.length });
  }
  if (many) strokeVectors(o, vectors);
}

function strokeVectors({ g, c }, vectors) {
  g.globalAlpha = 1;
  g.lineWidth = 1;
  for (const [whose, path] of Object.entries(vectors)) {
    g.strokeStyle = c[SIDE[whose]];
    g.stroke(path);
  }
}

/** One of thousands: its symbol, and its course in the one path of its side. */
function dot(o, one, [x, y], made, vectors) {
  const { g } = o;
  const old = one.freshness !== "current";
  g.globalAlpha = old ? 0.5 : 1;
  g.drawImage(made.canvas, Math.round(x - made.x), Math.round(y - made.y), made.w, made.h);
  if (!old && one.track_deg != null) {
    const a = (one.track_deg * Math.PI) / 180;
    vectors.moveTo(x, y);
    vectors.lineTo(x + 14 * Math.sin(a), y - 14 * Math.cos(a));
  }
  o.hits.push({ key: `track ${one.track}`, x, y, r: 9 });
}

function track(o, one, { x, y, exercise, count }) {
  const { g, c } = o;
  const colour = c[SIDE[one.whose]];
  const old = one.freshness !== "current";
  const key = `track ${one.track}`;
  g.globalAlpha = old ? 0.55 : 1;
  if (store.layers.trails && count <= MANY) trail(o, one, colour);
  if (!old && one.track_deg != null && one.speed_mps) {
    g.strokeStyle = colour;
    g.lineWidth = 1.4;
    g.beginPath();
    g.moveTo(x, y);
    g.lineTo(...o.at(geo.destination(one.position, one.track_deg, one.speed_mps * VECTOR_S)));
    g.stroke();
  }
  const made = trackSymbol(one, exercise, c, count > SMALL_FROM ? 15 : 22);
  g.drawImage(made.canvas, Math.round(x - made.x), Math.round(y - made.y), made.w, made.h);
  const aside = exercise ? 9 : 0; // for the mark of it
  const doubted = old || one.untrusted_since;
  if (doubted) doubt(o, { x, y, aside }, one);
  g.globalAlpha = 1;
  o.taken.add([x - 13, y - 12, x + 13, y + 12]);
  o.hits.push({ key, x, y, r: 16 });
  if (store.selected === key) brackets(o, x, y);
  if (!store.layers.labels || (count > LABELS_MAX && store.selected !== key)) return;
  o.label(x + (doubted ? 30 : 22) + aside, y - 6, wordsOf(one, old), colour, { rank: store.selected === key ? 0 : 2 });
}

function wordsOf(one, old) {
  const level = one.altitude ? f.altitude({ altitude: one.altitude }) : t("ui.map.noaltitude");
  const climb = one.climb_mps == null ? "" : one.climb_mps > 1 ? " ↑" : one.climb_mps < -1 ? " ↓" : " →";
  const speed = one.speed_mps == null ? "" : ` ${f.knots(one.speed_mps)} kt`;
  const age = old ? [`${word(one.freshness)} \u2068${f.span(-left(one.seen_at))}\u2069`] : []; // figure and unit stay together
  const name = one.hints?.find((h) => h.kind === "call-sign")?.value ?? one.track;
  return [name, ...age, `${level}${climb}${speed}`];
}

function trail(o, one, colour) {
  const { g } = o;
  g.fillStyle = colour;
  const alpha = g.globalAlpha;
  const n = one.trail_lat_deg.length;
  for (let i = 0; i < n - 1; i += 1) {
    const [x, y] = o.at({ lat_deg: one.trail_lat_deg[i], lon_deg: one.trail_lon_deg[i] });
    g.globalAlpha = alpha * (0.2 + (0.6 * i) / n);
    g.fillRect(x - 1.2, y - 1.2, 2.4, 2.4);
  }
  g.globalAlpha = alpha;
}

function doubt({ g, c }, { x, y, aside }, one) {
  g.strokeStyle = one.untrusted_since ? c.urgent : c.text2;
  g.lineWidth = 1.6;
  g.setLineDash([3, 3]);
  g.beginPath();
  g.arc(x, y, 19, 0, 7);
  g.stroke();
  g.setLineDash([]);
  g.textAlign = "left";
  g.textBaseline = "alphabetic";
  g.fillStyle = g.strokeStyle;
  g.font = "600 13px 'IBM Plex Sans', sans-serif";
  g.fillText("?", x + 15 + aside, y - 13);
}

function brackets({ g, c }, x, y, r = 20) {
  g.strokeStyle = c.select;
  g.lineWidth = 2.4;
  g.beginPath();
  for (const [sx, sy] of [[-1, -1], [1, -1], [1, 1], [-1, 1]]) {
    g.moveTo(x + sx * r, y + sy * (r - 8));
    g.lineTo(x + sx * r, y + sy * r);
    g.lineTo(x + sx * (r - 8), y + sy * r);
  }
  g.stroke();
}
