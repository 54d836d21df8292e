/**
 * A claim: who states what, in which role, on what source, how sure. Own statements and assessments,
 * another's words as read in a source, a dispute; a revision keeps what was stated before.
 */

import { html, nothing } from "../../vendor/lit.mjs";
import * as acts from "../acts.js";
import * as f from "../format.js";
import { t, word } from "../i18n.js";
import { now, own, set, store, title } from "../store.js";
import { plainly } from "../told.js";
import { KINDS, entryRef, kindFields, parties, readKind, say } from "./claim_kinds.js";
import { typedTime } from "./content_fields.js";
import { openIncident, release, releasedTo } from "./incidents.js";
import { sent } from "./kept.js";
import { button, entered, field, input, read, select, stands } from "./parts.js";

const SOURCES = ["own-statement", "own-record", "readout", "official-report", "press", "third-party"];
const SURE = ["as-fact", "estimate", "as-told", "not-stated"];
const NOBODY = "-";

export function claimForm(s, open) {
  if (open.incoming) return incomingForm(s, open);
  const of = open.of; // the claim that is revised
  const newest = of?.versions.at(-1);
  const [was, content] = newest ? Object.entries(newest.content)[0] : [null, {}];
  const kind = was ?? open.kind ?? "moment";
  const source = open.source ?? newest?.source ?? (kind === "judgement" || kind === "disputes" ? "own-statement" : "own-record");
  const voice = open.voice ?? own();
  open.minted ??= of?.claim ?? f.mint("cl", now());
  const change = (more) => set({ panel: { ...open, ...more }, told: null });
  const filled = open.disputes && kind === "disputes" ? { named: JSON.stringify(open.disputes) } : content;
  return {
    title: of ? t("ui.inc.revise.title", { id: of.claim, n: of.versions.length + 1 }) : t(open.kind === "judgement" ? "ui.inc.assessment" : "ui.inc.claim"),
    body: html`
      <div class="buttons">${button(html`← ${entered(open.told.row.file.title)}`, () => openIncident(open.party, open.id, of ? "sides" : "timeline"))}</div>
      <p class="quiet">${t("ui.inc.claim.rule")}</p>
      <form class="form" data-keep="claim" @submit=${(e) => send(e, s, open, kind)}>
        ${of
          ? html`<p><strong>${of.words}</strong> · ${t(`ui.inc.claim.${kind}`)}</p>`
          : html`<div class="line">
              ${field(t("ui.inc.states"), select("kind", Object.keys(KINDS).map((one) => [one, t(`ui.inc.claim.${one}`)]), kind, (e) => change({ kind: e.target.value })))}
              ${field(t("ui.inc.matter"), select("matter", open.told.row.file.matters.map((one) => [one, one])))}
            </div>
            <div class="line">
              ${field(t("ui.inc.whosewords"), select("voice", [...parties(), [NOBODY, t("ui.inc.others")]], voice, (e) => change({ voice: e.target.value, source: e.target.value === own() ? "own-statement" : "press" })))}
              ${field(t("ui.inc.speaker"), input("words", voice === own() ? `${title(own())}, ${word(store.session?.role)}` : voice === NOBODY ? "" : `${title(voice)}, `, { required: true, max: 200 }), t("ui.inc.speaker.hint"))}
            </div>`}
        ${kindFields(kind, filled, open.told)}
        <div class="line">
          ${field(t("ui.source"), select("source", SOURCES.map((one) => [one, say(one)]), source, (e) => change({ source: e.target.value })))}
          ${field(t("ui.inc.sure"), select("confidence", SURE.map((one) => [one, say(one)]), newest?.confidence ?? "as-fact"))}
          ${field(t("ui.inc.saidat"), input("said_at", newest?.said_at ?? "", { mono: true }), t("ui.inc.saidat.hint"))}
        </div>
        ${field(t("ui.inc.sourcewords"), input("source_words", newest?.source_words ?? "", { required: true, max: 2000 }), t("ui.inc.sourcewords.hint"))}
        ${source === "own-record" ? entriesOf(open.told, newest) : nothing}
        ${of ? field(t("ui.reason"), input("reason", "", { required: true, max: 2000 })) : release(s)}
        <p class="quiet">${t("ui.inc.speaks", { role: word(store.session?.role) })}</p>
        <div class="buttons"><button class="strong big" ?disabled=${!store.session?.watch}>${t(of ? "ui.inc.reviseit" : "ui.inc.stateit")}</button></div>
      </form>
    `,
  };
}

