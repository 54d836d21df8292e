/** What the page has shown for long enough that a person can have seen it: the first of the queue, each alert. */

import { word } from "./i18n.js";
import { offersOf, store } from "./store.js";

const FRESH_MS = 2000;
let top = { key: null, at: 0 };

let shown = new Map(); // of each alert: as it is drawn, since when it looks so, and as it looked before

/** The screen as it was just drawn. */
export function drawn(screen) {
  const key = screen.queue[0]?.key ?? null;
  if (key !== top.key) top = { key, at: performance.now() };
  shown = new Map(screen.alerts.map((one) => [one.alert, drawnAlert(one, shown.get(one.alert))]));
}

function drawnAlert(one, was) {
  const now = { level: one.level, assessed: one.assessed, returns: one.returns, call_by: one.call_by[0]?.at };
  const look = [one.level, one.assessed, one.returns, offersOf(one).includes("stop")].join();
  if (was?.look === look) return { ...was, now };
  return { look, now, at: performance.now(), before: was && seen(was) };
}

const seen = (one) => (one.before && performance.now() - one.at < FRESH_MS ? one.before : one.now);

/** What a person can have seen of an alert: not what changed under the hand. */
export const seenOf = (alert) => {
  const one = shown.get(alert.alert);
  return { alert: alert.alert, ...(one ? seen(one) : { level: alert.level }) };
};

/** Whether it came to the top so shortly ago that a key may have been meant for another. */
export const isFresh = (item) => item.key !== top.key || performance.now() - top.at < FRESH_MS;

let under; // the key of the card that the pointer was brought to; not known after a turn of the wheel
const brought = (e) => (under = e.target.closest?.("[data-key]")?.dataset.key ?? "");
addEventListener("pointermove", brought, { capture: true, passive: true });
addEventListener("pointerdown", (e) => e.pointerType !== "mouse" && brought(e), { capture: true, passive: true });
addEventListener("wheel", () => (under = undefined), { capture: true, passive: true });

/** Whether a press fell on a card that came under the hand after another one was meant. */
export const cameUnder = (press, item) =>
  press.detail > 0 && under !== undefined && under !== item.key && store.selected !== item.key;

export const itemName = (item) => `${word(item.level ?? item.kind)} ${item.key.slice(item.key.indexOf(" ") + 1)}`;
