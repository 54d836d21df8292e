/** The fields of a message as a form: for a call, its correction, a read-back, a voice log. */

import { html } from "../../vendor/lit.mjs";
import * as api from "../api.js";
import { placeText } from "../content.js";
import * as f from "../format.js";
import { t, word } from "../i18n.js";
import { set } from "../store.js";
import { field, input, number, select, stated } from "./parts.js";

export const DANGERS = ["", "own-forces-endangered", "associated-forces-endangered", "notified-site-endangered", "civil-traffic-endangered", "collision", "fire-in-progress", "zone-entered", "other"];
export const ACTS = ["", "stop-fire", "hold-fire", "leave", "keep-out", "turn-away", "keep-altitude", "identify", "confirm-ownership", "call-back", "take-note", "other"];
export const SUBJECTS = ["unknown", "aircraft", "uncrewed-aircraft", "vessel", "vehicles", "fires", "forces", "site", "zone"];
const blank = (list) => list.map((one) => [one, one ? word(one) : "—"]);

/** A limit's figure as it is typed, in feet. */
export const ft = (limit) => (limit?.altitude ? String(f.feet(limit.altitude.value_m)) : "");
/** What a limit is measured from: the first that says so, its own before the other one's. */
export const datum = (...limits) => limits.find((one) => one?.altitude)?.altitude.datum ?? f.DATUMS[0];
/** An instant as it is typed, to the minute. */
export const local = (at) => (at ? new Date(at).toISOString().slice(0, 16) + "Z" : "");

/** What it is about, as a form has it: one row at the least; the first has the plain names. */
const subjectRows = (content) => (content.subjects?.length ? content.subjects : [undefined]).map((one, i) => ({
  one,
  kind: i ? `subject_kind_${i + 1}` : "subject_kind",
  label: i ? `subject_label_${i + 1}` : "subject_label",
}));

/** A content as a person would type it. */
const typed = (content) => ({
  ...Object.fromEntries(subjectRows(content).flatMap(({ one, kind, label }) => [[kind, one?.kind ?? "unknown"], [label, one?.label ?? ""]])),
  place: content.place ? placeText(content.place) : "",
  lower: ft(content.altitude_lower),
  upper: ft(content.altitude_upper),
  lower_datum: datum(content.altitude_lower, content.altitude_upper),
  upper_datum: datum(content.altitude_upper, content.altitude_lower),
  from: local(content.window?.start),
  until: local(content.window?.end),
  danger: content.danger ?? "",
  act: content.act ?? "",
  remarks: content.remarks?.text ?? "",
});

/**
 * A limit as it is typed, `{text, datum}`. Untouched against what it was `begun` with it is as it was, to the
 * millimetre; where its datum alone is changed it keeps its figure.
 */
export function readLimit(held, begun, { text, datum }) {
  if (text === begun.text && (datum === begun.datum || !text)) return held; // a datum alone measures nothing
  if (!text) return undefined;
  const value = text === begun.text ? { value_m: held.altitude.value_m } : { value_ft: number(text) };
  return { altitude: { ...value, datum } };
}

/** Text inputs for every field; `prefix` keeps two of them apart in one form. */
export function contentFields(content = {}, prefix = "", { need = [] } = {}) {
  const p = (name) => `${prefix}${name}`;
  const was = typed(content);
  return html`
    ${subjectRows(content).map(
      ({ kind, label }, i) => html`<div class="line">
        ${field(t("ui.field.subjects"), select(p(kind), SUBJECTS, was[kind]))}
        ${field(t("ui.label"), input(p(label), was[label], { max: 120 }), i ? t("ui.label.more") : undefined)}
      </div>`,
    )}
    ${field(t("ui.field.place"), html`<input name=${p("place")} class="mono" .value=${was.place} ?required=${need.includes("place")} autocomplete="off" data-kept=${content.place ? JSON.stringify(content.place) : ""} />`, t("ui.place.hint"))}
    <div class="line">
      ${field(t("ui.field.altitude-lower"), input(p("lower"), was.lower, { figure: "ft" }), "ft")}
      ${field(t("ui.datum.lower"), select(p("lower_datum"), f.DATUMS, was.lower_datum))}
    </div>
    <div class="line">
      ${field(t("ui.field.altitude-upper"), input(p("upper"), was.upper, { figure: "ft" }), "ft")}
      ${field(t("ui.datum.upper"), select(p("upper_datum"), f.DATUMS, was.upper_datum))}
    </div>
    <div class="line">
      ${field(t("ui.from"), input(p("from"), was.from, { mono: true }), t("ui.time.hint"))}
      ${field(t("ui.until"), input(p("until"), was.until, { mono: true }))}
    </div>
    <div class="line">
      ${field(t("ui.field.danger"), select(p("danger"), blank(DANGERS), was.danger))}
      ${field(t("ui.field.act"), select(p("act"), blank(ACTS), was.act))}
    </div>
    ${field(t("ui.field.remarks"), input(p("remarks"), was.remarks, { max: 2000 }), t("ui.remarks.hint"))}
  `;
}

