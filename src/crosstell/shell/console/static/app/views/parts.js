/** Small pieces that every view uses: icons with words, figures that stay left to right, marks. */

import { html, nothing, svg } from "../../vendor/lit.mjs";
import { placeText } from "../content.js";
import * as f from "../format.js";
import { coded, language, markOf, t, word } from "../i18n.js";
import { mayRecord, title } from "../store.js";
import { UNREVIEWED, isReviewed, parts, plainly } from "../told.js";
import { sending } from "./kept.js";

const SHAPES = {
  critical: svg`<path d="M8 .5 15.5 8 8 15.5.5 8Z" fill="currentColor"/>`,
  urgent: svg`<path d="M8 1.5 15.5 14H.5Z" fill="currentColor"/>`,
  advisory: svg`<circle cx="8" cy="8" r="6" fill="currentColor"/>`,
  notice: svg`<circle cx="8" cy="8" r="6" fill="currentColor"/>`,
  call: svg`<path d="M2 2h3l2 4-2 1.5a9 9 0 0 0 3.5 3.5L10 9l4 2v3c-7 1-13-5-12-12Z" fill="currentColor"/>`,
  clear: svg`<path d="m2 8.5 4 4 8-9" fill="none" stroke="currentColor" stroke-width="2.4"/>`,
  stop: svg`<path d="M5 .5h6L15.500 5v6L11 15.500H5L.5 11V5Z" fill="currentColor"/>`,
};

/** The shape of a level; colour never says it alone, and words stand beside it. */
export const icon = (name, extra = "") => html`<svg
  class="icon c-${name} ${extra}"
  viewBox="0 0 16 16"
  aria-hidden="true"
>
  ${SHAPES[name] ?? SHAPES.notice}
</svg>`;

const DOTS = {
  up: ["ok", svg`<circle cx="6" cy="6" r="5" fill="currentColor"/>`],
  doubtful: ["urgent", svg`<path d="M6 1 11 10.500H1Z" fill="currentColor"/>`],
  down: ["critical", svg`<path d="M1 1 11 11M11 1 1 11" stroke="currentColor" stroke-width="2.6"/>`],
  untested: ["unknown", svg`<circle cx="6" cy="6" r="4.4" fill="none" stroke="currentColor" stroke-width="2"/>`],
};

/** How a line or a feed stands: shape, colour, and the word for who hears it. */
export const dot = (standing) => {
  const [colour, shape] = DOTS[standing] ?? DOTS.untested;
  return html`<svg class="dot c-${colour}" viewBox="0 0 12 12" role="img" aria-label=${word(standing)}>${shape}</svg>`;
};

/** An id, a figure or a time: never translated, never turned round. */
export const mono = (text) => html`<bdi class="mono" dir="ltr">${typeof text === "string" ? f.unbroken(text) : text}</bdi>`;

/** A place in the words of the page, which run their own way; its grid reference stays in one line. */
export const placed = (shape) => html`<bdi class="mono" dir="auto">${f.unbroken(placeText(shape))}</bdi>`;

/** A coded sentence in the reader's language, marked where nobody reviewed the translation. */
export const said = (one) => {
  if (!one) return nothing;
  const mark = markOf(one);
  return html`<span lang=${mark === "untranslated" ? "en" : nothing}>${coded(one)}</span>${marked(mark)}`;
};

/**
 * A sentence that the node made from entries, in the reader's language as far as the node has words for
 * it: what somebody said stays as it was entered, between quotation marks, and English is marked.
 */
export function made(text, section) {
  if (!text) return nothing;
  const told = parts(section, text);
  const full = told ? told.map((one) => one.text).join("") : text;
  const whole = f.seconds(full) === full ? nothing : full; // to the microsecond, at hand
  if (!told) return html`<span lang="en" title=${whole}>${f.seconds(text)}</span>${language() === "en" ? nothing : marked("untranslated")}`;
  return html`<span title=${whole}>${told.map(part)}</span>${isReviewed() ? nothing : marked("unreviewed")}`;
}

/** Words as somebody entered them, in whatever language. */
export const entered = (text) => html`<q class="entered" lang="" dir="auto">${text}</q>`;

const SLOT = "\uE000"; // in no text of the page's
/** A sentence of the page with words of somebody in it, which stand as they were entered, and quoted. */
export function quoting(key, name, ...words) {
  const [before, after] = t(key, { [name]: SLOT }).split(SLOT);
  return html`${before}${words.map((one, i) => html`${i ? ", " : ""}${entered(one)}`)}${after}`;
}

/** Whose claim it is: a party that speaks for itself by its title, another as the node tells it. */
export const voice = (claim) => (claim.voice === `party ${claim.column}` ? title(claim.column) : made(claim.voice, "names"));

/** The same where nothing can be marked: of the one voice that a topic has. */
export function voicePlainly(topic, voice) {
  const own = topic.claims.find((one) => one.voice === voice && voice === `party ${one.column}`);
  return own ? title(own.column) : plainly("names", voice);
}

