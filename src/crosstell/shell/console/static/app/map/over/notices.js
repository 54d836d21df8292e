/** What was declared: the area of the protocol, and every notice with its window and its heights. */

import * as f from "../../format.js";
import { t } from "../../i18n.js";
import { own, store, tagged } from "../../store.js";
import * as geo from "../geo.js";
import { noticeSymbol } from "../symbols.js";

/** A ring as the path that is drawn next. */
export function trace(o, points, close = true) {
  const { g } = o;
  points.forEach((p, i) => {
    const [x, y] = o.at(p);
    if (i) g.lineTo(x, y);
    else g.moveTo(x, y);
  });
  if (close) g.closePath();
}

export function drawArea(o, shape) {
  const { g, c } = o;
  g.save();
  g.strokeStyle = c.text3;
  g.setLineDash([2, 6]);
  g.lineWidth = 1.2;
  for (const ring of geo.rings(shape)) {
    g.beginPath();
    trace(o, ring);
    g.stroke();
  }
  g.restore();
}

export function drawNotices(o, notices) {
  for (const n of notices) {
    if (n.state === "withdrawn" || n.time === "expired") continue;
    const [kind, content] = tagged(n.content);
    const volumes = content.volumes ?? (content.volume ? [content.volume] : []);
    for (const one of volumes) volume(o, n, kind, one);
  }
}

/** Where notices of a former feed were: an outline of dots, a mark of doubt, and in words that none stands. */
export function drawFormer(o, former) {
  const { g, c } = o;
  for (const n of former) {
    if (!n.content) continue;
    const [, content] = tagged(n.content);
    const key = `former-feed ${n.feed}`;
    const chosen = store.selected === key;
    for (const one of content.volumes ?? (content.volume ? [content.volume] : [])) {
      g.save();
      g.strokeStyle = c.text3;
      g.lineWidth = chosen ? 3 : 2;
      g.lineCap = "round";
      g.setLineDash([0.5, 6]);
      g.beginPath();
      for (const ring of geo.rings(one.footprint)) trace(o, ring);
      g.stroke();
      g.restore();
      const middle = geo.middle(one.footprint);
      if (!middle) continue;
      const [x, y] = o.at(middle);
      o.hits.push({ key, x, y, r: 18 });
      o.label(x, y, [`? ${n.notice} · ${n.party.toUpperCase()}`, t("ui.former.mark"), f.window(one.window.start, one.window.end, { seconds: false })], c.text3, { centred: true, small: true, rank: chosen ? 0 : 4 });
    }
  }
}

function colourOf(c, n, kind) {
  if (kind === "zone") return c.zone;
  if (kind === "notified_site" || kind === "notified_movement") return c.civil;
  return n.party === own() ? c.own : c.other;
}

function volume(o, n, kind, one) {
  const { g, c } = o;
  const chosen = store.selected === `notice ${n.party}/${n.notice}`;
  const colour = colourOf(c, n, kind);
  const rings = geo.rings(one.footprint);
  const inWindow = n.time === "in-window";
  g.save();
  g.beginPath();
  for (const ring of rings) trace(o, ring);
  g.globalAlpha = inWindow ? 0.16 : 0.05;
  g.fillStyle = colour;
  g.fill("evenodd");
  if (inWindow) hatch(o, rings, colour);
  g.globalAlpha = inWindow ? 1 : 0.6;
  g.strokeStyle = colour;
  g.lineWidth = chosen ? 3 : 1.8;
  g.setLineDash(n.time === "not-yet" ? [3, 5] : [9, 5]);
  g.stroke();
  g.restore();
  const middle = geo.middle(one.footprint);
  if (!middle) return;
  const [x, y] = o.at(middle);
  const made = noticeSymbol(kind, n.party === own(), store.screen.header.reality === "exercise", c);
  if (made) {
    g.drawImage(made.canvas, Math.round(x - made.x), Math.round(y - made.y), made.w, made.h);
    o.taken.add([x - 15, y - 12, x + 15, y + 12]);
  }
  o.hits.push({ key: `notice ${n.party}/${n.notice}`, x, y, r: 18 });
  if (!store.layers.labels) return;
  const band = `${f.altitude(one.lower) === "UNL" ? "SFC" : f.altitude(one.lower)}–${f.altitude(one.upper)}`;
  const when = f.window(one.window.start, one.window.end, { seconds: false });
  o.label(x, made ? y + 24 : y - 15, [`${n.notice} · ${n.party.toUpperCase()}`, band, when], colour, { centred: true, small: true, rank: chosen ? 0 : 3 });
}

/** Slanted lines within the rings, whose path is drawn again for its edge. */
function hatch(o, rings, colour) {
  const { g } = o;
  const points = rings.flat().map((p) => o.at(p));
  const xs = points.map((p) => p[0]);
  const ys = points.map((p) => p[1]);
  const past = o.margin + 40;
  const [w, e] = [Math.max(-past, Math.min(...xs)), Math.min(o.w + past, Math.max(...xs))];
  const [n, s] = [Math.max(-past, Math.min(...ys)), Math.min(o.h + past, Math.max(...ys))];
  if (e <= w || s <= n) return;
  g.save();
  g.clip("evenodd");
  g.globalAlpha = 0.4;
  g.strokeStyle = colour;
  g.lineWidth = 1;
  g.beginPath();
  for (let x = w - (s - n); x < e; x += 12) {
    g.moveTo(x, s);
    g.lineTo(x + (s - n), n);
  }
  g.stroke();
  g.restore();
  g.beginPath();
  for (const ring of rings) trace(o, ring);
}
