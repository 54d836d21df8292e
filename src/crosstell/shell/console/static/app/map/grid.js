/**
 * A numbered grid: degrees from afar, the military grid from near, its lines those of the UTM zones
 * with their figures, each 100 km square with its letters. For drawing only, good to a pixel.
 */

import * as f from "../format.js";
import { fromUtm, toUtm, zoneOf } from "./utm.js";

const STEPS = [10, 5, 2, 1];
const NEAR_DEG = 9; // wider views have degrees
const LINE_PX = 42; // the least distance of two lines
const SAMPLES = 16;
const LINES_MAX = 120;
const FONT = "11px 'IBM Plex Mono', monospace";

export function drawGrid(g, base, c, w, h) {
  const [a, b] = [base.unproject([0, h]), base.unproject([w, 0])];
  const span = b.lon_deg > a.lon_deg ? b.lon_deg - a.lon_deg : 360;
  g.save();
  g.strokeStyle = c.grid;
  g.fillStyle = c.text2;
  g.lineWidth = 0.8;
  g.font = FONT;
  g.textBaseline = "top";
  const near = span < NEAR_DEG && a.lat_deg > -80 && b.lat_deg < 84;
  if (near) military(g, base, c, { a, b, w, h });
  else degrees(g, base, { a, b, w, h, span });
  g.restore();
}

function degrees(g, base, { a, b, w, h, span }) {
  const step = STEPS.findLast((one) => span / one <= 12) ?? 10;
  const first = Math.ceil(a.lon_deg / step) * step;
  for (let i = 0; i <= span / step + 1; i += 1) {
    const lon = first + i * step;
    const [x] = base.project({ lat_deg: (a.lat_deg + b.lat_deg) / 2, lon_deg: lon });
    line(g, x, 0, x, h);
    g.fillText(axis(lon, "EW"), x + 3, 46);
  }
  for (let lat = Math.ceil(a.lat_deg / step) * step; lat < b.lat_deg; lat += step) {
    const [, y] = base.project({ lat_deg: lat, lon_deg: a.lon_deg });
    line(g, 0, y, w, y);
    g.fillText(axis(lat, "NS"), 6, y + 2);
  }
}

function military(g, base, c, view) {
  const { a, b } = view;
  const step = [1000, 10000].find((m) => m / base.metresPerPixel() >= LINE_PX) ?? 100000;
  for (let zone = zoneOf(a.lon_deg); zone <= zoneOf(b.lon_deg); zone += 1) {
    const west = Math.max(a.lon_deg, -186 + 6 * zone);
    const east = Math.min(b.lon_deg, -180 + 6 * zone);
    const part = { zone, west, east, south: a.lat_deg, north: b.lat_deg };
    lines(g, base, part, step, view);
    squares(g, base, c, part, view);
    const [x] = base.project({ lat_deg: a.lat_deg, lon_deg: -180 + 6 * zone });
    g.setLineDash([8, 4]);
    line(g, x, 0, x, view.h);
    g.setLineDash([]);
  }
}

/** The eastings and northings that a part of a zone has. */
function extent({ zone, west, east, south, north }) {
  const points = [];
  for (let i = 0; i <= 4; i += 1)
    for (const lat_deg of [south, north]) points.push(toUtm({ lat_deg, lon_deg: west + ((east - west) * i) / 4 }, zone));
  const [es, ns] = [points.map((p) => p.e), points.map((p) => p.n)];
  return { e0: Math.min(...es), e1: Math.max(...es), n0: Math.min(...ns), n1: Math.max(...ns) };
}

const first = (v, step) => Math.ceil(v / step) * step;

function lines(g, base, part, step, { w, h }) {
  const { e0, e1, n0, n1 } = extent(part);
  if ((e1 - e0 + n1 - n0) / step > LINES_MAX) return;
  const figure = (v) => (step === 100000 ? "" : step === 10000 ? `${Math.floor(v / 10000) % 10}` : `${Math.floor(v / 1000) % 100}`.padStart(2, "0"));
  for (let e = first(e0, step); e <= e1; e += step) {
    g.lineWidth = e % 100000 ? 0.8 : 1.8;
    const top = curve(g, base, part, (k) => ({ e, n: n0 + (n1 - n0) * k }));
    const at = top.find(([, y]) => y < 90);
    if (at && at[0] > 0 && at[0] < w) g.fillText(figure(e), at[0] + 3, 46);
  }
  for (let n = first(n0, step); n <= n1; n += step) {
    g.lineWidth = n % 100000 ? 0.8 : 1.8;
    const row = curve(g, base, part, (k) => ({ e: e0 + (e1 - e0) * k, n }));
    const at = row.find(([x]) => x >= 0);
    if (at && at[1] > 60 && at[1] < h - 90 && at[0] < 90) g.fillText(figure(n), at[0] + 4, at[1] + 2);
  }
}

/** One line of the grid, as far as it lies in its zone; the points of the page that it has. */
function curve(g, base, part, at) {
  const found = [];
  let open = false;
  g.beginPath();
  for (let i = 0; i <= SAMPLES; i += 1) {
    const p = fromUtm(at(1 - i / SAMPLES), part.zone);
    const inside = p.lon_deg >= part.west - 0.02 && p.lon_deg <= part.east + 0.02;
    if (inside) {
      const xy = base.project(p);
      if (open) g.lineTo(...xy);
      else g.moveTo(...xy);
      found.push(xy);
    }
    open = inside;
  }
  g.stroke();
  return found.sort((one, other) => one[0] - other[0] || one[1] - other[1]);
}

/** The letters of each 100 km square, in its middle as far as it is seen. */
function squares(g, base, c, part, { w, h }) {
  const { e0, e1, n0, n1 } = extent(part);
  g.font = "600 13px 'IBM Plex Mono', monospace";
  for (let e = Math.floor(e0 / 1e5) * 1e5; e < e1; e += 1e5) {
    for (let n = Math.floor(n0 / 1e5) * 1e5; n < n1; n += 1e5) {
      const middle = { e: (Math.max(e, e0) + Math.min(e + 1e5, e1)) / 2, n: (Math.max(n, n0) + Math.min(n + 1e5, n1)) / 2 };
      const p = fromUtm(middle, part.zone);
      const [x, y] = base.project(p);
      if (p.lon_deg < part.west || p.lon_deg > part.east || x < 30 || y < 60 || x > w - 60 || y > h - 60) continue;
      g.fillText(f.mgrs(p, 0), x - 24, y - 7);
    }
  }
  g.font = FONT;
}

const axis = (v, [pos, neg]) => `${Math.abs(v).toFixed(0)}°${v < 0 ? neg : pos}`;

function line(g, x1, y1, x2, y2) {
  g.beginPath();
  g.moveTo(x1, y1);
  g.lineTo(x2, y2);
  g.stroke();
}
