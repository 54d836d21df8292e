/**
 * A share of an own object: to whom, what for, until when, how often and how coarse. It is one object
 * and no list; two persons grant it, and its updates go by themselves inside the grant alone.
 */

import { html, nothing } from "../../vendor/lit.mjs";
import * as acts from "../acts.js";
import * as f from "../format.js";
import { t } from "../i18n.js";
import { mayRecord, now, set, store, title } from "../store.js";
import { typedTime } from "./content_fields.js";
import { entered, field, input, mono, number, read } from "./parts.js";
import { recipients, ticked } from "./recipients.js";

const HOUR_MS = 3_600_000;
const [EVERY_S, AREA_M, TIME_S] = [60, 5000, 60]; // what a form begins with; the node knows the bounds

/** Offered of a track that some component of ours states to be ours, and none anything else. */
export function shareForm(track, open) {
  const stated = track.said.filter((row) => row.stated_at);
  if (!stated.length || stated.some((row) => row.answer !== "ours")) return nothing;
  open.until ??= `${new Date(now() + HOUR_MS).toISOString().slice(0, 16)}Z`; // once for the open panel
  return html`<details class="share">
    <summary>${t("ui.share")}</summary>
    <form class="form" data-keep="share" @submit=${(e) => send(e, track, open)}>
      <p>${t("ui.share.what")}</p>
      <p class="told wait">${t("ui.notice.two")}</p>
      ${recipients()}
      ${field(t("ui.release.purpose"), input("purpose", "", { required: true, max: 400 }))}
      <div class="line">
        ${field(t("ui.share.called"), input("called", "", { required: true, max: 60 }), t("ui.share.called.hint"))}
        ${field(t("ui.until"), input("until", open.until, { mono: true, required: true }), t("ui.share.until.hint"))}
        ${field(t("ui.notice.marking"), input("marking", store.screen.header.marking, { required: true }))}
      </div>
      <div class="line">
        ${field(t("ui.share.every"), input("every_s", String(EVERY_S), { figure: "s", required: true }))}
        ${field(t("ui.share.area"), input("area_m", String(AREA_M), { figure: "m", required: true }), t("ui.share.area.hint"))}
        ${field(t("ui.share.time"), input("time_s", String(TIME_S), { figure: "s", required: true }))}
        ${field(t("ui.share.altitude"), input("altitude_m", "", { figure: "m" }), t("ui.share.altitude.hint"))}
      </div>
      <div class="buttons"><button class="strong" ?disabled=${!mayRecord()}>${t("ui.do.filetwo")}</button></div>
    </form>
  </details>`;
}

async function send(e, track, open) {
  e.preventDefault();
  const v = read(e.target);
  const to = ticked(v);
  if (!to) return;
  const terms = {
    called: v.called,
    to,
    purpose: v.purpose,
    marking: v.marking,
    until: typedTime(v.until, now()),
    every_s: number(v.every_s),
    coarsened: { area_m: number(v.area_m), time_s: number(v.time_s), altitude_m: number(v.altitude_m) },
  };
  const asked = (open.asked ??= acts.asking("sh"));
  if ((await acts.share(track, terms, asked)) && acts.isOpen(asked)) set({ panel: null });
}

/** To which steps something is told; what has none is told as it is. */
export function steps(coarsened) {
  if (!coarsened) return t("ui.release.exact");
  const { area_m, time_s, altitude_m } = coarsened;
  const found = [area_m && t("ui.steps.area", { m: f.length(area_m) }), time_s && t("ui.steps.time", { span: f.span(time_s) }), altitude_m && t("ui.steps.altitude", { m: f.length(altitude_m) })];
  return found.filter(Boolean).join(" · ");
}

/** What is granted: for whoever is to confirm it, and for whoever looks afterwards. */
export const granted = (terms) => [
  [t("ui.release.to"), terms.to.map(title).join(", ")],
  [t("ui.release.purpose"), entered(terms.purpose)],
  [t("ui.notice.marking"), terms.marking],
  [t("ui.until"), mono(f.dtg(terms.until))],
  [t("ui.share.every"), mono(f.span(terms.every_s))],
  [t("ui.share.steps"), steps(terms.coarsened)],
];
