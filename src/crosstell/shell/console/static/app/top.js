/** What the page has shown for long enough that a person can have seen it: the first of the queue, each alert, each card. */

import { offersOf, store } from "./store.js";

const FRESH_MS = 2000;
const STILL_PX = 8; // a card that moved by less is still where it was
let top = { key: null, at: 0 };

let shown = new Map(); // of each alert: as it is drawn, since when it looks so, and as it looked before
let stood = new Map(); // of each card: where it stands among the others, and since when

/** The screen as it was just drawn. */
export function drawn(screen) {
  const key = screen.queue[0]?.key ?? null;
  if (key !== top.key) top = { key, at: performance.now() };
  shown = new Map(screen.alerts.map((one) => [one.alert, drawnAlert(one, shown.get(one.alert))]));
  const queue = document.querySelector(".queue");
  stood = new Map([...(queue?.querySelectorAll(".card") ?? [])].map((card) => [card.dataset.key, drawnCard(card, queue)]));
}

/** Its place in what is scrolled: who scrolls brings the card under the hand, and means it. */
function drawnCard(card, queue) {
  const top_px = card.getBoundingClientRect().top + queue.scrollTop;
  const was = stood.get(card.dataset.key);
  return was && Math.abs(top_px - was.top_px) < STILL_PX ? was : { top_px, at: performance.now() };
}

function drawnAlert(one, was) {
  const now = { level: one.level, assessed: one.assessed, returns: one.returns, call_by: one.call_by[0]?.at };
  const look = [one.level, one.assessed, one.returns, offersOf(one).includes("stop")].join();
  if (was?.look === look) return { ...was, now };
  return { look, now, at: performance.now(), before: was && seen(was) };
}

const isYoung = (one) => performance.now() - one.at < FRESH_MS;
const seen = (one) => (isYoung(one) ? one.before : one.now);

/** What a person can have seen of an alert: not what changed under the hand, and nothing of one just born. */
export const seenOf = (alert) => {
  const one = shown.get(alert.alert);
  const looked = one && seen(one);
  return looked ? { alert: alert.alert, ...looked } : null;
};

/** Whether it came to the top so shortly ago that a key may have been meant for another. */
export const isFresh = (item) => item.key !== top.key || performance.now() - top.at < FRESH_MS;

let under; // the key of the card that the pointer was brought to; not known after a turn of the wheel
const brought = (e) => (under = e.target.closest?.("[data-key]")?.dataset.key ?? "");
addEventListener("pointermove", brought, { capture: true, passive: true });
let touched = false; // by a finger or a pen, which is over nothing before it presses
addEventListener("pointerdown", (e) => (touched = e.pointerType !== "mouse"), { capture: true, passive: true });
addEventListener("wheel", () => (under = undefined), { capture: true, passive: true });

/**
 * Whether a press fell on a card that came under the hand after another one was meant: on one to which
 * the pointer was not brought, or by a finger on one that has not stood there for long.
 */
export function cameUnder(press, item) {
  if (press.detail === 0 || store.selected === item.key) return false;
  if (touched) return isYoung(stood.get(item.key) ?? { at: performance.now() });
  return under !== undefined && under !== item.key;
}
