/** Own readouts: a draft from the record, edited and ordered by a person, filed, and printed. */

import { html, nothing, repeat } from "../../vendor/lit.mjs";
import * as acts from "../acts.js";
import * as api from "../api.js";
import * as f from "../format.js";
import { language, t } from "../i18n.js";
import { printPaper } from "../print.js";
import { now, own, set, store, title } from "../store.js";
import { waited } from "../told.js";
import { entryRef } from "./claim_kinds.js";
import { asking, paper, reasonField } from "./incident.js";
import { entryLinks, openIncident, release, releasedTo } from "./incidents.js";
import { askedOf, touch } from "./kept.js";
import { asking as smallForm, button, entered, field, input, mono, read, select, submit } from "./parts.js";
import { releaseButton } from "./release_form.js";

export function readoutTab(s, open, told) {
  const mine = told.readouts.filter((one) => one.of === own());
  const others = told.readouts.filter((one) => one.of !== own());
  return html`
    <div class="buttons">
      ${drafting(t("ui.inc.readout.draft"), open, null, { kind: "strong" })}
      ${button(t("ui.inc.readout.printdraft"), () => printPaper(`/print/draft/${open.party}/${open.id}`))}
    </div>
    ${[...mine, ...others].map((one) => filedReadout(one, open))}
    ${told.readouts.length ? nothing : html`<p class="quiet">${t("ui.inc.noreadouts")}</p>`}
    ${open.draft ? repeat([open.draft.begun], (one) => one, () => draftForm(s, open)) : nothing}
  `;
}

function filedReadout(one, open) {
  return html`<section class="readout-held">
    <h3>${title(one.of)} · ${entered(one.readout.occasion)} <span class="quiet">${mono(one.paper)} ${t("ui.inc.version", { n: one.version })} · ${mono(f.dtg(one.filed_at))}</span> ${entryLinks([one.entry])}</h3>
    <ol>${one.readout.sentences.map((line) => {
      const [[kind, said]] = Object.entries(line);
      return html`<li class=${kind === "view" ? "view" : ""}><span class="entered" lang=${one.readout.language} dir="auto">${said.text}</span> ${kind === "view" ? html`<span class="tag">${t("ui.inc.view")}</span>` : entryLinks(said.entries.map((ref) => ref.entry_ref ?? ref))}</li>`;
    })}</ol>
    <div class="buttons">
      ${button(t("ui.inc.print"), () => printPaper(`/print/readout/${one.of}/${one.paper}`), { kind: "strong" })}
      ${one.of === own() ? drafting(t("ui.inc.readout.next"), open, one, { disabled: !store.session?.watch }) : nothing}
      ${one.of === own() ? releaseButton(paper(one, one.paper, one.readout.occasion), open) : nothing}
      ${one.of === own() ? asking(t("ui.do.withdraw"), `withdraw-${one.paper}`, reasonField(), (v) => acts.withdrawPaper(one.paper, one.version, v.reason)) : nothing}
    </div>
  </section>`;
}

/** Over a draft that stands another is begun only where a person says so once more: what was edited in it goes. */
function drafting(label, open, of, how) {
  if (!open.draft) return button(label, () => begin(open, of), how);
  const anew = submit((_, form) => {
    form.parentElement.open = false;
    begin(store.panel, of);
  });
  return smallForm(label, html`<p>${t("ui.inc.readout.instead")}</p>`, anew, { reads: !how.disabled });
}

const FORM = "readout";
let begins = 0; // of another draft the form is made anew
const DRAFT_PATIENCE_MS = 6000; // some hundred sentences, of which each is edited in the language it has by then

/** The draft as it comes from the record; or the sentences of the version that is superseded. */
async function begin(open, of) {
  if (of) {
    const lines = of.readout.sentences.map((line) => {
      const [[kind, said]] = Object.entries(line);
      return { kind: kind === "view" ? "view" : "from-record", text: said.text, entries: (said.entries ?? []).map((ref) => ref.entry_ref ?? ref), take: true };
    });
    return set({ panel: { ...open, draft: { of, lines, id: of.paper, begun: (begins += 1) } } });
  }
  try {
    const told = await api.get(`/incidents/${encodeURIComponent(open.party)}/${encodeURIComponent(open.id)}/draft`);
    const said = await waited(told.sentences.map(({ text }) => ({ section: "drafted", text })), DRAFT_PATIENCE_MS);
    if (store.panel?.name !== open.name || store.panel.id !== open.id) return null; // left meanwhile
    const lines = told.sentences.map((one, i) => ({ ...one, text: f.seconds(said[i] ?? one.text), take: true }));
    set({ panel: { ...store.panel, draft: { of: null, lines, id: f.mint("ro", now()), begun: (begins += 1), left_out: told.left_out } } });
  } catch (no) {
    set({ told: { kind: "bad", text: no.message || t("ui.told.unreachable") } });
  }
  return null;
}

