/** The open panel over the map: its frame, and which view fills it. */

import { html, nothing, repeat } from "../../vendor/lit.mjs";
import { t } from "../i18n.js";
import { set, store } from "../store.js";
import { alarms } from "./alarms.js";
import { answerForm } from "./answer_form.js";
import { broadcastForm } from "./broadcast_form.js";
import { callForm, correctForm } from "./call_form.js";
import { claimForm } from "./claim_form.js";
import { copyForm } from "./copy_form.js";
import { detail } from "./detail.js";
import { entries, entry } from "./entries.js";
import { given, share } from "./given.js";
import { incident } from "./incident.js";
import { agenda, incidentFile, incidents } from "./incidents.js";
import { fill, heeds, line, standing } from "./kept.js";
import { handover, help, lines, search, sidesPage } from "./lists.js";
import { noticeForm } from "./notice_form.js";
import { planForm } from "./plan_form.js";
import { protocolPage } from "./protocol.js";
import { releasePanel } from "./release_form.js";
import { reportForm } from "./report_form.js";
import { roles } from "./roles.js";
import { voiceForm } from "./voice_form.js";

const VIEWS = {
  detail: [detail, ""],
  call: [callForm, ""],
  correct: [correctForm, ""],
  broadcast: [broadcastForm, ""],
  answer: [answerForm, ""],
  voice: [voiceForm, ""],
  notice: [noticeForm, ""],
  plan: [planForm, ""],
  search: [search, ""],
  lines: [lines, "wide"],
  report: [reportForm, ""],
  roles: [roles, "wide"],
  copy: [copyForm, ""],
  given: [given, "wide"],
  share: [share, ""],
  sides: [sidesPage, "wide"],
  protocol: [protocolPage, "wide"],
  alarms: [alarms, "wide"],
  entries: [entries, "wide"],
  entry: [entry, "wide"],
  incidents: [incidents, "wide"],
  incident: [incident, "full"],
  "incident-file": [incidentFile, ""],
  claim: [claimForm, "wide"],
  agenda: [agenda, "wide"],
  release: [releasePanel, ""],
  handover: [handover, "wide"],
  help: [help, ""],
};

/** What sends: over such a form nothing stands of what another one has sent. */
const SENDS = ["call", "correct", "broadcast", "answer", "voice", "notice", "plan", "report", "copy", "share", "claim", "release"];

const FADES_MS = 12000; // what went well, and why a key did nothing; a refusal stays until it is closed
let fading = null;

/** What came of the last act: in the panel that is open, under its head, so that it covers nothing. */
export function toast() {
  const { told } = store;
  if (["ok", "why"].includes(told?.kind) && told !== fading) {
    fading = told;
    setTimeout(() => store.told === told && set({ told: null }), FADES_MS);
  }
  const here = store.panel?.name ?? "";
  if (told) told.at ??= here;
  const shown = told?.kind === "bad" ? told.at === "" : !SENDS.includes(here);
  return told && (shown || told.at === here)
    ? html`<p class="told toast ${told.kind}" role=${told.kind === "bad" ? "alert" : "status"}>
        <span>${told.text}${told.why ? html`<br />${told.why}` : nothing}</span>
        ${told.entry ? html`<button class="link" type="button" @click=${() => set({ panel: { name: "entry", feed: told.entry.feed, seq: told.entry.seq } })}>${t("ui.entry", { n: told.entry.seq })}</button>` : nothing}
        <button class="plain" type="button" @click=${() => set({ told: null })}>${t("ui.close")}</button>
      </p>`
    : nothing;
}

export const close = () => set({ panel: null, drawn: null, tool: "select", told: store.told?.kind === "bad" ? null : store.told });

let openings = 0;

/** What a panel is of: the thing that it shows, else this one opening. What its view changes leaves it so. */
const identity = (open) => `${open.name} ${open.key ?? (open.opened ??= openings += 1)} ${open.anew ?? ""}`;

/** The same of one part of it: what is typed into each is kept by itself. */
const partOf = (open) => `${identity(open)} ${open.tab ?? ""}`;

let followed = null;

/**
 * A panel that opened has the keyboard, at the field that is filled first or so that Tab goes on within
 * it, and begins at its top, though another stood there; closed, its matter has the keyboard again.
 */
export function follow() {
  const open = store.panel;
  const shown = open && identity(open);
  const body = document.querySelector(".panel .body");
  if (body) fill(body);
  if (shown === followed) return;
  followed = shown;
  if (body) {
    body.scrollTop = 0;
    (body.querySelector("[data-first]") ?? body).focus({ preventScroll: true });
  } else if (document.activeElement === document.body && store.selected)
    document.querySelector(`.queue [data-key="${CSS.escape(store.selected)}"]`)?.focus();
}

let held = null; // what has the keyboard, and the panel or the card that it stands in

/** Told of each element that gets the keyboard, and of each press of a pointer, by which a person may leave it. */
export const noteFocus = (control) => (held = control && { control, within: control.closest(".panel .body") ?? control.closest(".queue [data-key]") });

/**
 * A button that goes with what it did, or a card that moves, takes the keyboard along to nowhere: it stays
 * with the panel, or with the matter wherever in the queue that stands by then.
 */
export function keepKeyboard() {
  if (document.activeElement !== document.body || !held?.within) return;
  const { control, within } = held;
  const key = within.dataset.key;
  const stands = within.isConnected ? within : key && document.querySelector(`.queue [data-key="${CSS.escape(key)}"]`);
  if (stands) (control.isConnected ? control : stands).focus({ preventScroll: true });
}

let beside = null;

/** What is told takes room from the form: the field that has the keyboard stays in sight beside it. */
export function keepInSight() {
  if (store.told === beside) return;
  beside = store.told;
  const field = document.activeElement;
  if (field?.closest(".panel .body form")) field.scrollIntoView({ block: "nearest" });
}

/** A form that the browser holds back says why at its field: what was refused before is no longer said. */
const heldBack = { handleEvent: () => store.told?.kind === "bad" && set({ told: null }), capture: true };

/** The open panel. Of another thing it is made anew: what was typed for one is never sent of another. */
export function panel(s) {
  const open = standing(store.panel, partOf);
  if (!open || !VIEWS[open.name]) return nothing;
  const [view, size] = VIEWS[open.name];
  const of = identity(open);
  const made = view(s, open);
  return html`<section class="panel ${size}" role="dialog" aria-modal="false" aria-labelledby="panel-title" tabindex="-1">
    <header>
      <h2 id="panel-title">${made.title}</h2>
      <button type="button" @click=${close}>${t("ui.close")} <kbd>Esc</kbd></button>
    </header>
    ${toast()} ${line()}
    <div class="body" tabindex="0" role="region" aria-labelledby="panel-title" @invalid=${heldBack} @input=${heeds.typed} @submit=${heeds.submitted}>${repeat([of], (one) => one, () => made.body)}</div>
  </section>`;
}
