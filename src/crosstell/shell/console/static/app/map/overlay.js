/**
 * Everything that moves or alarms, on one canvas over the base map: notices, trails, tracks,
 * predicted places, labels, the tools. Drawn at most ten times a second, or when the view changes.
 */

import * as f from "../format.js";
import { t, word } from "../i18n.js";
import { find, left, offersOf, own, store, tagged } from "../store.js";
import * as geo from "./geo.js";
import { drawGrid } from "./grid.js";
import { noticeSymbol, trackSymbol } from "./symbols.js";

const VECTOR_S = 120;
const MANY = 2000; // tracks beyond which labels, trails and true vectors are left out
const LEVEL = { critical: "critical", urgent: "urgent", advisory: "notice" };
const SIDE = { ours: "own", "not-ours": "other", "not-stated": "unknown" };

const callBy = (alert) => {
  if (!alert.call_by.length) return "";
  return offersOf(alert).includes("stop") ? t("ui.map.past") : `${t("ui.map.callby")} ${f.zulu(alert.call_by[0].at)}`;
};

export class Overlay {
  constructor(holder, base) {
    this.canvas = document.createElement("canvas");
    this.canvas.className = "overlay";
    this.canvas.setAttribute("aria-hidden", "true");
    holder.append(this.canvas);
    this.hits = [];
    this.placed = [];
    this.rebase(base);
  }

  rebase(base) {
    this.base = base;
    base.on("view", () => this.base === base && this.soon(0));
  }

  setColours(c) {
    this.c = c;
    this.soon(0);
  }

  /** A canvas that gets another size is empty: it is drawn in the same frame, and never seen so. */
  resize() {
    const r = this.canvas.parentElement.getBoundingClientRect();
    this.ratio = Math.min(2, devicePixelRatio || 1);
    [this.w, this.h] = [r.width, r.height];
    this.canvas.width = Math.round(this.w * this.ratio);
    this.canvas.height = Math.round(this.h * this.ratio);
    this.draw();
  }

  soon(ms = 100) {
    if (this.due) return;
    this.due = true;
    const go = () => {
      this.due = false;
      this.draw();
    };
    if (ms) setTimeout(() => requestAnimationFrame(go), ms);
    else requestAnimationFrame(go);
  }

  at(p) {
    return this.base.project(p);
  }

  draw() {
    if (!this.c || !this.w) return;
    const g = this.canvas.getContext("2d");
    this.g = g;
    g.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    g.clearRect(0, 0, this.w, this.h);
    // what is printed of a canvas beneath another is lost on the way to paper: it is drawn here then
    if (this.base.canvas && document.documentElement.classList.contains("printing")) g.drawImage(this.base.canvas, 0, 0, this.w, this.h);
    this.hits = [];
    this.placed = this.taken();
    const s = store.screen;
    if (store.layers.grid) drawGrid(g, this.base, this.c, this.w, this.h);
    if (s) {
      this.area(s.protocol.area);
      if (store.layers.notices) for (const notice of s.notices) this.notice(notice);
      for (const alert of s.alerts) this.paths(alert);
      this.tracks(s.tracks);
      const alerts = this.atOnePlace(s.alerts);
      for (const [alert] of alerts) this.alert(alert);
      for (const [alert, more] of alerts) this.boxOf(alert, more);
    }
    this.names();
    this.labels();
    this.drawing();
    this.measure();
  }

  /** What the page itself covers: no label and no box is put under it. */
  taken() {
    const found = [[0, 0, this.w, 44], [0, this.h - 84, 700, this.h], [this.w - 150, this.h - 44, this.w, this.h]];
    const open = document.querySelector(".panel")?.getBoundingClientRect();
    const r = this.canvas.getBoundingClientRect();
    this.free = [6, this.w - 6];
    if (open) {
      const [from, to] = [open.left - r.left, open.right - r.left];
      found.push([from, 0, to, this.h]);
      if (this.w - to > from) this.free[0] = to + 6;
      else this.free[1] = from - 6;
    }
    return found;
  }

  /** Names of places, which give way to everything else. None where the base has its own. */
  names() {
    for (const p of this.base.places?.() ?? []) {
      this.label(p.x + 7, p.y, [p.name], this.c.place, { rank: 9, plain: true, dot: p });
    }
  }

