/** The protocol in force: between whom, each rule with its text, source and readings, the times. */

import { html, nothing } from "../../vendor/lit.mjs";
import * as f from "../format.js";
import { fieldName, t, word } from "../i18n.js";
import { set, tagged, title } from "../store.js";
import { adherence, readingForm } from "./adherence.js";
import { button, entered, facts, mono } from "./parts.js";

const NOT_FIGURES = ["id", "text", "source", "certainty", "owed_by"];

/** A value in rows: its leaves, each under its path. */
const leaves = (value, path = []) => {
  if (value === null || typeof value !== "object") return [[path.join(" · "), typeof value === "number" ? f.figure(value) : word(String(value))]];
  if (Array.isArray(value) && value.every((one) => typeof one !== "object"))
    return [[path.join(" · "), value.map((one) => word(one)).join(", ")]];
  return Object.entries(value).flatMap(([k, v]) => leaves(v, [...path, fieldName(k)]));
};

const figures = (value) =>
  leaves(Object.fromEntries(Object.entries(value).filter(([k]) => !NOT_FIGURES.includes(k))))
    .filter(([, v]) => v !== "") // what names nothing says nothing
    .slice(0, 80)
    .map(([k, v]) => html`<li>${k}: ${mono(v)}</li>`);

/** Who owes a duty: every party where none is named. */
const owedBy = (rule) =>
  rule.owed_by ? html`<li>${fieldName("owed_by")}: ${rule.owed_by.length ? rule.owed_by.map(title).join(", ") : t("ui.protocol.everyparty")}</li>` : nothing;

export function protocolPage(s, open) {
  const p = s.protocol;
  const rules = open.rule ? p.rules.filter((one) => tagged(one.rule)[1].id === open.rule) : p.rules;
  return {
    title: html`${p.title} ${mono(p.version)}`,
    body: html`
      ${open.rule ? html`<div class="buttons">${button(t("ui.protocol.all"), () => set({ panel: { name: "protocol" } }))}</div>` : head(s)}
      ${rules.map(ruleOf)} ${open.rule ? nothing : times(p)}
    `,
  };
}

const head = (s) => html`
  ${known(s.protocol)} ${adherence(s)}`;

const known = (p) => html`
  <p><span class="tag">${p.marking}</span> ${word(p.evidence)} ${p.neutral ? `· ${p.neutral}` : ""}</p>
  ${facts([
    [t("ui.protocol.inforce"), p.in_force.length ? p.in_force.map((one) => html`${title(one.first)} – ${title(one.second)} ${t("ui.since")} ${mono(f.dtg(one.since))}<br />`) : t("ui.protocol.notinforce")],
    [t("ui.protocol.digest"), html`<pre class="raw">${p.read_aloud}</pre>`],
  ])}`;

function ruleOf(one) {
  const [tag, rule] = tagged(one.rule);
  return html`<section>
    <h3>${mono(rule.id)} <span class="quiet">${word(tag.replaceAll("_", "-"))} · ${t(`ui.decided.${one.decided_by}`)}</span></h3>
    <p>${entered(rule.text)}</p>
    <ul>${figures(rule)} ${owedBy(rule)}</ul>
    <p class="quiet">${t("ui.protocol.source")}: ${entered(rule.source)} <span class="tag">${word(rule.certainty)}</span></p>
    ${one.readings.length
      ? html`<table><tbody>${one.readings.map((r) => html`<tr><th scope="row">${t("ui.reading", { who: title(r.party) })}</th><td>${entered(r.text)}</td><td><ul>${figures(r.minima ?? r.figure ?? {})}</ul></td></tr>`)}</tbody></table>`
      : html`<p class="quiet">${t("ui.protocol.noreading")}</p>`}
    ${readingForm(rule, one.readings)}
  </section>`;
}

const times = (p) => html`
  <h3>${t("ui.protocol.times")}</h3>
  <table>
    <thead><tr><th scope="col">${t("ui.call.precedence")}</th><th scope="col">${t("ui.call.kind")}</th><th scope="col">${t("ui.protocol.receive")}</th><th scope="col">${t("ui.protocol.answer")}</th></tr></thead>
    <tbody>${p.answer_times.map((one) => html`<tr><td>${word(one.precedence)}</td><td>${one.call ? word(one.call) : t("ui.protocol.any")}</td><td>${mono(f.inSeconds(one.receive_s))}</td><td>${mono(f.inSeconds(one.answer_s))}</td></tr>`)}</tbody>
  </table>
  ${facts([
    [t("ui.protocol.horizons"), mono(`${p.horizons.advisory_s} / ${p.horizons.urgent_s} / ${f.inSeconds(p.horizons.critical_s)}`)],
    [t("ui.protocol.stale"), mono(f.inSeconds(p.stale_after_s))],
    [t("ui.protocol.stop"), mono(f.inSeconds(p.stop_lasts_s))],
    [t("ui.protocol.rungs"), p.rungs.map((one) => html`${word(one.role)} ${mono(f.inSeconds(one.after_s))}<br />`)],
    [t("ui.protocol.ringlimit"), word(p.ring_limit)],
    [t("ui.protocol.tests"), mono(`${f.inSeconds(p.test_every_s)} / ${f.inSeconds(p.test_answer_s)}`)],
    p.guard_frequencies.length && [t("ui.protocol.guard"), p.guard_frequencies.map((one) => html`${one.name} ${mono(`${f.megahertz(one.frequency_khz * 1000)}`)}<br />`)],
    p.lead_times.length && [t("ui.protocol.leads"), p.lead_times.map((one) => html`${word(one.notice)} ${mono(f.inHours(one.ahead_s))} ${word(one.force)}<br />`)],
  ])}
  ${p.sources.length ? html`<h3>${t("ui.protocol.sources")}</h3><ul>${p.sources.map((one) => html`<li>${word(one.part)}: ${entered(one.source)} <span class="tag">${word(one.certainty)}</span></li>`)}</ul>` : nothing}`;