/** What tells two topics of one kind apart: names as people gave them; a dispute's is the node's, which claim. */
export const namesOf = (topic) => topic.names.map((one, i) => html`${i ? ", " : ""}${topic.kind === "dispute" ? made(one, "refs") : one}`);

const part = ({ voice, text }) =>
  ({
    "put-over": f.seconds(text),
    "as-entered": entered(text),
    english: html`<span lang="en">${text}</span>${marked("untranslated")}`,
  })[voice];

export const marked = (mark) =>
  mark ? html`<span class="mark" title=${t(`ui.mark.${mark}`)} role="img" aria-label=${t(`ui.mark.${mark}`)}>${UNREVIEWED}</span>` : nothing;

/** Free text stays in its writer's language, and says which. */
export const free = (one) =>
  one ? html`<q lang=${one.language} dir="auto">${one.text}</q> <span class="tag mono">${one.language}</span>` : nothing;

/** A button with its key. */
export const button = (label, act, { key, kind = "", disabled = false, pressed } = {}) => html`<button
  type="button"
  class=${kind}
  ?disabled=${disabled}
  aria-pressed=${pressed ?? nothing}
  @click=${(e) => {
    e.stopPropagation();
    act(e);
  }}
>
  ${label}${key ? html` <kbd aria-hidden="true">${key}</kbd>` : nothing}
</button>`;

/**
 * Takes away what lit 3.3 leaves of the items of a keyed list: removing one, it keeps the mark at its
 * end, a comment for each card that ever went. What stands belongs to an item, and touches it.
 */
export function sweep(list) {
  const marks = [...list.childNodes].filter((one) => one.nodeType === Node.COMMENT_NODE && one.data === "");
  for (const mark of marks)
    if (mark.nextSibling?.nodeName !== "LI" && mark.previousSibling?.nodeName !== "LI") mark.remove();
}

/** Scrolls a panel alone, so that this part of it stands at its top. */
export function toTop(part) {
  const body = part?.closest(".body");
  if (body) body.scrollTop += part.getBoundingClientRect().top - body.getBoundingClientRect().top;
}

export const field = (label, control, hint) => html`<label class="field">
  <span>${label}</span>${control}${hint ? html`<small class="quiet">${hint}</small>` : nothing}
</label>`;

/** One figure; what parts its decimals is a comma or a point. */
const ONE = "[+\\-]?[0-9]+(?:[.,][0-9]+)?";
/** Three figures behind a comma or a point may be thousands or decimals, unless no thousands can stand before it: 0.125, 1500.125. */
const TWO_WAYS = "[+\\-]?(?!0+[.,])[0-9]{1,3}[.,][0-9]{3}";
const FIGURE = `\\s*(?!${TWO_WAYS}\\s*$)${ONE}\\s*`; // a browser says at the field what does not fit
const OVER_NOUGHT = `(?=.*[1-9])(?!\\s*-)${FIGURE}`;
const isTwoWays = (text) => new RegExp(`^${TWO_WAYS}$`).test(text);
const decimal = (text) => Number(text.replace(",", "."));
/** A figure as it can be read in one way only: 3.658 as 3.6580. */
export const oneWay = (text) => (isTwoWays(text) ? `${text}0` : text);
const METRES = { ft: f.FOOT_M, km: 1000 };

/** What a figure is taken for as it is typed, in metres too; of one that can be read in two ways, both. */
function understood(text, unit) {
  const value = decimal(text);
  if (text === "" || Number.isNaN(value)) return "";
  if (unit !== "MHz" && isTwoWays(text)) return t("ui.figure.twoways", { typed: text, one: oneWay(f.figure(value)), other: text.replace(/[+.,]/g, "") });
  const metres = METRES[unit] ? ` = ${Math.round(value * METRES[unit])} m` : "";
  return `${f.figure(value)} ${unit === true ? "" : unit}${metres}`.trim();
}

function tellBack({ currentTarget: box }, unit) {
  const told = box.nextElementSibling;
  told.value = understood(box.value.trim(), unit);
  told.hidden = !told.value;
}

const figureHint = (unit, overNought) => t(unit === "MHz" ? "ui.figure.mhz" : overNought ? "ui.figure.over" : "ui.figure.hint");

/** A `figure` of some unit, or of none, is told back beside its box; one of `overNought` is more than 0. */
function figureInput(name, value, { figure: unit, overNought, required, list }) {
  const heed = (e) => tellBack(e, unit);
  const shown = String(value);
  return html`<input
      name=${name}
      class="mono"
      inputmode="decimal"
      pattern=${unit === "MHz" ? `\\s*${ONE}\\s*` : overNought ? OVER_NOUGHT : FIGURE}
      title=${figureHint(unit, overNought)}
      .value=${unit === "MHz" ? shown : oneWay(shown)}
      ?required=${!!required}
      autocomplete="off"
      list=${list ?? nothing}
      @input=${heed}
      @filled=${heed}
    /><output class="quiet" dir="auto" hidden></output>`;
}

