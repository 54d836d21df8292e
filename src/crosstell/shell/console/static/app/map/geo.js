/**
 * Geometry for drawing only: spherical, good to a pixel. What decides is computed by the node, on
 * the ellipsoid, from what was recorded; nothing here is ever sent as a finding.
 */

const R_M = 6371008.8;
const rad = (deg) => (deg * Math.PI) / 180;
const deg = (r) => (r * 180) / Math.PI;
export const wrap = (lon) => ((((lon + 180) % 360) + 360) % 360) - 180;

/** The point `m` metres from `p` on a true bearing. */
export function destination(p, bearingDeg, m) {
  const [la, lo, b, d] = [rad(p.lat_deg), rad(p.lon_deg), rad(bearingDeg), m / R_M];
  const lat = Math.asin(Math.sin(la) * Math.cos(d) + Math.cos(la) * Math.sin(d) * Math.cos(b));
  const lon = lo + Math.atan2(Math.sin(b) * Math.sin(d) * Math.cos(la), Math.cos(d) - Math.sin(la) * Math.sin(lat));
  return { lat_deg: deg(lat), lon_deg: wrap(deg(lon)) };
}

/** Distance in metres and initial true bearing. */
export function rangeBearing(a, b) {
  const [la, lb, dl] = [rad(a.lat_deg), rad(b.lat_deg), rad(b.lon_deg - a.lon_deg)];
  const h = Math.sin((lb - la) / 2) ** 2 + Math.cos(la) * Math.cos(lb) * Math.sin(dl / 2) ** 2;
  const y = Math.sin(dl) * Math.cos(lb);
  const x = Math.cos(la) * Math.sin(lb) - Math.sin(la) * Math.cos(lb) * Math.cos(dl);
  return { m: 2 * R_M * Math.asin(Math.min(1, Math.sqrt(h))), deg: (deg(Math.atan2(y, x)) + 360) % 360 };
}

const circle = (c, m, from = 0, to = 360, steps = 64) =>
  Array.from({ length: steps + 1 }, (_, i) => destination(c, from + ((to - from) * i) / steps, m));

function corridor(points, half) {
  const left = [];
  const right = [];
  points.forEach((p, i) => {
    const a = points[Math.max(0, i - 1)];
    const b = points[Math.min(points.length - 1, i + 1)];
    const b1 = i ? rangeBearing(a, p).deg : rangeBearing(p, b).deg;
    const b2 = i < points.length - 1 ? rangeBearing(p, b).deg : b1;
    const turn = ((b2 - b1 + 540) % 360) - 180;
    const mid = b1 + turn / 2;
    const m = half / Math.max(0.35, Math.cos(rad(turn / 2)));
    left.push(destination(p, mid - 90, m));
    right.push(destination(p, mid + 90, m));
  });
  const end = points.at(-1);
  const last = rangeBearing(points.at(-2), end).deg;
  const first = rangeBearing(points[0], points[1]).deg;
  return [
    ...left,
    ...circle(end, half, last - 90, last + 90, 12),
    ...right.reverse(),
    ...circle(points[0], half, first + 90, first + 270, 12),
  ];
}

function ellipse(e) {
  return Array.from({ length: 65 }, (_, i) => {
    const a = (i / 64) * 2 * Math.PI;
    const [x, y] = [e.semi_major_m * Math.cos(a), e.semi_minor_m * Math.sin(a)];
    return destination(e.centre, e.orientation_deg + deg(Math.atan2(y, x)), Math.hypot(x, y));
  });
}

function orbit(o) {
  const b = rangeBearing(o.first, o.second).deg;
  const side = { left: -90, right: 90, centre: 0 }[o.side];
  const move = (p) => (side ? destination(p, b + side, o.width_m / 2) : p);
  return corridor([move(o.first), move(o.second)], o.width_m / 2);
}

function arc(a) {
  const [from, to] = [a.from_bearing_deg, a.to_bearing_deg];
  const end = to > from ? to : to + 360;
  const outer = circle(a.centre, a.outer_radius_m, from, end);
  const inner = a.inner_radius_m ? circle(a.centre, a.inner_radius_m, from, end).reverse() : [a.centre];
  return [...outer, ...inner];
}

/** The rings that draw a footprint, or a position (a small ring around it). */
export function rings(shape) {
  if (!shape) return [];
  if ("position" in shape || "lat_deg" in shape) return [circle(shape.position ?? shape, 200)];
  const [[tag, s]] = Object.entries(shape);
  switch (tag) {
    case "circle":
      return [circle(s.centre, s.radius_m)];
    case "polygon":
      return [s.vertices, ...(s.holes ?? [])];
    case "corridor":
      return [corridor(s.points, s.half_width_m)];
    case "ellipse":
      return [ellipse(s)];
    case "orbit":
      return [orbit(s)];
    case "radar_arc":
      return [arc(s)];
    default:
      return [];
  }
}

/** What is drawn, as a footprint: wider than its sizes by as much as what was read leaves its points open. */
export function figureOf({ shape, points, radius_m, half_width_m, open_m = 0 }) {
  if (shape === "polygon") return { polygon: { vertices: points } };
  if (shape === "corridor") return { corridor: { points, half_width_m: half_width_m + open_m } };
  return { circle: { centre: points[0], radius_m: radius_m + open_m } };
}

/** A point to put a label on. */
export function middle(shape) {
  const ring = rings(shape)[0];
  if (!ring?.length) return null;
  const [[tag, s]] = Object.entries(shape);
  if (s.centre && tag !== "radar_arc") return s.centre;
  const sum = ring.reduce((m, p) => [m[0] + p.lat_deg, m[1] + p.lon_deg], [0, 0]);
  return { lat_deg: sum[0] / ring.length, lon_deg: sum[1] / ring.length };
}

/** West, south, east, north of some points; null for none. */
export function bounds(points) {
  if (!points.length) return null;
  const lats = points.map((p) => p.lat_deg);
  const lons = points.map((p) => p.lon_deg);
  return [Math.min(...lons), Math.min(...lats), Math.max(...lons), Math.max(...lats)];
}

// Web Mercator, in world units of 0 to 1.
export const mx = (lon) => (lon + 180) / 360;
export const my = (lat) => {
  const s = Math.sin(rad(Math.max(-85, Math.min(85, lat))));
  return 0.5 - Math.log((1 + s) / (1 - s)) / (4 * Math.PI);
};
export const lonOf = (x) => wrap(x * 360 - 180);
export const latOf = (y) => deg(2 * Math.atan(Math.exp((0.5 - y) * 2 * Math.PI)) - Math.PI / 2);
