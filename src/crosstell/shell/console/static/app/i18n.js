/**
 * Languages. A catalogue is one JSON file: `{reviewed: [...], text: {key: string | plural forms}}`.
 * Messages between parties are codes with typed arguments; each reader sees them in their own
 * language. Arguments are isolated, so that ids, times and figures stay left to right in any text.
 */

import * as f from "./format.js";

export const LANGUAGES = [
  ["en", "English"],
  ["tr", "Türkçe"],
  ["ru", "Русский"],
  ["ar", "العربية"],
];
const RTL = new Set(["ar"]);
const LRI = "\u2066";
const FSI = "\u2068";
const PDI = "\u2069";

const held = { en: { text: {}, reviewed: true } };
let current = "en";
let asked = "en";
let plural = new Intl.PluralRules("en");

/** The catalogue of a language, with the English beneath it. */
async function load(lang) {
  for (const one of new Set(["en", lang])) {
    if (!held[one] || !Object.keys(held[one].text).length) {
      const got = await fetch(`/console/i18n/${one}.json`);
      if (!got.ok) throw new Error(`catalogue ${one}: ${got.status}`);
      held[one] = await got.json();
    }
  }
}

/** What `say` gives at once, in that language; the page stays in its own. */
export async function saidIn(lang, say) {
  await load(lang);
  const before = [current, plural];
  [current, plural] = [lang, new Intl.PluralRules(lang)];
  try {
    return say();
  } finally {
    [current, plural] = before;
  }
}

/** Loads a language and makes it the page's. */
export async function use(lang) {
  asked = lang;
  await load(lang);
  if (asked !== lang) return; // another was chosen while this one came
  current = lang;
  plural = new Intl.PluralRules(lang);
  document.documentElement.lang = lang;
  document.documentElement.dir = RTL.has(lang) ? "rtl" : "ltr";
}

export const language = () => current;
/** The direction of words that stand in English where the page has none of its own language. */
export const latin = () => (RTL.has(current) && isHalf() ? "ltr" : "auto");
/** Whether the page's own words are not in its language, but the messages between parties are. */
export const isHalf = () => !("ui.rule" in held[current].text);
/** What the English catalogue has of a key. */
export const english = (key) => held.en.text[key];
export const isRtl = () => RTL.has(current);
/** Whether a key of the language in use was reviewed by a native speaker. */
export const isReviewed = (key) => {
  const known = held[current].reviewed;
  return known === true || (Array.isArray(known) && known.includes(key));
};
export const has = (key) => key in (held[current]?.text ?? {}) || key in held.en.text;

function pick(key, args) {
  const value = held[current]?.text[key] ?? held.en.text[key];
  if (value === undefined || typeof value === "string") return value;
  return value[plural.select(Number(args.n ?? 0))] ?? value.other;
}

/** Isolated where the page or the argument runs from right to left: elsewhere nothing can turn. */
export const apart = (value) => (isRtl() || /[\u0590-\u08ff]/.test(value) ? `${FSI}${value}${PDI}` : value);

const fill = (text, args) =>
  text.replace(/\{(\w+)\}/g, (whole, name) =>
    args[name] === undefined || args[name] === null ? "" : apart(String(args[name])),
  );

/** The text of a key with its arguments; the key itself where no catalogue has it. */
export function t(key, args = {}) {
  const text = pick(key, args);
  if (text === undefined) return key;
  const foreign = isRtl() && !(key in held[current].text); // English runs its own way, marks and all
  return foreign ? `${LRI}${fill(text, args)}${PDI}` : fill(text, args);
}

/** A figure with its unit beside the page's own words: in English where those are, never two scripts in a sentence. */
export const unit = (key, { n }) => (isHalf() ? english(key).replace("{n}", n) : t(key, { n }));

/** A word of a closed set, in the reader's language: one that crosses between parties, or one of our own. */
export function word(value) {
  if (value === undefined || value === null) return "";
  const key = [`word.${value}`, `ui.word.${value}`, `ui.inc.word.${value}`].find(has);
  return key ? t(key) : String(value).replaceAll("-", " ");
}

/** The name of a field of what is filed or agreed, in the reader's language. */
export function fieldName(field) {
  const key = [`ui.name.${field}`, `ui.kind.${field}`].find(has);
  return key ? t(key) : field.replaceAll("_", " ");
}

function shown({ kind, value }) {
  switch (kind) {
    case "word":
      return word(value);
    case "instant":
      return f.zulu(value);
    case "span":
      return f.span(Number(value), t);
    case "length":
      return f.length(Number(value));
    case "speed":
      return `${f.knots(Number(value))} kt`;
    default:
      return value;
  }
}

/** A coded sentence: from the catalogue where it has the code, else the English beside it. */
export function coded(one) {
  if (!one) return "";
  const key = `msg.${one.code}`;
  if (!has(key)) return one.text;
  return t(key, Object.fromEntries(one.args.map((arg) => [arg.name, shown(arg)])));
}

/** Whether the sentence is shown in an unreviewed translation, or was not translated. */
export function markOf(one) {
  if (current === "en") return null;
  const key = `msg.${one.code}`;
  if (!(key in held[current].text)) return "untranslated";
  return isReviewed(key) ? null : "unreviewed";
}