/** The entries that own words rest on, chosen from the timeline. */
function entriesOf(told, newest) {
  const rows = told.timeline.filter((one) => one.entries.length && one.kind === "record");
  const held = newest?.source_entries ?? [];
  const chosen = new Set(held.map((one) => one.hash));
  const offered = new Set(rows.map((one) => one.entries[0].hash));
  return html`<label class="field"><span>${t("ui.inc.restson")}</span>
    <select name="entries" multiple size="5" required>
      ${held.filter((one) => !offered.has(one.hash)).map((one) => html`<option value=${JSON.stringify(one)} selected>#${one.seq}</option>`)}
      ${rows.map((one) => html`<option value=${JSON.stringify(one.entries[0])} ?selected=${chosen.has(one.entries[0].hash)}>${f.zulu(one.at)} ${plainly("clauses", one.text)}</option>`)}
    </select><small class="quiet">${rows.length ? t("ui.inc.restson.hint") : t("ui.inc.restson.none")}</small></label>`;
}

/** The entries that are chosen; as they were, where the same ones are, or where none is chosen for such a source. */
function entriesFor(form, v, newest) {
  const held = newest?.source_entries ?? [];
  const box = form.elements.entries;
  if (!box) return v.source === newest?.source ? held : [];
  const picked = [...box.selectedOptions].map((one) => JSON.parse(one.value));
  const isSame = picked.length === held.length && picked.every((one) => held.some((other) => other.hash === one.hash));
  return isSame ? held : picked;
}

/** On what a claim rests, and since when it is said; of one that is revised what is not touched is as it was. */
function groundsOf(form, v, newest) {
  const same = (name) => newest?.[name] && stands(form.elements[name], newest[name]);
  return {
    source: { kind: v.source, words: same("source_words") ? newest.source_words : v.source_words, entries: entriesFor(form, v, newest).map(entryRef) },
    confidence: v.confidence,
    said_at: same("said_at") ? newest.said_at : typedTime(v.said_at, now(), { past: true }),
  };
}

async function send(e, s, open, kind) {
  e.preventDefault();
  const form = e.target;
  const v = read(form);
  const newest = open.of?.versions.at(-1);
  const content = await readKind(kind, form, v, now(), newest?.content[kind]);
  if (!content) return;
  const shared = { claim: open.minted, content, ...groundsOf(form, v, newest) };
  const asked = (open.asked ??= acts.asking(""));
  const told = open.of
    ? await acts.reviseClaim({ ...shared, version: open.of.versions.length + 1, reason: v.reason }, asked)
    : await acts.stateClaim({
        ...shared,
        matter: v.matter,
        voice: { words: v.words, party: v.voice === NOBODY ? undefined : v.voice },
        marking: v.marking,
        releasable_to: releasedTo(s, v),
      }, asked);
  if (told) openIncident(open.party, open.id, "sides");
}

/** A readout that somebody published, sentence by sentence: each is a claim of that voice. */
function incomingForm(s, open) {
  const voice = open.voice ?? s.header.counterparts[0]?.who.party ?? NOBODY;
  return {
    title: t("ui.inc.incoming"),
    body: html`
      <div class="buttons">${button(html`← ${entered(open.told.row.file.title)}`, () => openIncident(open.party, open.id))}</div>
      <p class="quiet">${t("ui.inc.incoming.rule")}</p>
      <form class="form" data-keep="incoming" @submit=${(e) => sendIncoming(e, s, open)}>
        <div class="line">
          ${field(t("ui.inc.whosewords"), select("voice", [...parties(), [NOBODY, t("ui.inc.others")]], voice, (e) => set({ panel: { ...open, voice: e.target.value } })))}
          ${field(t("ui.inc.speaker"), input("words", voice === NOBODY ? "" : `${title(voice)}, `, { required: true, max: 200 }), t("ui.inc.speaker.hint"))}
          ${field(t("ui.inc.matter"), select("matter", open.told.row.file.matters.map((one) => [one, one])))}
        </div>
        <div class="line">
          ${field(t("ui.inc.saidat"), input("said_at", "", { mono: true }), t("ui.inc.saidat.hint"))}
          ${field(t("ui.inc.sourcewords"), input("source_words", "", { required: true, max: 2000 }), t("ui.inc.sourcewords.hint"))}
        </div>
        ${field(t("ui.inc.sentences"), html`<textarea name="sentences" rows="4" maxlength="8000"></textarea>`, t("ui.inc.rows.hint"))}
        ${field(t("ui.inc.agreedsentences"), html`<textarea name="agreed" rows="2" maxlength="4000"></textarea>`, t("ui.inc.agreedsentences.hint"))}
        <fieldset class="inline"><legend>${t("ui.inc.agreedby")}</legend>${parties().map(([id, name]) => html`<label class="check"><input type="checkbox" name="agreed_${id}" checked /> ${name}</label>`)}</fieldset>
        ${release(s)}
        <div class="buttons"><button class="strong big" ?disabled=${!store.session?.watch}>${t("ui.inc.enter")}</button></div>
      </form>
    `,
  };
}

async function sendIncoming(e, s, open) {
  e.preventDefault();
  const v = read(e.target);
  const lines = (text) => (text ?? "").split("\n").map((one) => one.trim()).filter(Boolean);
  const agreedBy = parties().map(([id]) => id).filter((id) => v[`agreed_${id}`]);
  const contents = [
    ...lines(v.sentences).map((text) => ["sentences", { judgement: { text, reasons: [] } }]),
    ...lines(v.agreed).map((text) => ["agreed", { agreed_that: { text, parties: agreedBy } }]),
  ];
  for (const [name, content] of contents) {
    const told = await acts.stateClaim({
      claim: f.mint("cl", now()),
      matter: v.matter,
      content,
      voice: { words: v.words, party: v.voice === NOBODY ? undefined : v.voice },
      source: { kind: "readout", words: v.source_words, entries: [] },
      confidence: "not-stated",
      said_at: typedTime(v.said_at, now(), { past: true }),
      marking: v.marking,
      releasable_to: releasedTo(s, v),
    });
    if (!told) return; // what was entered is on record; the rest stays in the form
    shorten(e.target.elements[name]);
  }
  sent((open.asked ??= acts.asking("")));
  if (contents.length) openIncident(open.party, open.id, "sides");
}

/** The first sentence of the text is on record: it is stated once, should the next one fail. */
function shorten(area) {
  const lines = area.value.split("\n");
  area.value = lines.slice(lines.findIndex((one) => one.trim()) + 1).join("\n");
  area.dispatchEvent(new Event("input", { bubbles: true })); // typed text is kept by what is entered
}
