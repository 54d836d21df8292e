/** Check a plan before it is filed: its conflicts with everything held, and shifts that clear it. */

import { html, nothing } from "../../vendor/lit.mjs";
import * as api from "../api.js";
import * as f from "../format.js";
import { t, word } from "../i18n.js";
import { now, set, store, title } from "../store.js";
import { typedTime } from "./content_fields.js";
import { field, input, mono, number, read, select } from "./parts.js";
import { askPlace, footprint, isUnread, place } from "./place_fields.js";

const ACTIVITIES = ["crewed-flight", "uncrewed-flight", "live-fire", "ground-movement", "at-sea", "medical-evacuation", "search-and-rescue", "exercise", "not-stated"];
const minute = (at) => `${new Date(at).toISOString().slice(0, 16)}Z`;

export function planForm(s, open) {
  const drawn = store.drawn ?? { shape: "corridor", points: [] };
  const start = (open.begins ??= Math.ceil(now() / 300000) * 300000);
  const form = (open.form ??= { stands: 0 }); // one more with each thing typed, and with each check
  return {
    title: t("ui.plan.title"),
    body: html`
      <p class="quiet">${t("ui.plan.hint")}</p>
      <form class="form" data-keep="plan" @submit=${(e) => check(e, s, open)} @input=${() => changed(form)}>
        ${field(t("ui.notice.activity"), select("activity", ACTIVITIES, "crewed-flight"))}
        ${place(open, drawn, [null])}
        ${[["lower", "1000"], ["upper", "5000"]].map(([name, ft]) => html`<div class="line">
          ${field(t(`ui.notice.${name}`), input(name, ft, { figure: "ft", required: true }), "ft")}
          ${field(t(`ui.datum.${name}`), select(`${name}_datum`, f.DATUMS, "msl-egm96"))}
        </div>`)}
        <div class="line">
          ${field(t("ui.from"), input("from", minute(start), { mono: true, required: true }), t("ui.time.hint"))}
          ${field(t("ui.until"), input("until", minute(start + 3600e3), { mono: true, required: true }), "UTC")}
        </div>
        <div class="buttons"><button class="strong">${t("ui.do.check")}</button></div>
      </form>
      ${open.found?.stands === form.stands && open.found.drawn === store.drawn ? found(open.found.told) : nothing}
    `,
  };
}

/** What was found was of the form as it stood: of another, nothing of it is shown. */
function changed(form) {
  form.stands += 1;
  set({});
}

function found(told) {
  const untested = told.untested ?? [];
  const apart = told.untested_clear ?? 0;
  const left = untested.length + apart;
  return html`<h3>${t("ui.plan.found", { n: told.conflicts.length })}${left ? html` · <span class=${untested.length ? "c-urgent" : "quiet"}>${t("ui.plan.untested", { n: left })}</span>` : nothing}</h3>
    <p class="quiet">${t("ui.plan.against", { n: told.obstacles })}</p>
    ${told.conflicts.length
      ? html`<table><tbody>${told.conflicts.map((c) => html`<tr><th scope="row">${mono(c.against)}</th><td>${mono(c.rule)} ${word(c.assessed)} ${c.reasons.map((r) => word(r)).join(", ")}</td><td>${mono(f.window(c.window.start, c.window.end))}</td></tr>`)}</tbody></table>`
      : html`<p class="told ${told.obstacles ? "" : "wait"}">${t(told.obstacles ? "ui.plan.clear" : "ui.plan.nothing")}</p>`}
    ${(told.remarks ?? []).map((r) => html`<p class="c-urgent">${t(r.kind === "late" ? "ui.plan.late" : "ui.plan.long", { rule: r.rule, span: f.span(r.by_s) })}</p>`)}
    ${told.former_untested?.length ? html`<p class="c-urgent">${t("ui.plan.former")} ${told.former_untested.map((one, i) => html`${i ? ", " : ""}${mono(one)}`)}</p>` : nothing}
    <h3>${t("ui.plan.remedies")}</h3>
    ${told.remedies.length ? html`<ul>${told.remedies.map((r) => html`<li>${mono(shift(r))}</li>`)}</ul>` : html`<p class="quiet">${t("ui.plan.noremedy")}</p>`}
    ${left ? html`<h3>${t("ui.plan.untested", { n: left })}</h3>` : nothing}
    ${untested.length ? notTested(untested) : nothing}
    ${apart ? html`<p class="quiet">${t("ui.plan.apart", { n: apart })}</p>` : nothing}`;
}

/** What may be in the way and was not tested, whosever it is, and why: that no conflict was found says nothing of it. */
const notTested = (untested) => html`<table><tbody>${untested.map((one) => html`<tr>
  <th scope="row">${mono(one.notice)} ${title(one.party)}</th>
  <td>${one.kind ? word(one.kind) : nothing}</td>
  <td class="c-urgent">${t(`ui.plan.because.${one.because}`)}${one.met ? html` · ${t(`ui.plan.met.${one.met}`)}` : nothing}</td>
</tr>`)}</tbody></table>`;

/** A verified shift in words. */
function shift(one) {
  const [[, s]] = Object.entries(one);
  if ("by_s" in s) return t(s.by_s > 0 ? "ui.plan.later" : "ui.plan.earlier", { span: f.span(Math.abs(s.by_s)) });
  if ("by_m" in s) return t(s.by_m > 0 ? "ui.plan.higher" : "ui.plan.lower", { ft: f.feet(Math.abs(s.by_m)) });
  return t("ui.plan.moved", { m: f.length(s.travel_m), deg: f.bearing(s.track_deg) });
}

async function check(e, s, open) {
  e.preventDefault();
  if (await isUnread(e.target, open)) return null;
  const v = read(e.target);
  const { drawn } = store;
  const { form } = open;
  changed(form);
  const { stands } = form;
  const isNewest = () => store.panel?.form === form && form.stands === stands && store.drawn === drawn;
  const shape = footprint(v, open, null);
  if (!shape) return askPlace(e.target, "ui.plan.noplace");
  const limit = (name) => ({ altitude: { value_ft: number(v[name]), datum: v[`${name}_datum`] } });
  const volume = { footprint: shape, lower: limit("lower"), upper: limit("upper"), window: { start: typedTime(v.from, now()), end: typedTime(v.until, now()) } };
  const plan = { party: s.party, at: new Date(Math.round(now())).toISOString(), plan: { kind: v.activity, volumes: [volume] } };
  try {
    const told = await api.post("/plan/check", plan);
    return isNewest() ? set({ panel: { ...store.panel, found: { told, drawn, stands } }, told: null }) : null;
  } catch (no) {
    if (!isNewest()) return null;
    return set({ told: { kind: "bad", text: no.message || t("ui.told.unreachable") } });
  }
}
