/**
 * Everything that moves or alarms, on one canvas over the base map: notices, trails, tracks,
 * predicted places, labels, the tools. Drawn whole, of one screen, at most ten times a second. When
 * the view changes, what was drawn is moved with the base in the same frame, and drawn anew within a
 * tenth of a second, or at once where its margin does not cover the view.
 */

import { rendering, store } from "../store.js";
import { drawGrid } from "./grid.js";
import { drawAlerts, drawPaths } from "./over/alerts.js";
import { drawLabels, forgetWidths } from "./over/labels.js";
import { drawArea, drawFormer, drawNotices } from "./over/notices.js";
import { Taken } from "./over/taken.js";
import { drawCallPlace, drawDrawn, drawMeasured } from "./over/tools.js";
import { drawTracks } from "./over/tracks.js";
import { shift } from "./shift.js";

const MARGIN = 96; // drawn about the view, so that what comes into it while it moves is there
const WAITS_MAX = 1; // frames that are left to the page; more would hide what is new where they are slow
const LARGER_MAX = 2; // a picture is not stretched further than that
const STILL = { s: 1, x: 0, y: 0 };

export class Overlay {
  constructor(holder, base) {
    this.canvas = document.createElement("canvas");
    this.canvas.className = "overlay";
    this.canvas.setAttribute("aria-hidden", "true");
    holder.append(this.canvas);
    this.hits = [];
    this.labels = [];
    this.moved = STILL;
    document.fonts.addEventListener("loadingdone", () => {
      forgetWidths();
      this.soon();
    });
    this.rebase(base);
  }

  rebase(base) {
    this.base = base;
    base.on("view", () => this.base === base && this.move());
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
    this.margin = this.printing ? 0 : MARGIN;
    const [w, h] = [this.w + 2 * this.margin, this.h + 2 * this.margin];
    this.canvas.width = Math.round(w * this.ratio);
    this.canvas.height = Math.round(h * this.ratio);
    const place = { inset: "auto", left: `${-this.margin}px`, top: `${-this.margin}px`, inlineSize: `${w}px`, blockSize: `${h}px`, transformOrigin: `${this.margin}px ${this.margin}px` };
    Object.assign(this.canvas.style, place);
    this.draw();
  }

  /** Draws in so many ms, or in the next frame; whoever asks meanwhile gets the same drawing. */
  soon(ms = 100) {
    if (!ms) clearTimeout(this.timer);
    if (this.due && (ms || !this.timer)) return;
    this.due = true;
    const go = () => {
      this.timer = null;
      requestAnimationFrame(() => this.inFrame(0));
    };
    if (ms) this.timer = setTimeout(go, ms);
    else go();
  }

  /** Page and overlay in one frame are longer than a frame: the overlay gives way once. */
  inFrame(waited) {
    if (!this.due) return;
    if (waited < WAITS_MAX && rendering()) requestAnimationFrame(() => this.inFrame(waited + 1));
    else this.draw();
  }

  get printing() {
    return document.documentElement.classList.contains("printing");
  }

  /** Puts what was drawn where it belongs in the view of now. */
  move() {
    if (!this.from) return this.draw();
    const to = shift(this.from, this.base.camera, this.w, this.h);
    const covers = (at, size) => at <= to.s * this.margin && at + to.s * (size + this.margin) >= size;
    if (to.s > LARGER_MAX || !covers(to.x, this.w) || !covers(to.y, this.h)) return this.draw();
    this.put(to);
    return this.soon();
  }

  /** What can be chosen moves with what is seen. */
  put(to) {
    this.moved = to;
    this.canvas.style.transform = to === STILL ? "none" : `translate(${to.x}px, ${to.y}px) scale(${to.s})`;
  }

  /** Whether a place is in the view, or so many pixels outside. */
  sees(x, y, by) {
    return x >= -by && y >= -by && x <= this.w + by && y <= this.h + by;
  }

  at(p) {
    return this.base.project(p);
  }

  label(x, y, lines, colour, how) {
    this.labels.push({ x, y, lines, colour, rank: 2, ...how });
  }

  draw() {
    this.base.settle?.();
    clearTimeout(this.timer);
    this.timer = null;
    this.due = false;
    if (!this.c || !this.w) return;
    const g = this.canvas.getContext("2d");
    this.g = g;
    const m = this.margin;
    g.setTransform(this.ratio, 0, 0, this.ratio, m * this.ratio, m * this.ratio);
    g.clearRect(-m, -m, this.w + 2 * m, this.h + 2 * m);
    this.from = { ...this.base.camera };
    this.put(STILL);
    g.direction = "ltr";
    // what is printed of a canvas beneath another is lost on the way to paper: it is drawn here then
    if (this.base.canvas && this.printing) g.drawImage(this.base.canvas, 0, 0, this.w, this.h);
    this.hits = [];
    this.labels = [];
    this.closed = this.covered(); // what no box may hide: parts of the page, other boxes
    this.taken = this.covered();
    const s = store.screen;
    if (store.layers.grid) drawGrid(g, this.base, this.c, this.w, this.h);
    if (s) {
      drawArea(this, s.protocol.area);
      if (store.layers.notices) {
        drawFormer(this, s.former);
        drawNotices(this, s.notices);
      }
      drawPaths(this, s.alerts);
      drawTracks(this, s.tracks);
      drawAlerts(this, s.alerts);
      drawCallPlace(this, s.calls);
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
    if (document.querySelector("#outside button")) found.add([0, this.h - 124, 340, this.h - 84]);
    this.free = [6, this.w - 6];
    const open = document.querySelector(".panel")?.getBoundingClientRect();
    if (!open || this.printing) return found; // on paper it stands below the map
    const r = this.canvas.parentElement.getBoundingClientRect(); // the canvas has a margin about the view
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
  hit(px, py) {
    const { s, ...by } = this.moved;
    const [x, y] = [(px - by.x) / s, (py - by.y) / s];
    const found = this.hits.filter((h) => Math.hypot(h.x - x, h.y - y) <= h.r);
    found.sort((a, b) => Math.hypot(a.x - x, a.y - y) - Math.hypot(b.x - x, b.y - y));
    return found[0]?.key ?? null;
  }
}
