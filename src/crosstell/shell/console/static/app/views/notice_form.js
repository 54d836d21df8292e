/** File or supersede a notice of any kind: drawn on the map, typed, or pasted; one version, whole. */

import { html, nothing } from "../../vendor/lit.mjs";
import * as acts from "../acts.js";
import { BY_TWO, volumesOf } from "../content.js";
import * as f from "../format.js";
import { t, word } from "../i18n.js";
import { find, mayRecord, now, set, store, tagged, title } from "../store.js";
import { changedSince } from "./kept.js";
import { field, input, number, read, select, stands, stated, volume } from "./parts.js";
import { askPlace, isUnread } from "./place_fields.js";
import { steps } from "./share_form.js";
import { anotherPlace, readVolumes, volumeFields } from "./volume_fields.js";

const KINDS = ["zone", "activity", "own_force_location", "avoidance_request", "notified_site", "notified_movement", "general_notice"];
const FIELD_TYPES = ["roz", "nfa", "rfa", "danger-area", "restricted-area", "prohibited-area", "temporary-restriction", "corridor", "lltr", "mrr", "sl", "saafr", "tc", "ua-route", "bdz", "hidacz", "aar-roz", "ua-roz", "wez", "fez", "jez", "mez", "lomez", "himez", "shoradez", "wfz", "aca", "ffa", "other"];
const ACTIVITIES = ["not-stated", "crewed-flight", "uncrewed-flight", "live-fire", "ground-movement", "at-sea", "medical-evacuation", "search-and-rescue", "exercise"];
const TEXTS = ["declaring_authority", "duty", "text", "asked", "notifier", "what", "source"];
const kindWord = (kind) => word(kind.replaceAll("_", "-"));

/** The kinds that may have several places. */
const MANY = ["activity", "notified_movement"];

/** What the form begins with: the version that is superseded, or nothing; and an empty volume for each place that was added. */
function begin(open) {
  const added = Array(open.more ?? 0).fill(null);
  if (!open.of) return { kind: open.kind ?? "zone", content: {}, volumes: [null, ...added] };
  const [kind, content] = tagged(open.of.content);
  return { kind, content, volumes: [...volumesOf(content), ...added] };
}

/** Of another kind; of several places the first stays, where the kind has one. */
function asKind(open, kind) {
  if (MANY.includes(kind) || !open.more) return { panel: { ...open, kind } };
  return { panel: { ...open, kind, more: 0, which: 0, redraw: false, pasted: null, text: "" }, drawn: null, tool: "select" };
}

/** Of a general notice nothing is a place. */
const hasPlace = (kind) => kind !== "general_notice";

/** What was made coarser stays so: beside a new exact place its steps would be untrue, and the exact one the old one. */
const isCoarse = (open) => !!open.of?.coarsened;

const coarser = (of, volumes) => html`<p class="told wait">${t("ui.notice.coarser", { steps: steps(of.coarsened), id: of.notice })}</p>
  <ul>${volumes.map((one) => html`<li>${volume(one)}</li>`)}</ul>`;

/** The version that stands of what is superseded, and whether it was withdrawn. */
function standingOf(of) {
  const held = find.notice(of.party, of.notice);
  return held ? [held.version, held.state] : null;
}

export function noticeForm(s, open) {
  const { kind, content, volumes } = begin(open);
  const drawn = store.drawn ?? { shape: "circle", points: [] };
  // Made once for the open form: a value that is made anew would overwrite what is typed.
  open.minted ??= f.mint(kind === "zone" ? "roz" : kind.slice(0, 3), now());
  open.begins ??= Math.ceil(now() / 300000) * 300000;
  return {
    title: open.of ? t("ui.notice.supersede", { id: open.of.notice, n: open.of.version + 1 }) : t("ui.notice.new"),
    body: html`
      ${open.of ? changedSince(open, standingOf(open.of)) : nothing}
      ${BY_TWO.includes(kind) ? html`<p class="told wait">${t("ui.notice.two")}</p>` : nothing}
      <form class="form" data-keep="notice" @submit=${(e) => send(e, s, open)}>
        ${open.of ? nothing : html`<div class="line">${field(t("ui.notice.kind"), select("kind", KINDS.map((one) => [one, kindWord(one)]), kind, (e) => set(asKind(open, e.target.value))))}
          ${field(t("ui.notice.id"), input("id", open.minted, { mono: true, required: true, max: 64 }))}</div>`}
        ${own(kind, content)} ${isCoarse(open) ? coarser(open.of, volumes) : hasPlace(kind) ? volumeFields(open, drawn, volumes) : nothing}
        ${MANY.includes(kind) && !isCoarse(open) ? anotherPlace(open, volumes) : nothing}
        ${audience(s, open, kind)}
        <div class="line">
          ${field(t("ui.notice.marking"), input("marking", open.of?.marking ?? s.header.marking, { required: true }))}
          ${open.of ? field(t("ui.reason"), input("reason", "", { required: true })) : nothing}
        </div>
        <div class="buttons">
          <button class="strong big" ?disabled=${!mayRecord()}>${BY_TWO.includes(kind) ? t("ui.do.filetwo") : t("ui.do.file")}</button>
        </div>
      </form>
    `,
  };
}