  ring(points, close = true) {
    const { g } = this;
    points.forEach((p, i) => {
      const [x, y] = this.at(p);
      if (i) g.lineTo(x, y);
      else g.moveTo(x, y);
    });
    if (close) g.closePath();
  }

  area(shape) {
    const { g, c } = this;
    g.save();
    g.strokeStyle = c.text3;
    g.setLineDash([2, 6]);
    g.lineWidth = 1.2;
    for (const ring of geo.rings(shape)) {
      g.beginPath();
      this.ring(ring);
      g.stroke();
    }
    g.restore();
  }

  notice(n) {
    if (n.state === "withdrawn" || n.time === "expired") return;
    const [kind, content] = tagged(n.content);
    const volumes = content.volumes ?? (content.volume ? [content.volume] : []);
    const chosen = store.selected === `notice ${n.party}/${n.notice}`;
    for (const volume of volumes) this.volume(n, kind, volume, chosen);
  }

  volume(n, kind, volume, chosen) {
    const { g, c } = this;
    const style = kind === "zone" ? c.zone : ["notified_site", "notified_movement"].includes(kind) ? c.civil : n.party === own() ? c.own : c.other;
    const rings = geo.rings(volume.footprint);
    g.save();
    g.beginPath();
    for (const ring of rings) this.ring(ring);
    g.globalAlpha = n.time === "in-window" ? 0.16 : 0.05;
    g.fillStyle = style;
    g.fill("evenodd");
    if (n.time === "in-window") this.hatch(rings, style);
    g.globalAlpha = n.time === "in-window" ? 1 : 0.6;
    g.strokeStyle = style;
    g.lineWidth = chosen ? 3 : 1.8;
    g.setLineDash(n.time === "not-yet" ? [3, 5] : [9, 5]);
    g.stroke();
    g.restore();
    const middle = geo.middle(volume.footprint);
    if (!middle) return;
    const [x, y] = this.at(middle);
    const made = noticeSymbol(kind, n.party === own(), store.screen.header.reality === "exercise", c);
    if (made) {
      g.drawImage(made.canvas, Math.round(x - made.x), Math.round(y - made.y), made.w, made.h);
      this.placed.push([x - 15, y - 12, x + 15, y + 12]);
    }
    this.hits.push({ key: `notice ${n.party}/${n.notice}`, x, y, r: 18 });
    if (!store.layers.labels) return;
    const band = `${f.altitude(volume.lower) === "UNL" ? "SFC" : f.altitude(volume.lower)}–${f.altitude(volume.upper)}`;
    const when = f.window(volume.window.start, volume.window.end, { seconds: false });
    this.label(x, made ? y + 24 : y - 15, [`${n.notice} · ${n.party.toUpperCase()}`, band, when], style, { centred: true, small: true, rank: chosen ? 0 : 3 });
  }

  hatch(rings, colour) {
    const { g } = this;
    const points = rings.flat().map((p) => this.at(p));
    const xs = points.map((p) => p[0]);
    const ys = points.map((p) => p[1]);
    const [w, e] = [Math.max(-40, Math.min(...xs)), Math.min(this.w + 40, Math.max(...xs))];
    const [n, s] = [Math.max(-40, Math.min(...ys)), Math.min(this.h + 40, Math.max(...ys))];
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
    for (const ring of rings) this.ring(ring);
  }

  layerOf(track) {
    return { ours: "ours", "not-ours": "others", "not-stated": "unknown" }[track.whose];
  }

  tracks(tracks) {
    const exercise = store.screen.header.reality === "exercise";
    if (tracks.length > MANY) return this.crowd(tracks, exercise);
    for (const track of tracks) {
      if (!track.position || !store.layers[this.layerOf(track)]) continue;
      const [x, y] = this.at(track.position);
      if (x < -60 || y < -60 || x > this.w + 60 || y > this.h + 60) continue;
      this.track(track, x, y, exercise, tracks.length);
    }
    return undefined;
  }

