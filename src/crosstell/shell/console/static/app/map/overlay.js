/**
 * Everything that moves or alarms, on one canvas over the base map: notices, trails, tracks,
 * predicted places, labels, the tools. Drawn whole, of one screen, at most ten times a second, and
 * with the base in the same frame when the view changes.
 */

import { store } from "../store.js";
import { drawGrid } from "./grid.js";
import { drawAlerts, drawPaths } from "./over/alerts.js";
import { drawLabels, forgetWidths } from "./over/labels.js";
import { drawArea, drawNotices } from "./over/notices.js";
import { Taken } from "./over/taken.js";
import { drawDrawn, drawMeasured } from "./over/tools.js";
import { drawTracks } from "./over/tracks.js";

export class Overlay {
  constructor(holder, base) {
    this.canvas = document.createElement("canvas");
    this.canvas.className = "overlay";
    this.canvas.setAttribute("aria-hidden", "true");
    holder.append(this.canvas);
    this.hits = [];
    this.labels = [];
    document.fonts.addEventListener("loadingdone", () => {
      forgetWidths();
      this.soon();
    });
    this.rebase(base);
  }

  rebase(base) {
    this.base = base;
    base.on("view", () => this.base === base && this.draw());
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

  /** Draws in so many ms, or in the next frame; whoever asks meanwhile gets the same drawing. */
  soon(ms = 100) {
    if (!ms) clearTimeout(this.timer);
    if (this.due && (ms || !this.timer)) return;
    this.due = true;
    const go = () => {
      this.timer = null;
      requestAnimationFrame(() => this.due && this.draw());
    };
    if (ms) this.timer = setTimeout(go, ms);
    else go();
  }

  at(p) {
    return this.base.project(p);
  }

  label(x, y, lines, colour, how) {
    this.labels.push({ x, y, lines, colour, rank: 2, ...how });
  }

  draw() {
    clearTimeout(this.timer);
    this.timer = null;
    this.due = false;
    if (!this.c || !this.w) return;
    const g = this.canvas.getContext("2d");
    this.g = g;
    g.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    g.clearRect(0, 0, this.w, this.h);
    g.direction = "ltr";
    // what is printed of a canvas beneath another is lost on the way to paper: it is drawn here then
    if (this.base.canvas && document.documentElement.classList.contains("printing")) g.drawImage(this.base.canvas, 0, 0, this.w, this.h);
    this.hits = [];
    this.labels = [];
    this.taken = this.covered();
    const s = store.screen;
    if (store.layers.grid) drawGrid(g, this.base, this.c, this.w, this.h);
    if (s) {
      drawArea(this, s.protocol.area);
      if (store.layers.notices) drawNotices(this, s.notices);
      drawPaths(this, s.alerts);
      drawTracks(this, s.tracks);
      drawAlerts(this, s.alerts);
    }
    this.names();
    drawLabels(this, this.labels);
    drawDrawn(this);
    drawMeasured(this);
  }

  /** What the page itself covers: no label and no box is put under it. */
  covered() {
    const found = new Taken();
    for (const box of [[0, 0, this.w, 44], [0, this.h - 84, 700, this.h], [this.w - 150, this.h - 44, this.w, this.h]]) found.add(box);
    this.free = [6, this.w - 6];
    const open = document.querySelector(".panel")?.getBoundingClientRect();
    if (!open) return found;
    const r = this.canvas.getBoundingClientRect();
    const [from, to] = [open.left - r.left, open.right - r.left];
    found.add([from, 0, to, this.h]);
    if (this.w - to > from) this.free[0] = to + 6;
    else this.free[1] = from - 6;
    return found;
  }

  /** Names of places, which give way to everything else. None where the base has its own. */
  names() {
    for (const p of this.base.places?.() ?? []) {
      this.label(p.x + 7, p.y, [p.name], this.c.place, { rank: 9, plain: true, dot: p });
    }
  }

  /** The key of what is drawn at a place of the page, the nearest first. */
  hit(x, y) {
    const found = this.hits.filter((h) => Math.hypot(h.x - x, h.y - y) <= h.r);
    found.sort((a, b) => Math.hypot(a.x - x, a.y - y) - Math.hypot(b.x - x, b.y - y));
    return found[0]?.key ?? null;
  }
}
