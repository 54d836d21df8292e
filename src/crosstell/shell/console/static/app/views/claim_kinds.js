/**
 * What a claim may state, kind by kind: its fields, in the order of a form. The node has the rules;
 * here is only how each field is typed and shown.
 */

import { html, nothing, repeat } from "../../vendor/lit.mjs";
import * as f from "../format.js";
import { t } from "../i18n.js";
import { find, store, tagged } from "../store.js";
import { parsePoint, typedTime } from "./content_fields.js";
import { field, input, number, oneWay, select, stands, stated } from "./parts.js";

const TOLD = ["told", "word", ["exact", "about"]];
const HELD = ["yes", "no", "not-known"];
const ZONES = ["declared", "received", "observed-in-practice", "contested", "not-notified", "not-known"];
const HINTS = ["call-sign", "squawk", "icao-address", "mmsi", "registration", "object-type", "serial-number"];
const range = (type, low = "at_least", high = "at_most") => [[low, type], [high, type]];

/** Each kind: [name, type, words or "optional"]. The first ones are what a watch states most. */
export const KINDS = {
  judgement: [["text", "area"], ["reasons", "rows"]],
  moment: [["earliest", "time"], ["latest", "time", "optional"], ["as_stated", "text"], ["zone", "word", ["stated", "assumed"]], TOLD],
  place: [["of_what", "text"], ["position", "position"], ["within_m", "number", "optional"]],
  in_area: [["of_what", "text"], ["area", "text"], ["is_so", "word", HELD]],
  distance: [["of_what", "text"], ["reference", "text"], ...range("number", "at_least_m", "at_most_m"), ["measure", "word", ["not-stated", "straight", "along-path", "depth"]], ["direction", "text", "optional"], TOLD],
  height: [["of_what", "text"], ["lower", "altitude"], ["upper", "altitude"], ["datum", "datum"], TOLD],
  height_without_datum: [["of_what", "text"], ...range("number", "at_least_m", "at_most_m"), TOLD],
  speed: [["of_what", "text"], ...range("number", "at_least_kt", "at_most_kt"), TOLD],
  duration: [["of_what", "text"], ...range("number", "at_least_minutes", "at_most_minutes"), TOLD],
  count: [["of_what", "text"], ...range("whole"), TOLD],
  identity: [["of_what", "text"], ["kind", "word", HINTS], ["value", "text"]],
  belongs: [["of_what", "text"], ["whose", "text"], ["is_so", "word", HELD]],
  transponder: [["of_what", "text"], ["was_on", "word", HELD]],
  warnings_sent: [["addressed", "text"], ["means", "text"], ...range("whole"), TOLD],
  warnings_received: [["addressed", "text"], ["means", "text"], ...range("whole"), TOLD],
  told: [["of_what", "text"], ["to_whom", "text"], ["is_so", "word", HELD], ["passage", "word", ["not-stated", "sent", "received"]]],
  zone_status: [["zone", "text"], ["word", "word", ZONES]],
  casualties: [["among", "text"], ...range("whole", "killed_at_least", "killed_at_most"), ...range("whole", "injured_at_least", "injured_at_most"), TOLD],
  clock_reading: [["face", "time"], ["as_stated", "text"]],
  agreed_that: [["text", "area"], ["parties", "parties"], ["joint", "joint"]],
  disputes: [["claim", "claim"], ["text", "area"]],
  alleged: [["rule", "rule"], ["against", "party"], ["definition", "area"], ["since", "time"], ["until", "time"], ...range("whole")],
};

/** A word of the closed sets that only the aftermath has. */
export const say = (value) => t(`ui.inc.word.${value}`);
const entryRef = (ref) => ({ entry_ref: { feed: ref.feed, seq: ref.seq, hash: ref.hash } });
const iso = (at) => (at ? new Date(at).toISOString().replace(/\.000Z$/, "Z") : "");
const parties = () => [store.screen.header.own, ...store.screen.header.counterparts.map((c) => c.who)].map((who) => [who.party, who.title]);

/** A moment's latest is the same as its earliest where it is left empty, as the label says. */
const isSameMoment = (content, name) => name === "latest" && content.latest === content.earliest;

/** Under which name the record has what the form has in a unit of its own. */
const heldAs = (name) => name.replace(/_kt$/, "_mps").replace(/_minutes$/, "_s");

/** What a version holds of a field, as a person would type it. */
function typed(content, name, type) {
  const value = content[heldAs(name)];
  if (isSameMoment(content, name)) return "";
  if (type === "datum") return content.lower?.datum ?? "msl-egm96";
  if (value == null) return (type === "claim" && content.named) || "";
  if (name.endsWith("_kt")) return String(f.knots(value));
  if (type === "number" || type === "whole") return oneWay(String(name.endsWith("_minutes") ? value / 60 : value));
  if (type === "time") return iso(value);
  if (type === "claim" || type === "joint") return JSON.stringify(value.entry_ref ?? value);
  if (type === "position") return f.mgrs(value);
  if (type === "altitude") return String(f.feet(value.value_m));
  if (type === "rows") return value.join("\n");
  return value;
}

/** The controls of one kind, filled from `content` where a claim is revised; made anew for another kind. */
export function kindFields(kind, content, told) {
  return html`<div class="grid">${repeat([kind], (one) => one, () => KINDS[kind].map(([name, type, more]) => control(name, type, more, typed(content, name, type), { content, told })))}</div>`;
}