export const input = (name, value = "", how = {}) => (how.figure ? figureInput(name, value, how) : textInput(name, value, how));

const textInput = (name, value, { type = "text", mono: m = false, required = false, first = false, list, max }) => html`<input
  name=${name}
  type=${type}
  class=${m ? "mono" : ""}
  .value=${value}
  ?required=${required}
  ?data-first=${first}
  maxlength=${max ?? nothing}
  autocomplete="off"
  spellcheck="false"
  list=${list ?? nothing}
/>`;

/** A choice from words of a closed set, or from [value, label] pairs. */
export const select = (name, options, chosen, onChange) => html`<select name=${name} @change=${onChange ?? null}>
  ${options.map((one) => {
    const [value, label] = Array.isArray(one) ? one : [one, word(one)];
    return html`<option value=${value} ?selected=${value === chosen}>${label}</option>`;
  })}
</select>`;

export const facts = (rows) => html`<dl class="facts">
  ${rows.filter(Boolean).map(([k, v]) => html`<dt>${k}</dt><dd>${v}</dd>`)}
</dl>`;

export const who = (by) =>
  by ? html`${title(by.party)} · ${word(by.role)} · ${t("ui.watch")} ${mono(by.watch)}` : t("ui.bynode");

/** A scope in words: for whom, and for whom not. */
export const scope = (one) => {
  const f = one?.speaks_for?.length ? t("ui.scope.for", { who: one.speaks_for.join(", ") }) : t("ui.scope.whole");
  const not = one?.cannot_speak_for?.length ? t("ui.scope.not", { who: one.cannot_speak_for.join(", ") }) : "";
  return not ? `${f}; ${not}` : f;
};

/** Where, between which heights, and when. */
export const volume = (one) => html`${placed(one.footprint)}<br />${mono(`${f.altitude(one.lower) === "UNL" ? "SFC" : f.altitude(one.lower)} – ${f.altitude(one.upper)}`)} · ${mono(`${f.dtg(one.window.start)} – ${f.dtg(one.window.end)}`)}`;

/** A complaint may rest on two fields: whichever is typed in, it is judged anew when it is sent. */
export const uncomplain = (form) => [...form.elements].forEach((box) => box.setCustomValidity(""));

/** What a field of the form must say otherwise; it is told there, and goes once anything is typed. */
export function complain(form, name, text) {
  const box = form.querySelector(`[name="${name}"]`);
  box.setCustomValidity(text);
  box.reportValidity();
  return null;
}

/** What a form holds, as an object; empty text is left out. */
export const read = (form) =>
  Object.fromEntries([...new FormData(form)].filter(([, v]) => v !== "").map(([k, v]) => [k, typeof v === "string" ? v.trim() : v]));

/** Whether a box still holds the text with which its form began, as such a box writes it: its line ends, no other line. */
export function stands(box, text) {
  const begun = box.cloneNode(true);
  begun.value = text;
  return begun.value === box.value;
}

/** A form's sending, with what it holds and the form itself, where no act is kept with the open panel. */
export const submit = (fn) => async (e) => {
  e.preventDefault();
  const done = sending(e.target);
  if (await fn(read(e.target), e.target)) done();
};

/** A form that was sent: what was typed goes, the marking and the audience stay. */
export function emptied(form) {
  for (const one of form.querySelectorAll("textarea, input:not([name=marking], [type=checkbox])")) one.value = "";
  form.closest("details")?.removeAttribute("open");
}

/** The same of a form that begins empty each time: no words of one act stand in the form of the next. */
export const submitAnew = (fn) => submit(async (v, form) => {
  const told = await fn(v, form);
  if (told) emptied(form);
  return told;
});

/**
 * A small form behind its own words, for what cannot be undone or needs a word more: a box of the browser would
 * stop every clock and every tone of the page. One that records nothing only `reads`. What is typed there is kept
 * under the name `keep`, one in its panel.
 */
export const asking = (label, fields, onSubmit, { id = nothing, reads = false, keep = nothing } = {}) => html`<details class="asking" id=${id}><summary>${label}</summary>
  <form class="form even" data-keep=${keep} @submit=${onSubmit}>${fields}<div class="buttons"><button ?disabled=${!reads && !mayRecord()}>${label}</button></div></form></details>`;

/** A copy without what was not stated, since absence is how the record says it. */
export const stated = (value) => {
  if (Array.isArray(value)) return value.map(stated);
  if (value === null || typeof value !== "object") return value;
  const kept = Object.entries(value).filter(([, v]) => v !== undefined && v !== null && v !== "");
  return Object.fromEntries(kept.map(([k, v]) => [k, stated(v)]));
};

/** A number typed by a person, or undefined; what is none, or can be two, goes as it stands, and the node refuses it. */
export function number(text) {
  if (text === undefined || text === "") return undefined;
  const made = decimal(text);
  return Number.isNaN(made) || isTwoWays(text) ? text : made;
}

/** A frequency in megahertz as typed, in hertz: its three decimals are never thousands. */
export const hertz = (mhz) => Math.round(decimal(mhz) * 1e6);
