/**
 * Where, between which heights and when a notice holds, as a form has it. Of a notice that is superseded
 * every volume stands in the form, each limit with its own datum; what is not touched stays as it was.
 */

import { html, nothing } from "../../vendor/lit.mjs";
import * as f from "../format.js";
import { t } from "../i18n.js";
import { now } from "../store.js";
import { datum, ft, local, readLimit, typedTime } from "./content_fields.js";
import { button, field, input, select } from "./parts.js";
import { footprint, goOn, named, place } from "./place_fields.js";

const WINDOW_MS = 2 * 3600e3;

/** A volume as a person would type it; a new one begins at `begins`. */
const typed = (one, begins) => ({
  lower: { text: ft(one?.lower), datum: datum(one?.lower, one?.upper) },
  upper: { text: ft(one?.upper), datum: datum(one?.upper, one?.lower) },
  from: local(one?.window.start ?? begins),
  until: local(one?.window.end ?? begins + WINDOW_MS),
});

function heightsAndTime(one, which, begins) {
  const was = typed(one, begins);
  const box = (name, value, how) => input(named(name, which), value, how);
  const measured = (name) => select(named(`${name}_datum`, which), f.DATUMS, was[name].datum);
  return html`<div class="line">
      ${field(t("ui.notice.lower"), box("lower", was.lower.text, { figure: "ft" }), t("ui.notice.sfc"))} ${field(t("ui.datum.lower"), measured("lower"))}
    </div>
    <div class="line">
      ${field(t("ui.notice.upper"), box("upper", was.upper.text, { figure: "ft" }), t("ui.notice.unl"))} ${field(t("ui.datum.upper"), measured("upper"))}
    </div>
    <div class="line">
      ${field(t("ui.from"), box("from", was.from, { mono: true, required: true }), t("ui.time.hint"))}
      ${field(t("ui.until"), box("until", was.until, { mono: true, required: true }), "UTC")}
    </div>`;
}

/** The fields of each volume that stands, of the one of a new notice, and of each that was added in this form. */
export function volumeFields(open, drawn, volumes) {
  const several = volumes.length > 1;
  return volumes.map(
    (each, which) => html`<fieldset class=${several ? "" : "alone"}>
      ${several
        ? html`<legend>${t("ui.notice.volume", { n: which + 1, of: volumes.length })}</legend>
            <label class="check"><input type="checkbox" name=${named("stays", which)} checked /> ${t("ui.notice.stays")}</label>`
        : nothing}
      ${place(open, drawn, volumes, which)} ${heightsAndTime(each, which, open.begins)}
    </fieldset>`,
  );
}

/** The button by which a notice gets a place more, with heights and a time of its own. */
export const anotherPlace = (open, volumes) =>
  html`<div class="buttons">${button(t("ui.notice.another"), (e) => goOn(e.target.closest("form"), open, volumes, volumes.length, { more: (open.more ?? 0) + 1 }))}</div>`;

function readVolume(v, open, one, which) {
  const was = typed(one, open.begins);
  const of = (name) => v[named(name, which)] ?? "";
  const limit = (name) => readLimit(one?.[name], was[name], { text: of(name), datum: of(`${name}_datum`) }) ?? "unbounded";
  const time = (name, held) => (held && of(name) === was[name] ? held : typedTime(of(name), now()));
  return {
    footprint: footprint(v, open, one, which),
    lower: limit("lower"),
    upper: limit("upper"),
    window: { start: time("from", one?.window.start), end: time("until", one?.window.end) },
  };
}

/** The volumes that the form states, without those that were unticked; a place that has not been given yet is null. */
export const readVolumes = (v, open, volumes) =>
  volumes.map((one, which) => readVolume(v, open, one, which)).filter((_, which) => volumes.length < 2 || v[named("stays", which)]);
