/** What is said on the line, in rows: for cards, side by side, and to be read aloud. */

import * as f from "./format.js";
import { apart, t, word } from "./i18n.js";
import { middle } from "./map/geo.js";
import { own, tagged } from "./store.js";

export const FIELDS = ["subjects", "place", "altitude-lower", "altitude-upper", "window", "danger", "act", "remarks"];

/** The notices that two persons file and release: they tell where somebody is. */
export const BY_TWO = ["own_force_location", "notified_site"];

/** Every volume that the content of a notice has; of a general notice none. */
export const volumesOf = (content) => content.volumes ?? (content.volume ? [content.volume] : []);

const stated = (content, field) => {
  const value = content?.[field.replace("-", "_")];
  return value == null || (Array.isArray(value) && !value.length) ? null : value;
};

/**
 * One field of a content as text, or null where it is not stated. What stands `beside` it looks the same only
 * where it is: else both are told so finely that they differ.
 */
export function fieldText(content, field, beside) {
  const [value, other] = [stated(content, field), stated(beside, field)];
  if (value === null) return null;
  const text = textOf(value, field);
  return other === null || isSame(value, other) || text !== textOf(other, field) ? text : toldApart(value, other, field);
}

const isSame = (one, other) => JSON.stringify(one) === JSON.stringify(other);

function textOf(value, field) {
  switch (field) {
    case "subjects":
      return value.map((one) => `${word(one.kind)}: \u2068${one.label}\u2069`).join("; ");
    case "place":
      return placeText(value);
    case "altitude-lower":
    case "altitude-upper":
      return f.altitude(value);
    case "window":
      return f.window(value.start, value.end, { dated: true });
    case "remarks":
      return `${value.text} [${value.language}]`;
    default:
      return word(value);
  }
}

const DECIMALS_MAX = 5; // of a flight level that is a millimetre

/** A value that looks like another one, told so finely that it does not. */
function toldApart(value, other, field) {
  if (field === "place") return `${placeText(value)} · ${toldApartIn(value, other)}`;
  if (field === "window") return f.window(value.start, value.end, { dated: true, whole: true });
  if (!field.startsWith("altitude")) return textOf(value, field);
  let digits = 1;
  while (digits < DECIMALS_MAX && f.altitude(value, digits) === f.altitude(other, digits)) digits += 1;
  return f.altitude(value, digits);
}

const UNITS = { deg: "°", m: " m" };

/** What first differs in two shapes, in full: a point and which of them, or a size. */
function toldApartIn(one, other) {
  const name = Object.keys({ ...one, ...other }).find((key) => !isSame(one[key], other?.[key]));
  const value = one[name];
  if (value === undefined) return "—";
  if (typeof value !== "object") return `${f.figure(value)}${UNITS[name.split("_").at(-1)] ?? ""}`;
  if (!("lat_deg" in value)) return toldApartIn(value, other?.[name]);
  return `${Array.isArray(one) ? `${Number(name) + 1}: ` : ""}${value.lat_deg.toFixed(7)}, ${value.lon_deg.toFixed(7)}`;
}

/** What a party answered. "Ours" in another's mouth is said as of them: on our page it would read as ours. */
export const answerWord = (kind, party) => word(party !== own() && ["ours", "not-ours"].includes(kind) ? `theirs-${kind}` : kind);

/** A place as a person reads it out: a grid reference, with its size where it has one. */
export function placeText(shape) {
  const [tag, s] = tagged(shape);
  if (tag === "position") return f.mgrs(s);
  const at = tag === "polygon" ? s.vertices[0] : middle(shape);
  const grid = at ? f.mgrs(at, 4) : "";
  switch (tag) {
    case "circle":
      return t("ui.place.circle", { at: grid, m: f.length(s.radius_m) });
    case "polygon":
      return t("ui.place.polygon", { at: grid, n: s.vertices.length });
    case "corridor":
      return t("ui.place.corridor", { at: grid, n: s.points.length, m: f.length(2 * s.half_width_m) });
    default:
      return `${word(tag.replaceAll("_", "-"))} ${grid}`;
  }
}

/** Every field that is stated, in the order of a read-back; `beside`: of the content that it is compared with. */
export const rows = (content, beside) =>
  FIELDS.map((field) => [field, fieldText(content, field, beside)]).filter(([, text]) => text !== null);

/** One line of a content, for a card: the fields, or the remarks where nothing else is stated. */
export const summary = (content) => {
  const all = rows(content);
  const fields = all.filter(([field]) => field !== "remarks");
  return (fields.length ? fields : all).map(([, text]) => apart(text)).join(" · ");
};

/** The carriage of a call in words. */
export function carriageText(carriage) {
  const [tag, c] = tagged(carriage);
  if (tag === "radio") return `${word("radio")} ${f.megahertz(c.frequency_hz)}`;
  if (tag === "relay") return `${word("relay")}: ${c.hops.map((hop) => hop.who).join(" → ")}`;
  return word(tag);
}

/** What an alert is about, in the names that the map and the record use. */
export function aboutText(about) {
  const [tag, a] = tagged(about);
  const notice = (n) => `${n.notice}`;
  switch (tag) {
    case "track_at_notice":
      return `${a.track} × ${notice(a.notice)}`;
    case "two_tracks":
      return `${a.first} × ${a.second}`;
    case "two_notices":
      return `${notice(a.first)} × ${notice(a.second)}`;
    case "track_on_activity":
      return `${a.track} → ${notice(a.notice)}`;
    case "one_track":
      return a.track;
    default:
      return notice(a.notice);
  }
}

/** The tracks that an alert names. */
export const aboutTracks = (about) => {
  const [, a] = tagged(about);
  return [a.track, a.first, a.second].filter((one) => typeof one === "string");
};

/** The notices that an alert names, each with its party. */
export const aboutNotices = (about) => {
  const [, a] = tagged(about);
  return [a.notice, a.first, a.second].filter((one) => one?.notice);
};

/** The objects that an alert names, as keys of the page. */
export function aboutKeys(about) {
  const [tag, a] = tagged(about);
  const track = (name) => `track ${name}`;
  const notice = (n) => `notice ${n.party}/${n.notice}`;
  switch (tag) {
    case "track_at_notice":
    case "track_on_activity":
      return [track(a.track), notice(a.notice)];
    case "two_tracks":
      return [track(a.first), track(a.second)];
    case "two_notices":
      return [notice(a.first), notice(a.second)];
    case "one_track":
      return [track(a.track)];
    default:
      return [notice(a.notice)];
  }
}