const CLOCK = /^([01]?\d|2[0-3])(?::?([0-5]\d)|:([0-5]\d):([0-5]\d(?:\.\d{1,6})?))Z?$/;
const GROUP = /^(\d{2})([01]\d|2[0-3])([0-5]\d)Z\s*([A-Z]{3})\s*(\d{2})$/;
const WHOLE = /^(\d{4})-(\d{2})-(\d{2})[T ]([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d)(\.\d{1,6})?)?Z?$/;
const MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];

/**
 * A UTC time as typed (14:30, 14:30:05Z, 2026-11-22T14:00Z, or a date-time group), or undefined. A clock's
 * time is today's, and tomorrow's where that is more than six hours ago; of what is `past`, the last one.
 * What is no time, the 31st of February too, goes as it stands: the node refuses it and says how to write it.
 */
export function typedTime(text, base = Date.now(), { past = false } = {}) {
  if (!text) return undefined;
  const s = text.trim().toUpperCase();
  const clock = CLOCK.exec(s);
  if (clock) {
    const d = new Date(base);
    d.setUTCHours(Number(clock[1]), Number(clock[2] ?? clock[3]), 0, Math.round(Number(clock[4] ?? 0) * 1000));
    if (past && d.getTime() > base) d.setUTCDate(d.getUTCDate() - 1);
    if (!past && d.getTime() < base - 6 * 3600e3) d.setUTCDate(d.getUTCDate() + 1);
    return d.toISOString();
  }
  const group = GROUP.exec(s);
  if (group) return dated(text, 2000 + Number(group[5]), MONTHS.indexOf(group[4]), ...group.slice(1, 4).map(Number));
  const whole = WHOLE.exec(s);
  if (!whole) return text;
  const [year, month, day, hour, minute, second] = whole.slice(1, 7).map((one) => Number(one ?? 0));
  return dated(text, year, month - 1, day, hour, minute, second + Number(whole[7] ?? 0));
}

/** That instant where the calendar has the day, else the text as it was typed. */
function dated(text, year, month, day, hour, minute, second = 0) {
  const at = new Date(Date.UTC(year, month, day, hour, minute, 0, Math.round(second * 1000)));
  return at.getUTCMonth() === month && at.getUTCDate() === day ? at.toISOString() : text;
}

/**
 * The content that the form states; a place is read by the node. Null where it could not be. Of a content
 * that is corrected, `was`, what is not touched stays as it was, each field by itself: metres, seconds.
 */
export async function readContent(form, fields, prefix = "", now, was = {}) {
  const v = (name) => fields[`${prefix}${name}`];
  const place = await readPlace(form, prefix);
  if (place === null) return null;
  const before = typed(was);
  const same = (...names) => names.every((name) => (v(name) ?? "") === before[name]);
  const or = (kept, name, made) => (same(name) ? kept : made());
  const subject = ({ one, kind, label }, i) => (same(kind, label) ? one : said(v(kind), v(label), i));
  const limit = (held, name) => readLimit(held, { text: before[name], datum: before[`${name}_datum`] }, { text: v(name) ?? "", datum: v(`${name}_datum`) });
  const end = (held, name) => or(held, name, () => typedTime(v(name), now));
  const subjects = subjectRows(was).map(subject).filter(Boolean);
  return stated({
    subjects: subjects.length ? subjects : undefined,
    place,
    altitude_lower: limit(was.altitude_lower, "lower"),
    altitude_upper: limit(was.altitude_upper, "upper"),
    window: v("from") || v("until") ? { start: end(was.window?.start, "from"), end: end(was.window?.end, "until") } : undefined,
    danger: v("danger"),
    act: v("act"),
    remarks: or(was.remarks, "remarks", () => v("remarks") && { text: v("remarks"), language: document.documentElement.lang }),
  });
}

