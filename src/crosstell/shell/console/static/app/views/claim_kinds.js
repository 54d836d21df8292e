/**
 * What a claim may state, kind by kind: its fields, in the order of a form. The node has the rules;
 * here is only how each field is typed and shown.
 */

import { html, nothing, repeat } from "../../vendor/lit.mjs";
import * as f from "../format.js";
import { t } from "../i18n.js";
import { find, store, tagged } from "../store.js";
import { parsePoint, typedTime } from "./content_fields.js";
import { field, input, number, select, stated } from "./parts.js";

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

/** What a version holds of a field, as a person would type it. */
function typed(content, name, type) {
  const value = content[name];
  if (name === "latest" && value === content.earliest) return ""; // the same, as the label says
  if (type === "datum") return content.lower?.datum ?? "msl-egm96";
  if (value == null) {
    if (name.endsWith("_kt") && content[name.replace("_kt", "_mps")] != null) return String(f.knots(content[name.replace("_kt", "_mps")]));
    if (name.endsWith("_minutes") && content[name.replace("_minutes", "_s")] != null) return String(content[name.replace("_minutes", "_s")] / 60);
    return "";
  }
  if (type === "time") return iso(value);
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
      return field(label, select(key, parties(), value));
    case "parties":
      return html`<fieldset class="whole"><legend>${label}</legend>
        ${parties().map(([id, name]) => html`<label class="check"><input type="checkbox" name=${`${key}_${id}`} ?checked=${value ? value.includes(id) : true} /> ${name}</label>`)}</fieldset>`;
    case "rule":
      return field(label, select(key, store.screen.protocol.rules.map((one) => tagged(one.rule)[1].id).map((id) => [id, id]), value));
    case "joint":
      return field(label, select(key, [["", t("ui.inc.nojoint")], ...told.joint_texts.map((one) => [JSON.stringify(one.entry), `${one.paper}: ${one.sentences[0].slice(0, 60)}`])], ""));
    case "claim":
      return html`<div class="whole">${field(label, select(key, claims(told), value ? JSON.stringify(value.entry_ref ?? value) : (content.named ?? "")))}</div>`;
    default:
      return field(label, input(key, value, { required, max: 200 }));
  }
}

const claims = (told) =>
  told.topics.flatMap((topic) => topic.claims.filter((one) => !one.withdrawn).map((one) => [JSON.stringify(one.versions.at(-1).entry), `${one.words}: ${one.versions.at(-1).text}`.slice(0, 110)]));

/** What the form states, tagged with its kind; null where a position could not be read. */
export async function readKind(kind, v, base) {
  const content = {};
  for (const [name, type] of KINDS[kind]) {
    const text = v[`c_${name}`];
    if (type === "parties") content[name] = parties().map(([id]) => id).filter((id) => v[`c_${name}_${id}`]);
    else if (text === undefined) continue;
    else if (type === "time") content[name] = typedTime(text, base, { past: true });
    else if (type === "rows") content[name] = text.split("\n").map((one) => one.trim()).filter(Boolean);
    else if (type === "altitude") content[name] = { value_ft: number(text), datum: v.c_datum };
    else if (type === "number" || type === "whole") content[name] = number(text);
    else if (type === "claim" || type === "joint") content[name] = entryRef(JSON.parse(text));
    else if (type === "position") {
      content[name] = await parsePoint(text);
      if (!content[name]) return null;
    } else if (type !== "datum") content[name] = text;
  }
  if (kind === "moment") content.latest ??= content.earliest;
  return { [kind]: stated(content) };
}

export { entryRef, find, nothing, parties };
