/** A numbered grid: degrees from afar, military grid squares from near, each with its reference. */

import * as f from "../format.js";

const STEPS = [10, 5, 2, 1, 0.5, 0.25, 0.1, 0.05, 0.02, 0.01];

export function drawGrid(g, base, c, w, h) {
  const [a, b] = [base.unproject([0, h]), base.unproject([w, 0])];
  const span = b.lon_deg > a.lon_deg ? b.lon_deg - a.lon_deg : 360;
  const step = STEPS.find((one) => span / one >= 5) ?? 10;
  g.save();
  g.strokeStyle = c.grid;
  g.fillStyle = c.text2;
  g.lineWidth = 0.8;
  g.font = "11px 'IBM Plex Mono', monospace";
  g.textBaseline = "top";
  const first = Math.ceil(a.lon_deg / step) * step;
  for (let i = 0; i <= span / step + 1; i += 1) {
    const lon = first + i * step;
    const [x] = base.project({ lat_deg: (a.lat_deg + b.lat_deg) / 2, lon_deg: lon });
    line(g, x, 0, x, h);
    g.fillText(axis(lon, "EW", step), x + 3, h - 60);
  }
  for (let lat = Math.ceil(a.lat_deg / step) * step; lat < b.lat_deg; lat += step) {
    const [, y] = base.project({ lat_deg: lat, lon_deg: a.lon_deg });
    line(g, 0, y, w, y);
    g.fillText(axis(lat, "NS", step), 6, y + 2);
  }
  if (span < 2) squares(g, base, step, a, b, first);
  g.restore();
}

function squares(g, base, step, a, b, first) {
  for (let lon = first; lon < b.lon_deg; lon += step) {
    for (let lat = Math.ceil(a.lat_deg / step) * step; lat < b.lat_deg; lat += step) {
      const [x, y] = base.project({ lat_deg: lat, lon_deg: lon });
      g.fillText(f.mgrs({ lat_deg: lat, lon_deg: lon }, 2), x + 3, y - 14);
    }
  }
}

const axis = (v, [pos, neg], step) =>
  `${Math.abs(v).toFixed(step < 1 ? 2 : 0)}°${v < 0 ? neg : pos}`;

function line(g, x1, y1, x2, y2) {
  g.beginPath();
  g.moveTo(x1, y1);
  g.lineTo(x2, y2);
  g.stroke();
}