function draftForm(s, open) {
  const draft = open.draft;
  const held = () => store.panel.draft.lines; // as they are now, and not as they were drawn
  const change = (lines) => {
    touch(FORM);
    set({ panel: { ...store.panel, draft: { ...store.panel.draft, lines } } });
  };
  const edit = (i, more) => {
    held()[i] = { ...held()[i], ...more }; // typed text is kept without drawing anew
  };
  const redraw = (i, more) => change(held().map((one, n) => (n === i ? { ...one, ...more } : one)));
  const move = (i, by) => {
    const lines = [...held()];
    [lines[i], lines[i + by]] = [lines[i + by], lines[i]];
    change(lines);
  };
  const taken = draft.lines.filter((one) => one.take).length;
  return html`
    <form class="form even" data-keep=${FORM} @submit=${(e) => send(e, s, open)}>
      <h3>${draft.of ? t("ui.inc.supersede", { id: draft.id, n: draft.of.version + 1 }) : t("ui.inc.readout.draft")}</h3>
      <p class="quiet">${t("ui.inc.readout.rule")}</p>
      ${draft.left_out ? html`<p class="quiet">${t("ui.inc.leftout", { n: draft.left_out })}</p>` : nothing}
      <div class="line">
        ${field(t("ui.inc.occasion"), input("occasion", draft.of?.readout.occasion ?? "", { required: true, max: 200 }), t("ui.inc.occasion.hint"))}
        ${field(t("ui.language"), select("language", ["en", "tr", "ru", "ar"].map((one) => [one, one]), draft.of?.readout.language ?? language()))}
      </div>
      <ol class="sentences">
        ${draft.lines.map(
          (one, i) => html`<li class="${one.take ? "" : "left"} ${one.kind}">
            <label class="check"><input type="checkbox" .checked=${one.take} @change=${(e) => redraw(i, { take: e.target.checked })} /><span class="visually-hidden">${t("ui.inc.take", { n: i + 1 })}</span></label>
            <textarea rows="2" maxlength="2000" aria-label=${t("ui.inc.sentence", { n: i + 1 })} ?disabled=${!one.take} .value=${one.text} @input=${(e) => edit(i, { text: e.target.value })}></textarea>
            <span class="rests">${one.kind === "view" ? html`<span class="tag">${t("ui.inc.view")}</span>` : entryLinks(one.entries, 3)}</span>
            <span class="moves">
              <button type="button" class="plain" ?disabled=${i === 0} aria-label=${t("ui.inc.up", { n: i + 1 })} @click=${() => move(i, -1)}>↑</button>
              <button type="button" class="plain" ?disabled=${i === draft.lines.length - 1} aria-label=${t("ui.inc.down", { n: i + 1 })} @click=${() => move(i, 1)}>↓</button>
            </span>
          </li>`,
        )}
      </ol>
      <div class="buttons">
        ${button(t("ui.inc.addview"), () => change([...held(), { kind: "view", text: "", entries: [], take: true }]))}
        ${button(t("ui.inc.nonetaken"), () => change(held().map((one) => ({ ...one, take: false }))))}
      </div>
      ${release(s, draft.of ? { fixed: true, kept: draft.of.releasable_to } : {})}
      ${draft.of ? field(t("ui.reason"), input("reason", "", { required: true, max: 2000 })) : nothing}
      <div class="buttons"><button class="strong big" ?disabled=${!store.session?.watch || !taken}>${t("ui.inc.readout.file", { n: taken })}</button></div>
    </form>
  `;
}

async function send(e, s, open) {
  e.preventDefault();
  const v = read(e.target);
  const { draft } = store.panel;
  const sentences = draft.lines
    .filter((one) => one.take && one.text.trim())
    .map((one) => (one.kind === "view" ? { view: { text: one.text.trim() } } : { from_record: { text: one.text.trim(), entries: one.entries.map(entryRef) } }));
  const told = await acts.filePaper({
    paper: draft.id,
    version: (draft.of?.version ?? 0) + 1,
    content: { readout: { incident: open.id, kept_by: open.party, occasion: v.occasion, language: v.language, sentences } },
    marking: v.marking,
    releasable_to: draft.of ? draft.of.releasable_to : releasedTo(s, v),
    reason: v.reason,
  }, (store.panel[askedOf(open.tab)] ??= acts.asking("")));
  if (told) openIncident(open.party, open.id, "readout");
}
