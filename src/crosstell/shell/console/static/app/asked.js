/**
 * What a view asks the node for beside the screen: once for each address and state of its matter,
 * and shown when it has come. What was asked last is kept, so that nothing grows.
 */

import * as api from "./api.js";
import { t } from "./i18n.js";
import { set } from "./store.js";

const KEPT_MAX = 24;
const AGAIN_MS = 10_000; // what failed is asked for again after that, for as long as it is looked at
const KINDS_MAX = 200; // of entries; a party may send any kind
const held = new Map();
const came = new Map();
let count = 0;

/** An entry of this kind came; without a kind, any may have come unseen. */
export function arrived(kind = "") {
  count += 1;
  came.set(came.has(kind) || came.size < KINDS_MAX ? kind : "", count);
}

/** The stamp of what any entry may change. */
export const changedByAny = () => String(count);

/** The stamp of what only entries of these kinds change: another when one of them came. */
export const changedBy = (kinds) => String(Math.max(0, ...["", ...kinds].map((kind) => came.get(kind) ?? 0)));

/**
 * What the node told at `path`: `{told}`, `{fault}`, or `{}` while it has not come. It is asked for
 * again when `stamp` is another, or a while after it failed; what was told before stands until then.
 */
export function asked(path, stamp = "") {
  const known = held.get(path);
  const same = known?.stamp === stamp;
  if (same && !(known.fault && performance.now() - known.asked_at > AGAIN_MS)) return known;
  const one = { stamp, told: known?.told, fault: same ? known.fault : null, asked_at: performance.now() };
  held.delete(path);
  held.set(path, one);
  while (held.size > KEPT_MAX) held.delete(held.keys().next().value);
  api.get(path).then(
    (told) => answered(one, { told, fault: null }),
    (no) => answered(one, { fault: no.message || t("ui.told.unreachable") }),
  );
  return one;
}

function answered(one, what) {
  Object.assign(one, what);
  set({});
}
