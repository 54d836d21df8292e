/**
 * The plain base map: one canvas, no WebGL. Used where there is no graphics card, so that the
 * safety display never depends on one. Same interface as `maplibre_base.js`:
 * `project, unproject, fit, center, zoomBy, on('view'), resize, setColours, destroy, kind, camera`.
 */

import { latOf, lonOf, mx, my } from "./geo.js";
import { Towns } from "./towns.js";

const TILE = 512;
const ZOOM = [1.2, 13];
const DETAIL = 4.2; // from this zoom on the region's finer lines are drawn

const prepare = (lines) =>
  lines.map((line) => {
    const xy = new Float64Array(line.length * 2);
    let [w, n, e, s] = [2, 2, -1, -1];
    line.forEach(([lon, lat], i) => {
      const [x, y] = [mx(lon), my(lat)];
      xy[2 * i] = x;
      xy[2 * i + 1] = y;
      w = Math.min(w, x);
      e = Math.max(e, x);
      n = Math.min(n, y);
      s = Math.max(s, y);
    });
    return { xy, box: [w, n, e, s] };
  });

export class CanvasBase {
  kind = "canvas";

  constructor(holder, data, view) {
    this.holder = holder;
    this.canvas = document.createElement("canvas");
    this.canvas.className = "base";
    holder.prepend(this.canvas);
    this.ended = new AbortController();
    this.view = { x: mx(view.lon), y: my(view.lat), z: view.zoom };
    this.world = Object.fromEntries(Object.entries(data.world).map(([k, v]) => [k, prepare(v)]));
    this.region = Object.fromEntries(Object.entries(data.region).map(([k, v]) => [k, prepare(v)]));
    this.towns = new Towns(data.places);
    const [w, s, e, n] = data.manifest.region;
    this.box = [mx(w), my(n), mx(e), my(s)];
    this.listeners = new Set();
    this.colours = null;
    this.drag();
    this.resize();
  }

  get zoom() {
    return this.view.z;
  }

  /** The middle of the view in Web Mercator, and its zoom. */
  get camera() {
    return this.view;
  }

  get scale() {
    return TILE * 2 ** this.view.z;
  }

  on(_, listener) {
    this.listeners.add(listener);
  }

  changed() {
    if (this.due) return;
    this.due = true;
    requestAnimationFrame(() => this.due && this.drawn());
  }

  /** Draws at once, and tells whoever draws over it. */
  drawn() {
    this.due = false;
    this.draw();
    for (const listener of this.listeners) listener();
  }

  /** Draws what waits for a frame, for whoever draws over it. */
  settle() {
    if (this.due) this.drawn();
  }

  project(p) {
    let dx = mx(p.lon_deg) - this.view.x;
    if (dx > 0.5) dx -= 1;
    if (dx < -0.5) dx += 1;
    return [this.w / 2 + dx * this.scale, this.h / 2 + (my(p.lat_deg) - this.view.y) * this.scale];
  }

  unproject([px, py]) {
    const x = this.view.x + (px - this.w / 2) / this.scale;
    const y = this.view.y + (py - this.h / 2) / this.scale;
    return { lat_deg: latOf(Math.min(1, Math.max(0, y))), lon_deg: lonOf(x) };
  }

  fit([w, s, e, n], pad = 100) {
    const [dx, dy] = [Math.max(1e-5, mx(e) - mx(w)), Math.max(1e-5, my(s) - my(n))];
    const z = Math.log2(Math.min((this.w - 2 * pad) / dx, (this.h - 2 * pad) / dy) / TILE);
    this.view = { x: (mx(w) + mx(e)) / 2, y: (my(s) + my(n)) / 2, z: Math.min(10.5, Math.max(ZOOM[0], z)) };
    this.changed();
  }

  center(p, zoom) {
    this.view = { x: mx(p.lon_deg), y: my(p.lat_deg), z: zoom ?? this.view.z };
    this.changed();
  }

  zoomBy(step, at = [this.w / 2, this.h / 2]) {
    const before = this.unproject(at);
    this.view.z = Math.min(ZOOM[1], Math.max(ZOOM[0], this.view.z + step));
    const [px, py] = this.project(before);
    this.view.x += (px - at[0]) / this.scale;
    this.view.y += (py - at[1]) / this.scale;
    this.changed();
  }

  panBy(dx, dy) {
    this.view.x += dx / this.scale;
    this.view.y = Math.min(1, Math.max(0, this.view.y + dy / this.scale));
    this.changed();
  }

  metresPerPixel() {
    const lat = latOf(this.view.y);
    return (40075016.7 * Math.cos((lat * Math.PI) / 180)) / this.scale;
  }

