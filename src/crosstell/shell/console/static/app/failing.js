/** What fails and has a tone, since nothing of the queue tells it: the session or the node, its record and clock, a line. */

import { why } from "./session.js";
import { isStale, store } from "./store.js";
import { inSight } from "./views/alarms.js";

const failed = (key, once) => ({ key, sound: "failure", as: "", once });

/** Nothing comes any more: without a session the node tells nothing, and is not silent by that. */
const silent = () => (why() === "lapsed" ? [{ key: "session", sound: "lapsed", as: "" }] : isStale() ? [failed("node", false)] : []);

/** An alarm that takes the place of another is another; a clock's words change with each second that it is off. */
const alarmKey = ([kind, text]) => (kind === "clock" ? "alarm clock" : `alarm ${kind} ${text}`);

/** Silence goes on until it is over; what stands on the page for as long as it lasts is told once. */
export function failing() {
  const counterparts = (store.live ?? store.screen)?.header.counterparts ?? [];
  const down = counterparts.flatMap(({ who, lines }) => lines.filter((one) => one.standing === "down").map((one) => `line ${who.party} ${one.role} ${one.medium}`));
  return [...silent(), ...[...down, ...inSight().map(alarmKey)].map((key) => failed(key, true))];
}