  /** Thousands of tracks: symbols and one path of vectors for each side; labels for the chosen one. */
  crowd(tracks, exercise) {
    const { g, c } = this;
    const vectors = { ours: new Path2D(), "not-ours": new Path2D(), "not-stated": new Path2D() };
    for (const track of tracks) {
      if (!track.position || !store.layers[this.layerOf(track)]) continue;
      const [x, y] = this.at(track.position);
      if (x < -20 || y < -20 || x > this.w + 20 || y > this.h + 20) continue;
      const key = `track ${track.track}`;
      if (store.selected === key) this.track(track, x, y, exercise, tracks.length);
      else {
        const old = track.freshness !== "current";
        g.globalAlpha = old ? 0.5 : 1;
        const made = trackSymbol(track, exercise, c, 13);
        g.drawImage(made.canvas, Math.round(x - made.x), Math.round(y - made.y), made.w, made.h);
        if (!old && track.track_deg != null) {
          const a = (track.track_deg * Math.PI) / 180;
          vectors[track.whose].moveTo(x, y);
          vectors[track.whose].lineTo(x + 14 * Math.sin(a), y - 14 * Math.cos(a));
        }
        this.hits.push({ key, x, y, r: 9 });
      }
    }
    g.globalAlpha = 1;
    g.lineWidth = 1;
    for (const [whose, path] of Object.entries(vectors)) {
      g.strokeStyle = c[SIDE[whose]];
      g.stroke(path);
    }
  }

  track(track, x, y, exercise, count) {
    const { g, c } = this;
    const colour = c[SIDE[track.whose]];
    const old = track.freshness !== "current";
    g.save();
    if (old) g.globalAlpha = 0.55;
    if (store.layers.trails && count < 2000) this.trail(track, colour);
    if (!old && track.track_deg != null && track.speed_mps) {
      const end = this.at(geo.destination(track.position, track.track_deg, track.speed_mps * VECTOR_S));
      g.strokeStyle = colour;
      g.lineWidth = 1.4;
      g.beginPath();
      g.moveTo(x, y);
      g.lineTo(...end);
      g.stroke();
    }
    const made = trackSymbol(track, exercise, c, count > 800 ? 15 : 22);
    g.drawImage(made.canvas, Math.round(x - made.x), Math.round(y - made.y), made.w, made.h);
    if (old || track.untrusted_since) this.doubt(x, y, track);
    g.restore();
    this.placed.push([x - 13, y - 12, x + 13, y + 12]);
    const key = `track ${track.track}`;
    this.hits.push({ key, x, y, r: 16 });
    if (store.selected === key) this.brackets(x, y);
    if (!store.layers.labels || (count > 400 && store.selected !== key)) return;
    const level = track.altitude ? f.altitude({ altitude: track.altitude }) : t("ui.map.noaltitude");
    const climb = track.climb_mps == null ? "" : track.climb_mps > 1 ? " ↑" : track.climb_mps < -1 ? " ↓" : " →";
    const speed = track.speed_mps == null ? "" : ` ${f.knots(track.speed_mps)} kt`;
    const age = old ? [`${word(track.freshness)} ${f.span(-left(track.seen_at))}`] : [];
    const name = track.hints?.find((h) => h.kind === "call-sign")?.value ?? track.track;
    this.label(x + 20, y - 6, [name, ...age, `${level}${climb}${speed}`], colour, { rank: store.selected === key ? 0 : 2 });
  }

  trail(track, colour) {
    const { g } = this;
    g.fillStyle = colour;
    const n = track.trail_lat_deg.length;
    for (let i = 0; i < n - 1; i += 1) {
      const [x, y] = this.at({ lat_deg: track.trail_lat_deg[i], lon_deg: track.trail_lon_deg[i] });
      const alpha = g.globalAlpha;
      g.globalAlpha = alpha * (0.2 + (0.6 * i) / n);
      g.fillRect(x - 1.2, y - 1.2, 2.4, 2.4);
      g.globalAlpha = alpha;
    }
  }

  doubt(x, y, track) {
    const { g, c } = this;
    g.strokeStyle = track.untrusted_since ? c.urgent : c.text2;
    g.lineWidth = 1.6;
    g.setLineDash([3, 3]);
    g.beginPath();
    g.arc(x, y, 19, 0, 7);
    g.stroke();
    g.setLineDash([]);
    g.fillStyle = g.strokeStyle;
    g.font = "600 13px 'IBM Plex Sans', sans-serif";
    g.fillText("?", x + 15, y - 13);
  }

