/**
 * Universal Transverse Mercator on WGS-84, by Krüger's series to the third order: within a metre in
 * a zone, which is less than a pixel. For the lines of the grid; what is recorded the node reads.
 */

const A = 6378137;
const F = 1 / 298.257223563;
const N = F / (2 - F);
const RADIUS = (A / (1 + N)) * (1 + N ** 2 / 4 + N ** 4 / 64);
const SCALE = 0.9996;
const EAST = 500000;
const ALPHA = [N / 2 - (2 / 3) * N ** 2 + (5 / 16) * N ** 3, (13 / 48) * N ** 2 - (3 / 5) * N ** 3, (61 / 240) * N ** 3];
const BETA = [N / 2 - (2 / 3) * N ** 2 + (37 / 96) * N ** 3, N ** 2 / 48 + N ** 3 / 15, (17 / 480) * N ** 3];
const DELTA = [2 * N - (2 / 3) * N ** 2 - 2 * N ** 3, (7 / 3) * N ** 2 - (8 / 5) * N ** 3, (56 / 15) * N ** 3];
const rad = (deg) => (deg * Math.PI) / 180;
const deg = (r) => (r * 180) / Math.PI;
const E1 = (2 * Math.sqrt(N)) / (1 + N);

/** The zone of a longitude; the exceptions of Norway and Svalbard are not drawn. */
export const zoneOf = (lon) => Math.min(60, Math.floor((lon + 180) / 6) + 1);

/** Easting and northing in metres; south of the equator the northing is negative. */
export function toUtm(p, zone) {
  const [lat, lon] = [rad(p.lat_deg), rad(p.lon_deg - (6 * zone - 183))];
  const t = Math.sinh(Math.atanh(Math.sin(lat)) - E1 * Math.atanh(E1 * Math.sin(lat)));
  const xi = Math.atan2(t, Math.cos(lon));
  const eta = Math.atanh(Math.sin(lon) / Math.sqrt(1 + t * t));
  const e = ALPHA.reduce((sum, a, i) => sum + a * Math.cos(2 * (i + 1) * xi) * Math.sinh(2 * (i + 1) * eta), eta);
  const n = ALPHA.reduce((sum, a, i) => sum + a * Math.sin(2 * (i + 1) * xi) * Math.cosh(2 * (i + 1) * eta), xi);
  return { e: EAST + SCALE * RADIUS * e, n: SCALE * RADIUS * n };
}

/** The place of an easting and northing of a zone. */
export function fromUtm({ e, n }, zone) {
  const [xi0, eta0] = [n / (SCALE * RADIUS), (e - EAST) / (SCALE * RADIUS)];
  const xi = BETA.reduce((sum, b, i) => sum - b * Math.sin(2 * (i + 1) * xi0) * Math.cosh(2 * (i + 1) * eta0), xi0);
  const eta = BETA.reduce((sum, b, i) => sum - b * Math.cos(2 * (i + 1) * xi0) * Math.sinh(2 * (i + 1) * eta0), eta0);
  const chi = Math.asin(Math.sin(xi) / Math.cosh(eta));
  const lat = DELTA.reduce((sum, d, i) => sum + d * Math.sin(2 * (i + 1) * chi), chi);
  return { lat_deg: deg(lat), lon_deg: 6 * zone - 183 + deg(Math.atan2(Math.sinh(eta), Math.cos(xi))) };
}