  drag() {
    let from = null;
    const { signal } = this.ended;
    this.holder.addEventListener(
      "pointerdown",
      (e) => {
        if (e.button === 0 && !e.defaultPrevented) from = [e.clientX, e.clientY];
      },
      { signal },
    );
    const move = (e) => {
      if (!from || this.locked) return;
      this.panBy(from[0] - e.clientX, from[1] - e.clientY);
      from = [e.clientX, e.clientY];
    };
    addEventListener("pointermove", move, { signal });
    addEventListener("pointerup", () => (from = null), { signal });
    this.holder.addEventListener(
      "wheel",
      (e) => {
        e.preventDefault();
        const r = this.holder.getBoundingClientRect();
        this.zoomBy(-e.deltaY / 400, [e.clientX - r.left, e.clientY - r.top]);
      },
      { passive: false, signal },
    );
  }

  resize() {
    const ratio = Math.min(2, devicePixelRatio || 1);
    const r = this.holder.getBoundingClientRect();
    [this.w, this.h] = [r.width, r.height];
    this.canvas.width = Math.round(this.w * ratio);
    this.canvas.height = Math.round(this.h * ratio);
    this.ratio = ratio;
    this.drawn();
  }

  setColours(colours) {
    this.colours = colours;
    this.changed();
  }

  /** The towns on the map, for whoever writes their names. */
  places() {
    return this.towns.seen(this);
  }

  draw() {
    if (!this.colours || !this.w) return;
    const g = this.canvas.getContext("2d");
    g.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    g.fillStyle = this.colours.water;
    g.fillRect(0, 0, this.w, this.h);
    const half = [this.w / 2 / this.scale, this.h / 2 / this.scale];
    const box = [this.view.x - half[0], this.view.y - half[1], this.view.x + half[0], this.view.y + half[1]];
    const inside = this.box[0] < box[2] && this.box[2] > box[0] && this.box[1] < box[3] && this.box[3] > box[1];
    const fine = this.view.z >= DETAIL && inside;
    this.layers(g, this.world, box, fine ? this.box : null);
    if (fine) {
      const [x, y] = [this.px(this.box[0]), this.py(this.box[1])];
      const [w, h] = [(this.box[2] - this.box[0]) * this.scale, (this.box[3] - this.box[1]) * this.scale];
      g.save();
      g.beginPath();
      g.rect(x, y, w, h);
      g.clip();
      g.fillStyle = this.colours.water;
      g.fill();
      this.layers(g, this.region, box, null);
      g.restore();
    }
  }

  px(x) {
    return this.w / 2 + (x - this.view.x) * this.scale;
  }

  py(y) {
    return this.h / 2 + (y - this.view.y) * this.scale;
  }

  layers(g, layers, box) {
    const c = this.colours;
    this.shape(g, layers.land, box, c.land, c.coast, 1);
    this.shape(g, layers.lakes, box, c.water, c.coast, 0.6);
    this.shape(g, layers.rivers, box, null, c.river, 0.9);
    if (layers.provinces) this.shape(g, layers.provinces, box, null, c.province, 0.8, [3, 4]);
    this.shape(g, layers.borders, box, null, c.border, 1.2, [8, 4, 2, 4]);
  }

  shape(g, parts, box, fill, stroke, width, dash = []) {
    if (!parts) return;
    g.beginPath();
    for (const shift of [0, -1, 1]) {
      const [w, e] = [box[0] + shift, box[2] + shift];
      if (shift && (w > 1 || e < 0)) continue;
      for (const { xy, box: b } of parts) {
        if (b[2] < w || b[0] > e || b[3] < box[1] || b[1] > box[3]) continue;
        this.trace(g, xy, -shift);
      }
    }
    if (fill) {
      g.fillStyle = fill;
      g.fill("evenodd");
    }
    g.strokeStyle = stroke;
    g.lineWidth = width;
    g.setLineDash(dash);
    g.stroke();
    g.setLineDash([]);
  }

  trace(g, xy, shift) {
    const step = 0.35 / this.scale;
    let [lx, ly] = [9, 9];
    for (let i = 0; i < xy.length; i += 2) {
      const [x, y] = [xy[i], xy[i + 1]];
      if (i && i < xy.length - 2 && Math.abs(x - lx) < step && Math.abs(y - ly) < step) continue;
      const [px, py] = [this.px(x + shift), this.py(y)];
      if (i) g.lineTo(px, py);
      else g.moveTo(px, py);
      [lx, ly] = [x, y];
    }
  }

  destroy() {
    this.ended.abort();
    this.canvas.remove();
  }
}
