/** Release of what is kept at home: to whom, what for, under which marking, and how exact. */

import { html, nothing } from "../../vendor/lit.mjs";
import * as acts from "../acts.js";
import { BY_TWO } from "../content.js";
import * as f from "../format.js";
import { t } from "../i18n.js";
import { mayRecord, now, set, tagged, title } from "../store.js";
import { openIncident } from "./incidents.js";
import { changedSince } from "./kept.js";
import { button, entered, facts, field, input, made, number, read } from "./parts.js";
import { recipients, ticked } from "./recipients.js";

/** What is released of a notice: the version that is shown. */
const ofNotice = (one) => ({ kind: "notice", id: one.notice, version: one.version, ref: one.ref, marking: one.marking, two: BY_TWO.includes(tagged(one.content)[0]), exactAlone: !one.kind });

export const noticeRelease = (one, open) => html`<details class="release">
  <summary>${t("ui.release")}</summary>
  ${form(ofNotice(one), open, () => set({ panel: null }))}
</details>`;

/** A claim or a paper has a panel of its own, from the incident that it is about, and goes back there. */
export function releasePanel(_s, open) {
  const { item, back } = open;
  const go = () => openIncident(back.party, back.id, back.tab);
  return {
    title: `${t("ui.release")}: ${item.id}`,
    body: html`
      <div class="buttons">${button(`← ${t("ui.back")}`, go)}</div>
      <p>${item.section ? made(item.text, item.section) : entered(item.text)}</p>
      ${facts([[t("ui.notice.releasable"), item.releasable_to.length ? item.releasable_to.map(title).join(", ") : t("ui.notice.nobody")]])}
      ${form(item, open, go)}
    `,
  };
}

/** The button that leads there, of what is ours and stands. `item` says what it is, and how it is told. */
export const releaseButton = (item, back) =>
  button(t("ui.release"), () => set({ panel: { name: "release", item: { ...item, exactAlone: true }, back: { party: back.party, id: back.id, tab: back.tab } } }), { disabled: !mayRecord() });

function form(item, open, done) {
  open.under ??= f.mint("rel", now()); // made once for the open panel: anew, it would overwrite what is typed
  return html`<form class="form" data-keep="release" @submit=${(e) => send(e, item, open, done)}>
    ${changedSince(open, item.ref.hash)}
    <p>${t("ui.release.what", { id: item.id, n: item.version })}</p>
    ${item.two ? html`<p class="told wait">${t("ui.notice.two")}</p>` : nothing}
    ${recipients()}
    ${field(t("ui.release.purpose"), input("purpose", "", { required: true, max: 400 }))}
    <div class="line">
      ${field(t("ui.notice.marking"), input("marking", item.marking, { required: true }))}
      ${field(t("ui.release.under"), input("under", open.under, { mono: true, required: true, max: 64 }))}
      ${item.exactAlone ? nothing : field(t("ui.release.coarse"), input("area_m", "", { figure: "m" }), t("ui.release.coarsehint"))}
    </div>
    <div class="buttons"><button class="strong" ?disabled=${!mayRecord()}>${item.two ? t("ui.do.filetwo") : t("ui.do.release")}</button></div>
  </form>`;
}

async function send(e, item, open, done) {
  e.preventDefault();
  const v = read(e.target);
  const to = ticked(v);
  if (!to) return;
  const coarsened = v.area_m && { area_m: number(v.area_m) };
  const terms = { under: v.under, to, purpose: v.purpose, marking: v.marking, coarsened };
  const asked = (open.asked ??= acts.asking("rel"));
  if ((await acts.release(item, terms, asked)) && acts.isOpen(asked)) done();
}
