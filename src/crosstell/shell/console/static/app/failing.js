/** What fails and has a tone, since nothing of the queue tells it: the node, its record and clock, a line. */

import { isStale, store } from "./store.js";
import { inSight } from "./views/alarms.js";

const failed = (key, once) => ({ key, sound: "failure", as: "", once });

/** The node's silence goes on until it is over; what stands on the page for as long as it lasts is told once. */
export function failing() {
  const counterparts = (store.live ?? store.screen)?.header.counterparts ?? [];
  const down = counterparts.flatMap(({ who, lines }) => lines.filter((one) => one.standing === "down").map((one) => `line ${who.party} ${one.role} ${one.medium}`));
  const alarms = inSight().map(([kind], i, all) => `alarm ${kind} ${all.slice(0, i).filter(([one]) => one === kind).length}`);
  return [...(isStale() ? [failed("node", false)] : []), ...[...down, ...alarms].map((key) => failed(key, true))];
}