/** One that it is about: the first is said by the word of its kind where it has no label. */
function said(kind, label, i) {
  const words = label ?? (!i && kind && kind !== "unknown" ? word(kind) : "");
  return words ? { kind, label: words } : undefined;
}

async function readPlace(form, prefix) {
  const control = form.querySelector(`[name="${prefix}place"]`);
  const text = control?.value.trim();
  if (!text) return undefined;
  if (control.dataset.kept) {
    const kept = JSON.parse(control.dataset.kept);
    if (placeText(kept) === text) return kept;
  }
  const found = await parseOne(text);
  if (found?.heights && isOffered(form, prefix, control, found.heights)) return null;
  return found && placeOf(found);
}

/** Heights that are written with a place and stated nowhere else are put into their fields, once, to be looked at. */
function isOffered(form, prefix, control, heights) {
  const isStated = ["lower", "upper"].some((name) => form.elements[prefix + name].value.trim());
  if (isStated || control.dataset.offered === control.value) return false;
  control.dataset.offered = control.value;
  takeHeights(form, heights, (name) => prefix + name);
  set({ told: { kind: "wait", text: t("ui.paste.heightsfirst") } });
  return true;
}

/** As limits in whole feet, the lower one down and the upper one up, so that they hold all that was written. */
export function takeHeights(form, { lowest, highest }, named) {
  const typed = {
    lower: Math.floor(lowest.value_m / f.FOOT_M),
    lower_datum: lowest.datum,
    upper: Math.ceil(highest.value_m / f.FOOT_M),
    upper_datum: highest.datum,
  };
  for (const [name, text] of Object.entries(typed)) {
    const box = form.elements[named(name)];
    box.value = text;
    box.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

/** The one place that a text has, as the node reads it; of several none is chosen for the officer. */
async function parseOne(text) {
  const found = await parse(text);
  if (found?.length === 1) return found[0];
  if (found) set({ told: { kind: "bad", text: t("ui.paste.one", { n: found.length }) } });
  return null;
}

/** The one point that a text has, with what its writing leaves open; an area or a way is not taken for one. */
export async function parseSpot(text) {
  const found = await parseOne(text);
  if (found && !found.figure.spot) set({ told: { kind: "bad", text: t("ui.paste.point") } });
  return found?.figure.spot ?? null;
}

export const parsePoint = async (text) => (await parseSpot(text))?.position ?? null;

/** The places that the node reads in a text; rejects with its *no*. */
export const placesIn = async (text, choices = {}) => (await api.post("/places/parse", { text, ...choices })).places;

/** Positions as a person pastes them, read by the node: MGRS, degrees, GeoJSON, KML. Which choice it asks for is told. */
export async function parse(text, choices = {}, onNeed = () => {}) {
  try {
    return await placesIn(text, choices);
  } catch (no) {
    set({ told: { kind: "bad", text: no.message || t("ui.told.unreachable") } });
    const asked = no.told?.faults?.find((one) => one.needs);
    if (asked) onNeed(asked.needs);
    return null;
  }
}

export const OPEN_M_MAX = 100; // more than that a reference may not leave open and be told as a point

/** What was read, as a place of a message: a point that is written more coarsely is the circle that holds it. */
export function placeOf(found) {
  const [[kind, figure]] = Object.entries(found.figure);
  if (kind === "area") return { polygon: figure.polygon };
  if (kind === "way") return { corridor: figure.corridor };
  if ((figure.accuracy_m ?? 0) > OPEN_M_MAX) return { circle: { centre: figure.position, radius_m: figure.accuracy_m } };
  return { position: figure.position };
}
