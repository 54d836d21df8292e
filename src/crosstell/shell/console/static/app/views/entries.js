/** The record: the newest entries, and one down to its signed header and what proves it. */

import { html, nothing } from "../../vendor/lit.mjs";
import * as api from "../api.js";
import * as f from "../format.js";
import { t, word } from "../i18n.js";
import { set, store, title } from "../store.js";
import { bracket } from "./bracket.js";
import { copyOf } from "./copy_form.js";
import { kindOf } from "./history.js";
import { button, facts, made, mono, who } from "./parts.js";

const COUNT = 60;

export function entries(s, open) {
  if (!open.loaded) load(open);
  const rows = open.rows ?? [];
  return {
    title: t("ui.record"),
    body: html`
      <p class="quiet">${t("ui.record.what")}</p>
      <div class="buttons">${button(t("ui.given"), () => set({ panel: { name: "given" } }), { key: "7" })}</div>
      ${store.status?.fault ? html`<p class="told bad" role="alert">${t("ui.record.fault")}: ${made(store.status.fault, "faults")}</p>` : nothing}
      ${open.fault ? html`<p class="told bad">${open.fault}</p>` : nothing}
      <table>
        <thead><tr><th scope="col">${t("ui.entry.number")}</th><th scope="col">${t("ui.entry.at")}</th><th scope="col">${t("ui.entry.party")}</th><th scope="col">${t("ui.entry.kind")}</th><th scope="col">${t("ui.entry.by")}</th></tr></thead>
        <tbody>
          ${rows.map((one) => html`<tr>
            <td><button class="link" type="button" @click=${() => set({ panel: { name: "entry", feed: one.entry.feed, seq: one.entry.seq, back: open } })}>${mono(`${one.entry.seq}`)}</button></td>
            <td>${mono(f.zulu(one.entry_at))}</td>
            <td>${one.party ? title(one.party) : t("ui.entry.journal")}</td>
            <td>${kindOf(one.kind)}</td>
            <td>${one.by ? html`${word(one.by.role)} ${mono(one.by.watch)}` : t("ui.bynode")}</td>
          </tr>`)}
        </tbody>
      </table>
      ${odd(s)}
      <div class="buttons">${button(t("ui.record.older"), () => older(open), { disabled: !rows.length || open.first <= 1 })}</div>
    `,
  };
}

const odd = (s) =>
  s.odd.length
    ? html`<h3>${t("ui.record.odd", { n: s.odd.length })}</h3><ul>${s.odd.map((one) => html`<li>${mono(one.kind)} ${word(one.why)}: ${made(one.text, "refusals")}</li>`)}</ul>`
    : nothing;

/** What was asked for comes into the panel that asked; one closed meanwhile stays closed. */
const answered = (open, more) => store.panel === open && set({ panel: { ...open, ...more } });

async function load(open, before) {
  open.loaded = true;
  try {
    const last = before ?? store.arrivals ?? 0;
    const after = Math.max(0, last - COUNT);
    const told = await api.get(`/entries?after=${after}&count=${COUNT}`);
    answered(open, { first: after + 1, rows: told.entries.slice().reverse() });
  } catch (no) {
    answered(open, { fault: no.message || t("ui.told.unreachable") });
  }
}

const older = (open) => load(open, open.first - 1);

/** What the node checked just now: a tick and words, or its own words where it does not hold. */
const checked = (said, good, key) =>
  said.startsWith(good) ? html`<span class="c-ok">✓</span> ${t(key)}` : html`<span class="c-critical">✗ ${made(said, "checked")}</span>`;

export function entry(s, open) {
  if (!open.loaded) loadOne(open);
  const one = open.told;
  const shown = one?.shown;
  return {
    title: t("ui.entry", { n: open.seq }),
    body: html`
      ${open.back ? html`<div class="buttons">${button(`← ${t("ui.back")}`, () => set({ panel: { ...open.back, loaded: !!open.back.rows } }))}</div>` : nothing}
      ${open.fault ? html`<p class="told bad">${open.fault}</p>` : nothing}
      ${shown
        ? html`${facts([
              [t("ui.entry.party"), shown.party ? title(shown.party) : t("ui.entry.journal")],
              [t("ui.entry.kind"), kindOf(shown.kind)],
              [t("ui.entry.at"), mono(f.zulu(shown.entry_at))],
              [t("ui.entry.by"), who(shown.by)],
              [t("ui.entry.audience"), shown.audience.map(title).join(", ") || t("ui.notice.nobody")],
              [t("ui.entry.signature"), checked(one.signature, "verifies", "ui.entry.verifies")],
              [t("ui.entry.commitment"), checked(one.commitment, "the body is the one", "ui.entry.commits")],
              [t("ui.entry.proof"), one.proof ? html`✓ ${t("ui.entry.proved", { n: one.proof.size })}` : t("ui.entry.noproof")],
            ])}
            <div class="buttons">${button(t("ui.copy"), () => copyOf([shown.entry]))}</div>
            <h3>${t("ui.bracket")}</h3>
            ${bracket(one)}
            <h3>${t("ui.entry.body")}</h3>
            <pre class="raw">${JSON.stringify(shown.body, null, 1)}</pre>
            <details>
              <summary>${t("ui.entry.expert")}</summary>
              ${facts([
                [t("ui.entry.feed"), mono(shown.entry.feed)],
                [t("ui.entry.hash"), mono(shown.entry.hash)],
                [t("ui.entry.key"), mono(one.key ?? "—")],
              ])}
              <h4>${t("ui.entry.proof")}</h4>
              <pre class="raw">${one.proof ? JSON.stringify(one.proof, null, 1) : t("ui.entry.noproof")}</pre>
              <h4>${t("ui.entry.leaf")}</h4>
              <pre class="raw">${one.leaf}</pre>
            </details>`
        : html`<p class="quiet">${t("ui.loading")}</p>`}
    `,
  };
}

async function loadOne(open) {
  open.loaded = true;
  try {
    const told = await api.get(`/entries/${encodeURIComponent(open.feed)}/${open.seq}`);
    answered(open, { told: told.shown ? told : { shown: told, ...told } });
  } catch (no) {
    answered(open, { fault: no.message || t("ui.told.unreachable") });
  }
}
