/**
 * Sentences that the node made from entries, in the reader's language. The node puts them over, by the
 * catalogue that its papers speak by; the page asks for those that it shows, and keeps what came.
 * Until then, and where the node has no words for it, the English stands, marked as English.
 */

import * as api from "./api.js";
import * as f from "./format.js";
import { has, language, t } from "./i18n.js";
import { set } from "./store.js";

const SPOKEN = ["tr"]; // what the node's papers are spoken in, beside English
const AT_ONCE = 100; // sentences of one request
const KEPT_MAX = 4000;
const LENGTH_MAX = 8000;
const AGAIN_MS = 5000; // after the node did not answer
const PATIENCE_MS = 1500; // what the node said is shown by then, in whatever language it has
export const UNREVIEWED = "◦"; // behind a sentence of which no native reader looked through the words

const held = new Map(); // language, section and text: the parts
const wanted = new Map(); // the same: what is to be asked for
let asking = false;
let reviewed = false;
/** Whether a native reader looked through the words that the node speaks. */
export const isReviewed = () => reviewed;

const keyOf = (section, text) => `${language()}\n${section}\n${text}`;

/** The parts of a sentence as `{voice, text}`, or null while they have not come, and in English. */
export function parts(section, text) {
  if (!SPOKEN.includes(language()) || !text || text.length > LENGTH_MAX) return null;
  const key = keyOf(section, text);
  const known = held.get(key);
  if (known) return known;
  wanted.set(key, { section, text });
  if (!asking) {
    asking = true;
    setTimeout(ask, 0); // once all that is drawn now has said what it wants
  }
  return null;
}

async function ask() {
  const lang = language();
  const rows = [...wanted].filter(([key]) => key.startsWith(`${lang}\n`)).slice(0, AT_ONCE);
  try {
    await fetched(lang, rows);
    for (const [key] of rows) wanted.delete(key);
    asking = wanted.size > 0;
    if (asking) setTimeout(ask, 0);
    set({});
  } catch {
    wanted.clear(); // what is still shown then is wanted anew
    setTimeout(() => ((asking = false), set({})), AGAIN_MS);
  }
}

async function fetched(lang, rows) {
  if (!rows.length) return wanted.clear();
  const told = await api.post("/told", { language: lang, sentences: rows.map(([, one]) => one) }, { reads: false });
  reviewed = told.reviewed;
  rows.forEach(([key], i) => held.set(key, told.told[i]));
  while (held.size > KEPT_MAX) held.delete(held.keys().next().value);
  return told;
}

/** A sentence as plain text, for a box or a list that can mark nothing: as far as it has come. */
export const plainly = (section, text) => (parts(section, text) ?? [{ text }]).map((one) => one.text).join("");

/** Whether all that is the node's own in it was put over. */
const whole = (told) => told.every((one) => one.voice !== "english");

/** Sentences asked for: each as plain text, or null where none of it was put over. */
async function askedFor(rows) {
  if (!SPOKEN.includes(language())) return rows.map(() => null);
  const lang = language();
  const asked = rows.map((one) => [keyOf(one.section, one.text), one]);
  try {
    for (let from = 0; from < asked.length; from += AT_ONCE) await fetched(lang, asked.slice(from, from + AT_ONCE));
  } catch {
    return rows.map(() => null);
  }
  return asked.map(([key]) => {
    const told = held.get(key);
    return told && whole(told) ? told.map((one) => one.text).join("") : null;
  });
}

/** The same, waited for so long and no longer: where they have not come by then, each is null. */
export function waited(rows, patience_ms = PATIENCE_MS) {
  const late = new Promise((done) => setTimeout(() => done(rows.map(() => null)), patience_ms));
  return Promise.race([askedFor(rows), late]);
}

/**
 * A *no* of the node in the reader's language and the form's own units, every fault of it on a line: its
 * sentences where there are words, else its kind before them.
 */
api.onProblem(async (told) => {
  if (told.status === 401) return unlet(told); // without a session nothing is told
  if (!told.detail) return told;
  const faults = told.faults ?? [];
  if (faults.some((one) => LINE.test(one.path))) return ofPasted(told, faults);
  const english = faults.length > 1 ? faults.map((one) => `${one.path}: ${one.text}`) : [told.detail];
  const [title, ...said] = await waited([told.title ?? "", ...english].map((text) => ({ section: "refusals", text })));
  const lines = english.map((text, i) => formed(said[i] ?? text, text));
  if (title === null && said.every((one) => one === null)) return { ...told, detail: lines.join("\n") };
  const detail = said.includes(null) ? `${title ?? told.title}: ${lines.join("\n")}` : lines.join("\n");
  return { ...told, title: title ?? told.title, detail: reviewed ? detail : `${detail} ${UNREVIEWED}` };
});

const LINE = /^line (\d+)$/;
/** What is wrong in the lines of a pasted text, each with its number. */
async function ofPasted(told, faults) {
  const said = await waited(faults.map(({ text }) => ({ section: "refusals", text })));
  const lines = faults.map(({ path, text }, i) => t("ui.paste.line", { n: LINE.exec(path)?.[1] ?? path, text: said[i] ?? text }));
  const isMarked = said.some((one) => one !== null) && !reviewed;
  return { ...told, detail: `${lines.join("\n")}${isMarked ? ` ${UNREVIEWED}` : ""}` };
}

/** Whoever has no session reads why in the page's own words. */
function unlet(told) {
  const key = `ui.problem.${api.nameOf(told)}`;
  return has(key) ? { ...told, title: "", detail: t(key) } : told;
}

const ENTERED = /(“[^”]*”)/; // what a person wrote stays as it was written
const INSTANT = /\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g;
const LENGTH = /([+\-−]?\d+(?:[.,]\d+)?) (k?m)\b(?!\/)/g;
const SPEED = /([+\-−]?\d+(?:[.,]\d+)?) m\/s/g;
const HEIGHTS = /\b(altitude|upper limit|lower limit)\b/; // which the forms have in feet
const SIZES = /\b(radius|half-width)\b/; // which they have in kilometres
const value = (text) => Number(text.replace("−", "-").replace(",", "."));

/** A sentence about what was typed, in the units and the times that the forms have; `english` says of what it is. */
export function formed(text, english = text) {
  const isHeight = HEIGHTS.test(english) && !english.includes("coarser");
  const length = (whole, figure, unit) => {
    const m = value(figure) * (unit === "km" ? 1000 : 1);
    if (isHeight) return `${f.feet(m)} ft`;
    return SIZES.test(english) ? `${f.figure(m / 1000)} km` : whole;
  };
  const told = (part) => part.replace(INSTANT, f.typed).replace(LENGTH, length).replace(SPEED, (_, figure) => `${f.knots(value(figure))} kt`);
  return text.split(ENTERED).map((part, i) => (i % 2 ? part : told(part))).join("");
}
