/** Numbers, times and places as a watch reads them. Latin digits, Zulu time, in every language. */

import { forward } from "../vendor/mgrs.mjs";
import { language, unit } from "./i18n.js";
import { now } from "./store.js";

const COMMA = new Set(["tr", "ru"]); // where a comma parts the decimals
export const FOOT_M = 0.3048;
/** What an altitude may be measured from. */
export const DATUMS = ["msl-egm96", "standard-pressure", "above-ground", "wgs84-ellipsoid"];
const KNOT_MPS = 1852 / 3600;
const MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];

const two = (n) => String(Math.floor(n)).padStart(2, "0");

/** @param {string|number|Date} t @returns {Date} */
export const instant = (t) => (t instanceof Date ? t : new Date(t));

/** Hours, minutes and seconds in Zulu: 14:34:18Z; `whole`: as the record has it, to the microsecond. */
export function zulu(t, { seconds = true, exact = false, whole = false } = {}) {
  if (t == null) return "—";
  if (whole) return t.slice(11);
  const d = instant(t);
  if (exact && d.getUTCMilliseconds()) return d.toISOString().slice(11);
  const hm = `${two(d.getUTCHours())}:${two(d.getUTCMinutes())}`;
  return seconds ? `${hm}:${two(d.getUTCSeconds())}Z` : `${hm}Z`;
}

const dayOf = (t) => instant(t).toISOString().slice(0, 10);

/** A day, 30 NOV; with its year where that is another than this one: 02 JAN 2027. */
function day(t, present = now()) {
  const d = instant(t);
  const year = dayOf(t).slice(0, 4);
  return `${two(d.getUTCDate())} ${MONTHS[d.getUTCMonth()]}${year === dayOf(present).slice(0, 4) ? "" : ` ${year}`}`;
}

/** A past moment, with its day, and its year where that is not the `present`'s: 30 NOV 17:40:00Z. */
export const moment = (t, present) => `${day(t, present)} ${zulu(t)}`;

/**
 * A window, 08:40Z–09:40Z. Its start has its day where that is not today, or where it is to be `dated` in any
 * case: 30 NOV 17:40Z–18:40Z; its end, where that is another day than the start's: 17:40Z–30 NOV 17:40Z.
 */
export function window(start, end, { dated = false, ...how } = {}) {
  const [from, until] = [zulu(start, how), zulu(end, how)];
  const begins = start != null && (dated || dayOf(start) !== dayOf(now())) ? `${day(start)} ` : "";
  const ends = end != null && dayOf(end) !== dayOf(start ?? now()) ? `${day(end)} ` : "";
  return `${begins}${from}–${ends}${until}`;
}

/** An instant as a form takes it: to the minute where it is whole, 2026-11-22 14:30Z. */
export const typed = (t) => instant(t).toISOString().replace("T", " ").replace(/(:00)?\.000Z$/, "Z");

/** The date-time group: 221427Z NOV 26. */
export function dtg(t) {
  const d = instant(t);
  const day = `${two(d.getUTCDate())}${two(d.getUTCHours())}${two(d.getUTCMinutes())}Z`;
  return `${day} ${MONTHS[d.getUTCMonth()]} ${two(d.getUTCFullYear() % 100)}`;
}

/** The officer's own wall clock, with its offset. */
export function localTime(t) {
  const d = instant(t);
  const off = -d.getTimezoneOffset();
  const sign = off < 0 ? "−" : "+";
  const rest = Math.abs(off) % 60 ? `:${two(Math.abs(off) % 60)}` : "";
  return `${two(d.getHours())}:${two(d.getMinutes())} (UTC${sign}${Math.floor(Math.abs(off) / 60)}${rest})`;
}

/** Seconds as a countdown, 04:32 or 1:02:03; past is told with a plus sign. */
export function countdown(s) {
  const whole = Math.floor(Math.abs(s));
  const [h, m, sec] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  if (h >= 100) return `${s < 0 ? "+" : ""}${unit("ui.span.d", { n: Math.floor(h / 24) })}`;
  const text = h ? `${h}:${two(m)}:${two(sec)}` : `${two(m)}:${two(sec)}`;
  return s < 0 ? `+${text}` : text;
}

/** A span in one unit: 28 s, 12 min, 3 h, 2 d. In a message between parties its unit is a word of the message, `say` is `t`. */
export function span(s, say = unit) {
  const v = Math.max(0, Math.floor(s));
  if (v < 120) return say("ui.span.s", { n: v });
  if (v < 7200) return say("ui.span.min", { n: Math.floor(v / 60) });
  if (v < 172800) return say("ui.span.h", { n: Math.floor(v / 3600) });
  return say("ui.span.d", { n: Math.floor(v / 86400) });
}

const tenths = (v) => figure(Math.round(v * 10) / 10);

/** A span as a document or a measurement has it: in seconds, or in hours, to a tenth. */
export const inSeconds = (s) => unit("ui.span.s", { n: tenths(s) });
export const inHours = (s) => unit("ui.span.h", { n: tenths(s / 3600) });

