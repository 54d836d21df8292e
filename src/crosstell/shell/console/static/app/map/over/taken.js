/**
 * What of the map is taken: words and boxes stand where nothing else does. Kept in squares, so that
 * asking costs the same among ten things and among a thousand.
 */

const SQUARE = 64;

/** @typedef {[number, number, number, number]} Box west, north, east, south, in pixels of the page */

export class Taken {
  constructor() {
    this.squares = new Map();
  }

  /** The squares that a box touches, by their numbers. */
  static of([w, n, e, s]) {
    const found = [];
    for (let x = Math.floor(w / SQUARE); x <= Math.floor(e / SQUARE); x += 1) {
      for (let y = Math.floor(n / SQUARE); y <= Math.floor(s / SQUARE); y += 1) found.push(x * 4096 + y);
    }
    return found;
  }

  add(box) {
    for (const at of Taken.of(box)) {
      if (this.squares.has(at)) this.squares.get(at).push(box);
      else this.squares.set(at, [box]);
    }
  }

  /** Whether nothing that was added lies under any part of the box. */
  isFree(box) {
    const [w, n, e, s] = box;
    const meets = (o) => w < o[2] && e > o[0] && n < o[3] && s > o[1];
    return !Taken.of(box).some((at) => this.squares.get(at)?.some(meets));
  }

  /** How much stands about a place: less is better, where nothing is free. */
  crowd(box) {
    return Taken.of(box).reduce((sum, at) => sum + (this.squares.get(at)?.length ?? 0), 0);
  }
}
