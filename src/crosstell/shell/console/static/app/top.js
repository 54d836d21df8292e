/** What stands first in the queue as the page shows it, and whether a person can have seen it there. */

import { word } from "./i18n.js";

const FRESH_MS = 2000;
let top = { key: null, at: 0 };

/** The queue as it was just drawn. */
export function drawnQueue(queue) {
  const key = queue[0]?.key ?? null;
  if (key !== top.key) top = { key, at: performance.now() };
}

/** Whether it came to the top so shortly ago that a key may have been meant for another. */
export const isFresh = (item) => item.key !== top.key || performance.now() - top.at < FRESH_MS;

export const itemName = (item) => `${word(item.level ?? item.kind)} ${item.key.slice(item.key.indexOf(" ") + 1)}`;