/** A text with its instants to the second: the full ones are in the record, and beside it. */
export const seconds = (text) => text.replace(/(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\.\d{1,6}Z/g, "$1Z");

export const feet = (m) => Math.round(m / FOOT_M);
export const knots = (mps, digits = 0) => Number((mps / KNOT_MPS).toFixed(digits));

/** A figure with so many decimals, parted as the language parts them; thousands run together. */
const decimals = (value, digits) => {
  const text = value.toFixed(digits);
  return COMMA.has(language()) ? text.replace(".", ",") : text;
};

/** A figure of a document, with the decimals that it has. */
export const figure = (value) => (COMMA.has(language()) ? String(value).replace(".", ",") : String(value));

/** A length: metres below 2 km, else kilometres. */
export function length(m) {
  if (m == null) return "—";
  return Math.abs(m) < 2000 ? `${Math.round(m)} m` : `${decimals(m / 1000, m < 20000 ? 1 : 0)} km`;
}

export const megahertz = (hz) => `${decimals(hz / 1e6, 3)} MHz`;
export const miles = (m) => `${decimals(m / 1852, 1)} NM`;

/** An altitude with its datum, as the field writes it; of the field's unit with so many decimals. */
export function altitude(limit, digits = 0) {
  if (limit == null) return "—";
  if (limit === "unbounded" || limit.unbounded) return "UNL";
  const a = limit.altitude ?? limit;
  const ft = digits ? decimals(a.value_m / FOOT_M, digits) : feet(a.value_m);
  switch (a.datum) {
    case "standard-pressure":
      return digits ? `FL${decimals(a.value_m / FOOT_M / 100, digits).padStart(digits + 4, "0")}` : `FL${String(Math.round(ft / 100)).padStart(3, "0")}`;
    case "above-ground":
      return `${ft} ft AGL`;
    case "wgs84-ellipsoid":
      return `${ft} ft HAE`;
    default:
      return `${ft} ft MSL`;
  }
}

/** Degrees, minutes and seconds. */
export function dms(p) {
  const part = (v, width, [pos, neg]) => {
    const whole = Math.round(Math.abs(v) * 3600);
    const [d, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
    return `${String(d).padStart(width, "0")}°${two(m)}′${two(s)}″${v < 0 ? neg : pos}`;
  };
  return `${part(p.lat_deg, 2, "NS")} ${part(p.lon_deg, 3, "EW")}`;
}

const minute = (v) => (Math.sign(v) * Math.round(Math.abs(v) * 60)) / 60;

/** The point that is meant where one is said to the minute. */
export const atMinute = (p) => ({ lat_deg: minute(p.lat_deg), lon_deg: minute(p.lon_deg) });

/** Degrees and whole minutes, as they are said on the air, and in one run in any text: N36°15′ E040°38′. */
export function minutes(p) {
  const part = (v, width, [pos, neg]) => {
    const whole = Math.round(Math.abs(v) * 60);
    return `${v < 0 ? neg : pos}${String(Math.floor(whole / 60)).padStart(width, "0")}°${two(whole % 60)}′`;
  };
  return `${part(p.lat_deg, 2, "NS")} ${part(p.lon_deg, 3, "EW")}`;
}

/** A military grid reference to `digits` digits, in groups; decimal degrees near the poles. */
export function mgrs(p, digits = 5) {
  if (p.lat_deg > 84 || p.lat_deg < -80) return decimal(p);
  const text = forward([p.lon_deg, p.lat_deg], digits);
  const head = text.length - 2 * digits;
  const [zone, square] = [text.slice(0, head - 2), text.slice(head - 2, head)];
  return `${zone} ${square} ${text.slice(head, head + digits)} ${text.slice(head + digits)}`.trim();
}

/** A text in which each grid reference stays in one line. */
export const unbroken = (text) => text.replace(/\b\d{1,2}[C-X] [A-Z]{2} \d+ \d+/g, (grid) => grid.replaceAll(" ", "\u00a0"));

/** Decimal degrees with their letters: two bare numbers say of neither which it is. */
export const decimal = (p) => `${Math.abs(p.lat_deg).toFixed(5)}${p.lat_deg < 0 ? "S" : "N"} ${Math.abs(p.lon_deg).toFixed(5)}${p.lon_deg < 0 ? "W" : "E"}`;

/** A true bearing of three figures. */
export const bearing = (deg) => `${String(Math.round(((deg % 360) + 360) % 360) % 360).padStart(3, "0")}°T`;

/** The time of an id: short, unique within the watch, sayable. */
export function mint(prefix, at) {
  const d = instant(at);
  const stamp = `${two(d.getUTCDate())}${two(d.getUTCHours())}${two(d.getUTCMinutes())}${two(d.getUTCSeconds())}`;
  const salt = crypto.getRandomValues(new Uint8Array(2));
  return `${prefix}-${stamp}-${[...salt].map((b) => b.toString(16).padStart(2, "0")).join("")}`;
}
