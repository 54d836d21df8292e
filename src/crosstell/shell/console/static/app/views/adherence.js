/**
 * What each party said of the protocol, and what ours may say: signed, suspended, resumed, used, and how
 * it reads a rule. In force, suspended and used in practice are three facts. Each act says before it is
 * done what follows from it.
 */

import { html, nothing } from "../../vendor/lit.mjs";
import * as acts from "../acts.js";
import { asked, changedByAny } from "../asked.js";
import * as f from "../format.js";
import { t } from "../i18n.js";
import { mayRecord, own, title } from "../store.js";
import { entryLink } from "./detail.js";
import { complain, entered, field, input, mono, number, submit, uncomplain } from "./parts.js";

const form = (keep, what, inside, label, kind, fn) => html`<form class="form" data-keep=${keep} @submit=${submit(fn)} @input=${(e) => uncomplain(e.currentTarget)}>
  <p>${what}</p>
  ${inside}
  <div class="buttons"><button class=${kind} ?disabled=${!mayRecord()}>${label}</button></div>
</form>`;

const folded = (summary, inside) => html`<details class="adherence"><summary>${summary}</summary>${inside}</details>`;
const inWords = () => field(t("ui.adherence.words"), input("text", "", { required: true, max: 2000 }), t("ui.adherence.words.hint"));

/** Who signed, suspended or uses it, and since when; then what our own party may say now. */
export function adherence(s) {
  const { told, fault } = asked("/protocol", changedByAny());
  if (!told) return fault ? html`<p class="told bad" role="alert">${fault}</p>` : html`<p class="quiet">${t("ui.loading")}</p>`;
  const of = (party) => told.adherence.find((one) => one.party === party) ?? { party, state: "unsigned" };
  const parties = [own(), ...s.header.counterparts.map((one) => one.who.party)];
  return html`<h3>${t("ui.adherence")}</h3>
    <table>
      <thead><tr><th scope="col">${t("ui.entry.party")}</th><th scope="col">${t("ui.adherence.standing")}</th><th scope="col">${t("ui.adherence.signedat")}</th><th scope="col">${t("ui.adherence.saidof")}</th></tr></thead>
      <tbody>${parties.map((party) => partyRow(of(party)))}</tbody>
    </table>
    ${acting(s.protocol, of(own()))}`;
}

const partyRow = (one) => html`<tr>
  <th scope="row">${title(one.party)}</th>
  <td>${t(`ui.adherence.is.${one.state}`)}</td>
  <td>${one.signed ? html`${mono(f.dtg(one.signed.at))} ${entryLink(one.signed.ref, one.party)}` : "—"}</td>
  <td>${[one.suspended, one.used].filter(Boolean).map((said) => html`${entered(said.text)} ${mono(f.dtg(said.stamp.at))} ${entryLink(said.stamp.ref, one.party)}<br />`)}</td>
</tr>`;

function acting(protocol, ours) {
  const last = protocol.read_aloud.trim().split(/\s+/).at(-1);
  const compared = html`<label class="check"><input type="checkbox" name="compared" required /> ${t("ui.adherence.compared", { last })}</label>`;
  return html`
    ${ours.state === "unsigned" ? folded(t("ui.adherence.sign"), form("sign", t("ui.adherence.signing", { who: title(own()) }), compared, t("ui.adherence.sign"), "strong", acts.sign)) : nothing}
    ${ours.state === "signed" ? folded(t("ui.adherence.suspend"), form("suspend", t("ui.adherence.suspending"), inWords(), t("ui.adherence.suspend"), "urgent", ({ text }) => acts.suspend(text))) : nothing}
    ${ours.state === "suspended" ? folded(t("ui.adherence.resume"), form("resume", t("ui.adherence.resuming"), inWords(), t("ui.adherence.resume"), "strong", ({ text }) => acts.resume(text))) : nothing}
    ${folded(t("ui.adherence.use"), form("use", t("ui.adherence.using"), inWords(), t("ui.adherence.use"), "", ({ text }) => acts.useInPractice(text)))}`;
}

/** How our party reads a rule: in words, and with minima where the rule has them. */
export function readingForm(rule, readings) {
  const stated = readings.find((one) => one.party === own());
  const { minima } = rule;
  const from = stated?.minima ?? {};
  const figure = (name, label) => field(label, input(name, from[name] == null ? "" : f.figure(from[name]), { figure: name.split("_").at(-1) }));
  const send = ({ text, lateral_m, vertical_m, dwell_s }, box) => {
    if (!lateral_m && (vertical_m || dwell_s)) return complain(box, "lateral_m", t("ui.reading.figures"));
    return acts.stateReading(rule.id, text, lateral_m && { measured_from: minima.measured_from, lateral_m: number(lateral_m), vertical_m: number(vertical_m), dwell_s: number(dwell_s) });
  };
  const figures = minima
    ? html`<div class="line">
          ${figure("lateral_m", t("ui.reading.lateral"))} ${figure("vertical_m", t("ui.reading.vertical"))} ${figure("dwell_s", t("ui.reading.dwell"))}
        </div>
        <small class="quiet">${t("ui.reading.figures")}</small>`
    : nothing;
  const text = field(t("ui.reading.text"), input("text", stated?.text ?? "", { required: true, max: 2000 }));
  return html`<details class="reading">
    <summary>${t(stated ? "ui.reading.anew" : "ui.reading.state")}</summary>
    ${form(`reading-${rule.id}`, t("ui.reading.stating"), html`${text} ${figures}`, t("ui.reading.do"), "strong", send)}
    ${stated ? form(`unread-${rule.id}`, t("ui.reading.withdrawing"), nothing, t("ui.do.withdraw"), "", () => acts.withdrawReading(rule.id)) : nothing}
  </details>`;
}