  brackets(x, y, r = 20) {
    const { g, c } = this;
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

  /** The course to the predicted place, dashed, with a tick for each minute. */
  paths(alert) {
    if (alert.words === "cleared") return;
    const { g, c } = this;
    for (const place of alert.places) {
      const track = find.track(place.track);
      if (!track?.position) continue;
      const { m, deg } = geo.rangeBearing(track.position, place.position);
      const seconds = left(place.at);
      g.strokeStyle = c[LEVEL[alert.level]];
      g.lineWidth = 1.6;
      g.setLineDash([6, 5]);
      g.beginPath();
      g.moveTo(...this.at(track.position));
      g.lineTo(...this.at(place.position));
      g.stroke();
      g.setLineDash([]);
      for (let min = 1; min * 60 < seconds && min <= 30; min += 1) {
        const p = geo.destination(track.position, deg, (m * min * 60) / seconds);
        const [x, y] = this.at(p);
        g.beginPath();
        const [dx, dy] = [Math.cos((deg * Math.PI) / 180) * 5, Math.sin((deg * Math.PI) / 180) * 5];
        g.moveTo(x - dx, y - dy);
        g.lineTo(x + dx, y + dy);
        g.stroke();
      }
    }
  }

  spot(alert) {
    if (alert.places.length) return alert.places[0].position;
    const [, about] = tagged(alert.about);
    const name = about.track ?? about.first;
    if (typeof name === "string") return find.track(name)?.position ?? null;
    const of = about.notice ?? about.first;
    const notice = of && find.notice(of.party, of.notice);
    const content = notice && tagged(notice.content)[1];
    const volume = content?.volume ?? content?.volumes?.[0];
    return volume ? geo.middle(volume.footprint) : null;
  }

  /** Alerts by the place where they are drawn: the chosen or most urgent of each, and how many more. */
  atOnePlace(alerts) {
    const places = new Map();
    for (const alert of alerts) {
      const p = alert.words === "cleared" ? null : this.spot(alert);
      if (!p) continue;
      const [x, y] = this.at(p);
      const near = [...places.values()].find((one) => Math.hypot(one.x - x, one.y - y) < 12);
      if (!near) places.set(alert.alert, { x, y, alerts: [alert] });
      else if (store.selected === `alert ${alert.alert}`) near.alerts.unshift(alert);
      else near.alerts.push(alert);
    }
    return [...places.values()].map((one) => [one.alerts[0], one.alerts.length - 1]);
  }

  /** The box of an alert that is urgent, critical or chosen, if its mark is on the map. */
  boxOf(alert, more) {
    if (alert.level === "advisory" && store.selected !== `alert ${alert.alert}`) return;
    const p = this.spot(alert);
    const [x, y] = this.at(p);
    if (x < -80 || y < -80 || x > this.w + 80 || y > this.h + 80) return;
    this.box(alert, x, y, this.c[LEVEL[alert.level]], more);
  }

  alert(alert) {
    const p = this.spot(alert);
    if (!p) return;
    const { g, c } = this;
    const [x, y] = this.at(p);
    if (x < -80 || y < -80 || x > this.w + 80 || y > this.h + 80) return;
    const colour = c[LEVEL[alert.level]];
    const key = `alert ${alert.alert}`;
    g.save();
    g.strokeStyle = colour;
    g.fillStyle = colour;
    g.lineWidth = alert.attention === "ringing" ? 3 : 1.6;
    if (alert.words === "last-known") g.setLineDash([4, 4]);
    g.globalAlpha = 0.15;
    g.beginPath();
    g.arc(x, y, 24, 0, 7);
    g.fill();
    g.globalAlpha = 1;
    g.stroke();
    g.setLineDash([]);
    const on = alert.places.length ? [x, y] : [x, y - 25]; // a track's own symbol is not covered
    this.mark(alert.level, ...on, 8);
    g.restore();
    this.placed.push([x - 25, y - 25, x + 25, y + 25]);
    this.hits.push({ key, x, y, r: 24 });
  }

  mark(level, x, y, r) {
    const { g } = this;
    g.beginPath();
    if (level === "critical") {
      g.moveTo(x, y - r);
      g.lineTo(x + r, y);
      g.lineTo(x, y + r);
      g.lineTo(x - r, y);
    } else if (level === "urgent") {
      g.moveTo(x, y - r);
      g.lineTo(x + r, y + r * 0.8);
      g.lineTo(x - r, y + r * 0.8);
    } else g.arc(x, y, r * 0.7, 0, 7);
    g.closePath();
    g.fill();
  }

  /** What stands in the box of an alert; of what only cannot be ruled out, from when it could be. */
  boxLines(alert, more) {
    const sure = alert.assessed === "infringes";
    const at = sure ? alert.nominal_at ?? alert.infringement_at : alert.infringement_at;
    const seconds = left(at);
    const head = `${word(alert.level).toLocaleUpperCase(document.documentElement.lang)} · ${word(alert.assessed)}`;
    const span = f.countdown(seconds);
    const when = sure
      ? `${f.length(Math.max(0, alert.nearest_m ?? alert.distance_m))}  ${seconds > 0 ? t("ui.map.in", { span }) : t("ui.map.now")}`
      : seconds > 0 ? t("ui.map.from", { at: f.zulu(at), span }) : t("ui.map.since", { at: f.zulu(at) });
    return [head, when, callBy(alert) + (more ? `  +${more}` : "")];
  }

  box(alert, x, y, colour, more) {
    const { g, c } = this;
    const lines = this.boxLines(alert, more);
    const fonts = lines.map((_, i) => `${i === 1 ? "600 14px" : "600 12px"} 'IBM Plex Mono', 'IBM Plex Sans Arabic', monospace`);
    let wide = 0;
    lines.forEach((text, i) => {
      g.font = fonts[i];
      wide = Math.max(wide, g.measureText(text).width + 18);
    });
    const high = 58;
    const [bx, by] = this.place(x, y, wide, high);
    this.placed.push([bx, by, bx + wide, by + high]);
    g.strokeStyle = colour;
    g.lineWidth = 1.4;
    g.beginPath();
    g.moveTo(x + Math.sign(bx - x) * 17, y + Math.sign(by - y) * 17);
    g.lineTo(Math.min(Math.max(x, bx), bx + wide), Math.min(Math.max(y, by), by + high));
    g.stroke();
    g.fillStyle = c.panel;
    g.globalAlpha = 0.93;
    g.fillRect(bx, by, wide, high);
    g.globalAlpha = 1;
    g.strokeRect(bx, by, wide, high);
    g.textBaseline = "middle";
    g.textAlign = "left";
    lines.forEach((text, i) => {
      g.fillStyle = i === 0 ? colour : c.text;
      g.font = fonts[i];
      g.fillText(text, bx + 9, by + 12 + i * 17.5);
    });
  }

  /** Where a box stands: at the first free place near its mark, whole within the map in any case. */
  place(x, y, wide, high) {
    const inside = ([bx, by]) => [Math.max(this.free[0], Math.min(bx, this.free[1] - wide)), Math.max(48, Math.min(by, this.h - high - 6))];
    const spots = [46, 92, 150].flatMap((d) => [[x - wide - 46, y - high - d + 28], [x + 46, y - high - d + 28], [x - wide - 46, y + d - 18], [x + 46, y + d - 18], [x - wide / 2, y - high - d + 10], [x - wide / 2, y + d - 10]]).map(inside);
    const mark = [x - 26, y - 26, x + 26, y + 26];
    const clear = ([bx, by]) => !(bx < mark[2] && bx + wide > mark[0] && by < mark[3] && by + high > mark[1]);
    const free = (at) => clear(at) && this.isFree([at[0], at[1], at[0] + wide, at[1] + high]);
    const shared = ([bx, by]) => this.placed.reduce((sum, o) => sum + Math.max(0, Math.min(bx + wide, o[2]) - Math.max(bx, o[0])) * Math.max(0, Math.min(by + high, o[3]) - Math.max(by, o[1])), 0);
    return spots.find(free) ?? spots.sort((a, b) => shared(a) - shared(b))[0];
  }

  label(x, y, lines, colour, { centred = false, small = false, plain = false, dot = null, rank = 2 } = {}) {
    this.waiting ??= [];
    this.waiting.push({ x, y, lines, colour, centred, small, plain, dot, rank });
  }

  isFree([w, n, e, s]) {
    return !this.placed.some((o) => w < o[2] && e > o[0] && n < o[3] && s > o[1]);
  }

  /** Labels, the chosen one first; each is pushed to a free place, or left out where there is none. */
  labels() {
    const { g } = this;
    const waiting = (this.waiting ?? []).sort((a, b) => a.rank - b.rank);
    this.waiting = [];
    g.textBaseline = "middle";
    g.lineJoin = "round";
    for (const one of waiting) {
      const fonts = one.lines.map((_, i) => (i ? `12px 'IBM Plex Mono', monospace` : one.plain ? "12px 'IBM Plex Sans', sans-serif" : `600 ${one.small ? 12 : 13}px 'IBM Plex Sans', sans-serif`));
      let wide = 0;
      one.lines.forEach((text, i) => {
        g.font = fonts[i];
        wide = Math.max(wide, g.measureText(text).width);
      });
      const high = one.lines.length * 15;
      const x0 = one.centred ? one.x - wide / 2 : one.x;
      const tries = one.centred ? [[0, 0], [0, 20], [0, -high], [0, 44]] : one.plain ? [[0, 0], [-wide - 14, 0]] : [[0, 0], [0, 20], [0, -22], [-wide - 42, 0], [8, 36], [-wide - 42, 24], [-wide - 42, -22], [8, -40]];
      const box = ([dx, dy]) => [x0 + dx - 2, one.y + dy - 9, x0 + dx + wide + 2, one.y + dy + high - 6];
      const spot = tries.find((by) => this.isFree(box(by)));
      if (!spot && one.rank > 0) continue;
      const [dx, dy] = spot ?? [0, 0];
      this.placed.push(box([dx, dy]));
      this.text(one, x0 + dx, one.y + dy, fonts, wide);
    }
    g.textAlign = "left";
  }

  text(one, x, y, fonts, wide) {
    const { g, c } = this;
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

  drawing() {
    const d = store.drawn;
    if (!d?.points?.length) return;
    const { g, c } = this;
    g.strokeStyle = c.select;
    g.fillStyle = c.select;
    g.lineWidth = 2;
    g.setLineDash([5, 4]);
    g.beginPath();
    if (d.shape === "circle" && d.radius_m) this.ring(geo.rings({ circle: { centre: d.points[0], radius_m: d.radius_m } })[0]);
    else if (d.shape === "corridor" && d.points.length > 1) this.ring(geo.rings({ corridor: { points: d.points, half_width_m: d.half_width_m || 1000 } })[0]);
    else this.ring(d.points, d.shape === "polygon" && d.points.length > 2);
    g.stroke();
    g.setLineDash([]);
    for (const p of d.points) {
      const [x, y] = this.at(p);
      g.fillRect(x - 3, y - 3, 6, 6);
    }
  }

  measure() {
    const m = store.measured;
    if (!m?.from) return;
    const { g, c } = this;
    const to = m.to ?? store.cursor;
    if (!to) return;
    const [a, b] = [this.at(m.from), this.at(to)];
    const { m: metres, deg } = geo.rangeBearing(m.from, to);
    g.strokeStyle = c.select;
    g.lineWidth = 1.6;
    g.setLineDash([2, 3]);
    g.beginPath();
    g.moveTo(...a);
    g.lineTo(...b);
    g.stroke();
    g.setLineDash([]);
    const text = `${f.bearing(deg)}  ${f.length(metres)}  ${(metres / 1852).toFixed(1)} NM`;
    g.font = "600 13px 'IBM Plex Mono', monospace";
    const wide = g.measureText(text).width + 14;
    const [x, y] = [Math.max(4, Math.min(b[0] + 12, this.w - wide - 4)), Math.max(60, Math.min(b[1], this.h - 100))];
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

  /** The key of what is drawn at a place of the page, the newest first. */
  hit(x, y) {
    const found = this.hits.filter((h) => Math.hypot(h.x - x, h.y - y) <= h.r);
    found.sort((a, b) => Math.hypot(a.x - x, a.y - y) - Math.hypot(b.x - x, b.y - y));
    return found[0]?.key ?? null;
  }
}
