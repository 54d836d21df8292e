/** What the officer draws: the place of a notice, and a range with its bearing. */

import * as f from "../../format.js";
import { t } from "../../i18n.js";
import { store } from "../../store.js";
import * as geo from "../geo.js";
import { trace } from "./notices.js";

export function drawDrawn(o) {
  const d = store.drawn;
  const settled = (store.panel?.places ?? []).filter(Boolean); // those of the open form, one after another
  if (!settled.length && !d?.outline && !d?.points.length) return;
  const { g, c } = o;
  g.strokeStyle = c.select;
  g.fillStyle = c.select;
  g.lineWidth = 2;
  g.setLineDash([5, 4]);
  g.beginPath();
  for (const one of settled) for (const ring of geo.rings(one)) trace(o, ring);
  if (d) drawGiven(o, d);
  g.stroke();
  g.setLineDash([]);
  for (const p of d?.points ?? []) {
    const [x, y] = o.at(p);
    g.fillRect(x - 3, y - 3, 6, 6);
  }
}

function drawGiven(o, d) {
  if (d.outline) for (const ring of geo.rings(d.outline)) trace(o, ring);
  else if ((d.shape === "circle" && d.radius_m) || (d.shape === "corridor" && d.points.length > 1)) trace(o, geo.rings(geo.figureOf(d))[0]);
  else trace(o, d.points, d.shape === "polygon" && d.points.length > 2);
}

/** Where the chosen call says that it is about: drawn while it is chosen, and no declared place. */
export function drawCallPlace(o, calls) {
  const chosen = calls.find((call) => `call ${call.party}/${call.call}` === store.selected);
  const place = chosen?.content.place;
  const middle = place && geo.middle(place);
  if (!middle) return;
  const { g, c } = o;
  g.save();
  g.strokeStyle = c.select;
  g.lineWidth = 2;
  g.setLineDash([2, 4]);
  g.beginPath();
  for (const ring of geo.rings(place)) trace(o, ring);
  g.stroke();
  g.restore();
  const [x, y] = o.at(middle);
  g.fillStyle = c.select;
  g.fillRect(x - 3, y - 3, 6, 6);
  o.label(x, y + 18, [t("ui.call.place", { id: chosen.call })], c.select, { centred: true, small: true, rank: 0 });
}

export function drawMeasured(o) {
  const m = store.measured;
  const to = m?.to ?? store.cursor;
  if (!m?.from || !to) return;
  const { g, c } = o;
  const [a, b] = [o.at(m.from), o.at(to)];
  const { m: metres, deg } = geo.rangeBearing(m.from, to);
  g.strokeStyle = c.select;
  g.lineWidth = 1.6;
  g.setLineDash([2, 3]);
  g.beginPath();
  g.moveTo(...a);
  g.lineTo(...b);
  g.stroke();
  g.setLineDash([]);
  const text = `${f.bearing(deg)}  ${f.length(metres)}  ${f.miles(metres)}`;
  g.font = "600 13px 'IBM Plex Mono', monospace";
  const wide = g.measureText(text).width + 14;
  const [x, y] = [Math.max(4, Math.min(b[0] + 12, o.w - wide - 4)), Math.max(60, Math.min(b[1], o.h - 100))];
  g.fillStyle = c.panel;
  g.fillRect(x, y - 12, wide, 24);
  g.lineWidth = 1.2;
  g.strokeStyle = c.select;
  g.strokeRect(x, y - 12, wide, 24);
  g.textAlign = "left";
  g.textBaseline = "middle";
  g.fillStyle = c.text;
  g.fillText(text, x + 7, y + 1);
}
