/** Where a picture that was drawn in one view of the map lies in another: Web Mercator is linear. */

const TILE = 512; // pixels that the world is wide at zoom 0, of both bases

/**
 * A point of the picture at `p` is seen at `s * p + [x, y]`, both in pixels of the page.
 * @param {{x: number, y: number, z: number}} from the camera it was drawn by: middle and zoom
 * @param {{x: number, y: number, z: number}} to the camera of now
 */
export function shift(from, to, w, h) {
  const s = 2 ** (to.z - from.z);
  const px = TILE * 2 ** to.z;
  const dx = from.x - to.x;
  return { s, x: (w / 2) * (1 - s) + (dx - Math.round(dx)) * px, y: (h / 2) * (1 - s) + (from.y - to.y) * px };
}
