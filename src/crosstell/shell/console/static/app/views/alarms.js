/** The node's alarms: how its record stands in the header, a line until they are gone, and their list. */

import { html, nothing } from "../../vendor/lit.mjs";
import * as f from "../format.js";
import { t } from "../i18n.js";
import { set, store } from "../store.js";
import { button, dot, made, mono } from "./parts.js";

const OLD_MS = 60_000; // by the page's time, for an exercise has a pace; asked for every 5 s, an older one vouches for nothing

/** What a person must see of the node, the weightiest first: `[kind, words]`. */
function held() {
  const status = store.status;
  if (!status) return [];
  const told = status.alarms.map((text, i) => [i < status.record_alarms ? "record" : "other", text]);
  const [record, others] = [told.filter(([kind]) => kind === "record"), told.filter(([kind]) => kind === "other")];
  return [...(status.fault ? [["fault", status.fault]] : []), ...record, ...(status.clock_fault ? [["clock", status.clock_fault]] : []), ...others];
}

/** How the record stands by the newest status, and in which words. */
function standing(odd) {
  const [{ status }, all] = [store, held()];
  if (status?.fault) return ["down", t("ui.record.fault")];
  if (status?.record_alarms) return ["down", t("ui.record.alarms", { n: all.length })];
  if (all.length) return ["doubtful", t("ui.record.alarms", { n: all.length })];
  if (!status || performance.now() - store.status_at > OLD_MS) return ["untested", t("ui.record.unknown")];
  return odd ? ["doubtful", t("ui.record")] : ["up", t("ui.record.verified")];
}

export function recordCell(s) {
  const odd = s.odd.length;
  const [mark, words] = standing(odd);
  const size = t("ui.record.size", { n: s.header.own.feed.size, m: s.header.journal.size });
  const at = store.status ? f.zulu(store.status.at) : "";
  return html`<button class="plain record" type="button" title=${[size, at].filter(Boolean).join(" · ")} @click=${() => set({ panel: { name: held().length ? "alarms" : "entries" } })}>
    ${dot(mark)}
    <span class="two">
      <strong>${words}</strong>
      <small>${at ? html`${mono(at)} · ` : nothing}${size}${odd ? ` · ${t("ui.record.odd", { n: odd })}` : ""}</small>
    </span>
  </button>`;
}

/** What stands under the banner: a fault, the alarms of the record, a clock that is off. */
export const inSight = () => held().filter(([kind]) => kind !== "other");

/** Under the banner, over nothing, until it is gone. */
export function alarmLine() {
  const all = inSight();
  return all.length
    ? html`<div class="alarm-line" role="alert">
        ${["fault", "record", "clock"].map((kind) => {
          const of = all.filter(([one]) => one === kind);
          return of.length ? html`<p><strong>${t(`ui.alarm.${kind}`, { n: of.length })}</strong> ${made(of[0][1], "alarms")}</p>` : nothing;
        })}
        ${button(t("ui.alarms.open"), () => set({ panel: { name: "alarms" } }))}
      </div>`
    : nothing;
}

export function alarms() {
  const all = held();
  return {
    title: t("ui.alarms"),
    body: html`<p class="quiet">${t("ui.alarms.what")} ${store.status ? mono(f.dtg(store.status.at)) : nothing}</p>
      ${all.length ? nothing : html`<p>${t("ui.alarms.none")}</p>`}
      <ul class="alarms">
        ${all.map(([kind, text]) => html`<li><strong>${t(`ui.alarms.${kind}`)}</strong>: ${made(text, "alarms")}</li>`)}
      </ul>
      ${button(t("ui.tool.entries"), () => set({ panel: { name: "entries" } }))}`,
  };
}