function control(name, type, more, value, { content, told }) {
  const label = t(`ui.inc.field.${name}`);
  const key = `c_${name}`;
  const required = more !== "optional";
  switch (type) {
    case "area":
      return html`<div class="whole">${field(label, html`<textarea name=${key} rows="2" required maxlength="2000" .value=${value}></textarea>`)}</div>`;
    case "rows":
      return html`<div class="whole">${field(label, html`<textarea name=${key} rows="2" maxlength="4000" .value=${value}></textarea>`, t("ui.inc.rows.hint"))}</div>`;
    case "word":
      return field(label, select(key, more.map((one) => [one, say(one)]), value || more[0]));
    case "datum":
      return field(label, select(key, f.DATUMS, value));
    case "time":
      return field(label, input(key, value, { mono: true, required }), t("ui.time.hint"));
    case "position":
      return field(label, input(key, value, { mono: true, required }), t("ui.place.hint"));
    case "altitude":
      return field(label, input(key, value, { figure: "ft", required }), "ft");
    case "number":
    case "whole":
      return field(label, input(key, value === "" ? "" : String(value), { figure: true }), more === "optional" ? "" : t("ui.inc.bound.hint"));
    case "party":
      return field(label, select(key, withHeld(parties(), value), value));
    case "parties":
      return html`<fieldset class="whole"><legend>${label}</legend>
        ${partiesOf(content[name]).map(([id, title]) => html`<label class="check"><input type="checkbox" name=${`${key}_${id}`} ?checked=${isTicked(content[name], id)} /> ${title}</label>`)}</fieldset>`;
    case "rule":
      return field(label, select(key, withHeld(store.screen.protocol.rules.map((one) => tagged(one.rule)[1].id).map((id) => [id, id]), value), value));
    case "joint":
      return field(label, select(key, withHeld([["", t("ui.inc.nojoint")], ...told.joint_texts.map((one) => [JSON.stringify(one.entry), `${one.paper}: ${one.sentences[0].slice(0, 60)}`])], value, entryNumber), value));
    case "claim":
      return html`<div class="whole">${field(label, select(key, withHeld(claims(told), value, (ref) => versionNamed(told, ref)), value))}</div>`;
    default:
      return field(label, input(key, value, { required, max: 200 }));
  }
}

/** A choice with what a version holds, though it is offered to no new one: else the first would stand for it. */
const withHeld = (offered, value, label = (held) => held) =>
  !value || offered.some(([one]) => one === value) ? offered : [[value, label(value)], ...offered];

const partiesOf = (held = []) => [...parties(), ...held.filter((id) => !parties().some(([one]) => one === id)).map((id) => [id, id])];
const isTicked = (held, id) => !held || held.includes(id);

const entryNumber = (ref) => `#${JSON.parse(ref).seq}`;
const labelOf = (one, version) => `${one.words}: ${version.text}`.slice(0, 110);
const claims = (told) =>
  told.topics.flatMap((topic) => topic.claims.filter((one) => !one.withdrawn).map((one) => [JSON.stringify(one.versions.at(-1).entry), labelOf(one, one.versions.at(-1))]));

/** An earlier version of a claim, or one of a claim that was withdrawn since, as the list would name it. */
function versionNamed(told, ref) {
  const { hash } = JSON.parse(ref);
  const named = told.topics.flatMap((topic) => topic.claims.flatMap((one) => one.versions.filter((v) => v.entry.hash === hash).map((v) => labelOf(one, v))));
  return named[0] ?? entryNumber(ref);
}

/** The parties that are ticked; none was touched: as they were, in their order. */
function readParties(v, key, held) {
  const offered = partiesOf(held).map(([id]) => id);
  const chosen = offered.filter((id) => v[`${key}_${id}`]);
  return held && offered.every((id) => chosen.includes(id) === held.includes(id)) ? held : chosen;
}

/** A height as it is typed: where only what it is measured from is another, its figure stays. */
const readAltitude = (text, datum, held, isSame) => ({ ...(isSame ? { value_m: held.value_m } : { value_ft: number(text) }), datum });

const entryNamed = (text) => entryRef(JSON.parse(text));
const READS = {
  time: (text, base) => typedTime(text, base, { past: true }),
  rows: (text) => text.split("\n").map((one) => one.trim()).filter(Boolean),
  number,
  whole: number,
  claim: entryNamed,
  joint: entryNamed,
  position: (text) => parsePoint(text),
};

/**
 * What the form states, tagged with its kind; null where a position could not be read. Of a claim that is
 * revised, `was`, what is not touched stays as it was, and so does what the form does not show.
 */
export async function readKind(kind, form, v, base, was = {}) {
  const content = { ...was };
  for (const [name, type] of KINDS[kind]) {
    const [key, as] = [`c_${name}`, heldAs(name)];
    const text = v[key];
    if (type === "parties") content[name] = readParties(v, key, was[name]);
    else if (type !== "datum") {
      const isSame = was[as] != null && !isSameMoment(was, name) && stands(form.elements[key], typed(was, name, type));
      if (type === "altitude") content[name] = readAltitude(text, v.c_datum, was[name], isSame);
      else if (!isSame) {
        delete content[as];
        if (text !== undefined) content[name] = await (READS[type] ?? String)(text, base);
        if (content[name] === null) return null;
      }
    }
  }
  if (kind === "moment") content.latest ??= content.earliest;
  return { [kind]: stated(content) };
}

export { entryRef, find, nothing, parties };