function own(kind, c) {
  switch (kind) {
    case "zone":
      return html`<div class="line">
          ${field(t("ui.notice.type"), select("field_type", FIELD_TYPES.map((one) => [one, one.toUpperCase()]), c.field_type ?? "roz"))}
          ${field(t("ui.notice.authority"), input("declaring_authority", c.declaring_authority ?? store.screen.header.own.title, { required: true }))}
        ${field(t("ui.notice.duty"), input("duty", c.duty ?? t("ui.notice.keepout"), { required: true }))}
      </div>`;
    case "activity":
      return html`<div class="line">
        ${field(t("ui.notice.activity"), select("activity", ACTIVITIES, c.kind ?? "not-stated"))}
        ${field(t("ui.notice.emergency"), select("emergency", ["not-declared", "declared"], c.emergency ?? "not-declared"))}
        ${field(t("ui.text"), input("text", c.text ?? ""))}
      </div>`;
    case "own_force_location":
      return html`<div class="line">
        ${field(t("ui.notice.standoff"), input("standoff_m", c.standoff_m ?? "", { figure: "m" }), "m")}
        ${field(t("ui.text"), input("text", c.text ?? ""))}
      </div>`;
    case "avoidance_request":
      return html`<p class="law">${t("ui.law.prejudice")}</p>
        ${field(t("ui.notice.asked"), input("asked", c.asked ?? "", { required: true }))}`;
    case "notified_site":
    case "notified_movement":
      return html`<p class="law">${t("ui.law.site")}</p>
        <div class="line">
          ${field(t("ui.notice.notifier"), input("notifier", c.notifier ?? "", { required: true }))}
          ${field(t("ui.notice.what"), input("what", c.what ?? "", { required: true }))}
          ${kind === "notified_site" ? field(t("ui.notice.checked"), select("coordinates", ["as-notified", "checked-by-filer"], c.coordinates ?? "as-notified")) : nothing}
        </div>`;
    default:
      return html`${field(t("ui.text"), html`<textarea name="text" rows="3" required>${c.text ?? ""}</textarea>`)}
        ${field(t("ui.notice.source"), input("source", c.source ?? "", { required: true }))}`;
  }
}

function audience(s, open, kind) {
  const offered = s.protocol.disclosure.find((one) => one.notice === kind.replaceAll("_", "-"))?.offered_to ?? "nobody";
  const held = open.of?.releasable_to;
  const ticked = offered !== "nobody" && !BY_TWO.includes(kind); // where forces or a site are, a person ticks each
  return html`<fieldset>
    <legend>${t("ui.notice.releasable")}</legend>
    ${s.header.counterparts.map(
      ({ who }) => html`<label class="check"><input type="checkbox" name="to_${who.party}" ?checked=${held ? held.includes(who.party) : ticked} ?disabled=${!!held} /> ${who.title}</label>`,
    )}
    <p class="quiet">${held ? t("ui.notice.sameaudience") : t(ticked ? "ui.notice.offeredhint" : "ui.notice.releasehint")}</p>
  </fieldset>`;
}

async function send(e, s, open) {
  e.preventDefault();
  if (await isUnread(e.target, open)) return;
  const v = read(e.target);
  const { kind, content, volumes: before } = begin(open);
  const volumes = isCoarse(open) ? before : hasPlace(kind) ? readVolumes(v, open, before) : [];
  if (volumes.some((one) => !one.footprint)) {
    askPlace(e.target, "ui.notice.noplace");
    return;
  }
  const to = open.of ? open.of.releasable_to : s.header.counterparts.map((c) => c.who.party).filter((p) => v[`to_${p}`]);
  const asked = (open.asked ??= acts.asking("n"));
  const told = await acts.file({
    notice: open.of?.notice ?? v.id,
    version: (open.of?.version ?? 0) + 1,
    content: stated({ [kind]: { ...content, ...contentOf(kind, untouched(e.target, v, content), volumes) } }),
    marking: v.marking,
    releasable_to: to,
    reason: v.reason,
    coarsened: open.of?.coarsened,
  }, asked);
  if (told && acts.isOpen(asked)) set({ panel: null, drawn: null, tool: "select" });
}

/** What was typed; a text that was not touched as it was, since a box writes the ends of its lines otherwise. */
function untouched(form, v, content) {
  const same = TEXTS.filter((name) => content[name] && form.elements[name] && stands(form.elements[name], content[name]));
  return { ...v, ...Object.fromEntries(same.map((name) => [name, content[name]])) };
}

function contentOf(kind, v, volumes) {
  const [volume] = volumes;
  switch (kind) {
    case "zone":
      return { field_type: v.field_type, declaring_authority: v.declaring_authority, duty: v.duty, volume };
    case "activity":
      return { kind: v.activity, emergency: v.emergency, text: v.text, volumes };
    case "own_force_location":
      return { volume, standoff_m: number(v.standoff_m), text: v.text };
    case "avoidance_request":
      return { volume, asked: v.asked };
    case "notified_site":
      return { notifier: v.notifier, what: v.what, coordinates: v.coordinates, volume };
    case "notified_movement":
      return { notifier: v.notifier, what: v.what, volumes };
    default:
      return { text: v.text, source: v.source };
  }
}

export { title };
