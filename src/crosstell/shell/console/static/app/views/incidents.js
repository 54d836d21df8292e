/** Incidents: the list, the form that opens one (from a matter or by hand), the frame of a workspace. */

import { html, nothing } from "../../vendor/lit.mjs";
import * as acts from "../acts.js";
import * as api from "../api.js";
import { aboutText } from "../content.js";
import * as f from "../format.js";
import { t, word } from "../i18n.js";
import { printPaper } from "../print.js";
import { find, now, own, set, store, title } from "../store.js";
import { entryRef, parties } from "./claim_kinds.js";
import { parsePoint, typedTime } from "./content_fields.js";
import { asking, reasonField } from "./incident.js";
import { button, entered, field, input, made, mono, read } from "./parts.js";

const BEFORE_MS = 10 * 60 * 1000; // an incident is looked at from a little before its first sign
/** A name for the matter that can be read aloud, with its day and minute: the same pair meets again. */
const matterOf = (words, at) => `${words.replace(/[^A-Za-z0-9._:-]+/g, "-").replace(/^[^A-Za-z0-9]+/, "").slice(0, 54)}-${f.dtg(at).slice(0, 7)}`;
const gridOf = (point) => (point ? f.mgrs(point) : "");
const minute = (at) => `${new Date(Math.floor(at / 60000) * 60000).toISOString().slice(0, 16)}Z`;

export const openIncident = (party, id, tab = "timeline") => set({ panel: { name: "incident", party, id, tab } });

export function incidents(s, open) {
  if (!open.loaded) load(open);
  const rows = open.rows ?? [];
  return {
    title: t("ui.inc.list"),
    body: html`
      <p class="quiet">${t("ui.inc.what")}</p>
      <div class="buttons">
        ${button(t("ui.inc.new"), () => set({ panel: { name: "incident-file" } }), { kind: "strong", disabled: !store.session?.watch })}
        ${button(t("ui.inc.agenda"), () => set({ panel: { name: "agenda" } }))}
      </div>
      ${open.fault ? html`<p class="told bad" role="alert">${open.fault}</p>` : nothing}
      ${rows.length
        ? html`<table>
            <thead><tr><th scope="col">${t("ui.inc.incident")}</th><th scope="col">${t("ui.inc.keptby")}</th><th scope="col">${t("ui.inc.time")}</th><th scope="col">${t("ui.inc.topics")}</th><th scope="col">${t("ui.inc.readouts")}</th><th scope="col">${t("ui.inc.openactions")}</th></tr></thead>
            <tbody>
              ${rows.map((one) => html`<tr>
                <th scope="row"><button class="link" type="button" @click=${() => openIncident(one.kept_by, one.incident)}>${entered(one.file.title)}</button><br />${mono(one.incident)}</th>
                <td>${title(one.kept_by)}</td>
                <td>${mono(f.dtg(one.file.start))}${one.file.end ? html` – ${mono(f.dtg(one.file.end))}` : html` ${t("ui.inc.goeson")}`}</td>
                <td>${one.topics}</td><td>${one.readouts}</td><td>${one.open_actions}</td>
              </tr>`)}
            </tbody>
          </table>`
        : open.rows
          ? html`<p class="quiet">${t("ui.inc.none")}</p>`
          : html`<p class="quiet">${t("ui.loading")}</p>`}
      ${open.adrift?.length
        ? html`<h3>${t("ui.inc.adrift")}</h3>
            <ul class="lines">${open.adrift.map((one) => html`<li>${mono(one.paper)} ${t("ui.inc.adrift.row", { of: title(one.of), incident: one.incident, who: title(one.kept_by) })} ${entryLinks([one.entry])} ${one.of === own() ? withdrawAdrift(one) : nothing}</li>`)}</ul>`
        : nothing}
    `,
  };
}

/** A paper of ours that is on no page of an incident is withdrawn from here. */
const withdrawAdrift = (one) =>
  asking(t("ui.do.withdraw"), `withdraw-${one.paper}`, reasonField(), async (v) => {
    const told = await acts.withdrawPaper(one.paper, one.version, v.reason);
    if (told) set({ panel: { name: "incidents" } }); // asked for anew
    return told;
  });

/** What the node told for a panel, if it is still the open one: an answer closes nobody's form. */
function answered(name, what) {
  if (store.panel?.name === name) set({ panel: { ...store.panel, loaded: true, ...what } });
}

async function load(open) {
  open.loaded = true;
  try {
    const told = await api.get("/incidents");
    answered("incidents", { rows: told.incidents, adrift: told.adrift });
  } catch (no) {
    answered("incidents", { fault: no.message || t("ui.told.unreachable") });
  }
}

/** The file that a chosen matter would open; its id says which matter, so that it opens once. */
export function fromMatter(key) {
  const alert = key?.startsWith("alert ") ? find.alert(key.slice(6)) : null;
  const item = key ? find.item(key) : null;
  const call = key?.startsWith("call ") ? callNamed(key) : item?.kind === "call" ? find.callAt(item.call) : null;
  if (alert)
    return { id: `inc-${alert.alert}`, title: aboutText(alert.about), matter: matterOf(aboutText(alert.about), alert.raised_at), start: new Date(alert.raised_at).getTime() - BEFORE_MS, rules: [alert.rule], entries: [] };
  if (call)
    return { id: `inc-${call.call}`, title: `${word(call.kind)} ${call.call}`, matter: call.call, start: new Date(call.placed_at).getTime() - BEFORE_MS, rules: [], entries: [call.ref] };
  return null;
}

const callNamed = (key) => {
  const [party, name] = key.slice(5).split("/");
  return find.call(party, name);
};

/** Opens the workspace of the chosen matter; the form, filled, where it has no file yet. */
export async function incidentOf(key) {
  const draft = fromMatter(key);
  const before = store.panel;
  if (!draft) return set({ panel: { name: "incidents" } });
  try {
    const told = await api.get("/incidents");
    const held = told.incidents.find((one) => one.incident === draft.id && one.kept_by === own());
    if (held && store.panel === before) return openIncident(held.kept_by, held.incident);
  } catch {
    // the form says what the node says, when it is sent
  }
  if (store.panel !== before) return null; // another panel was opened meanwhile
  return set({ panel: { name: "incident-file", draft } });
}

export function incidentFile(s, open) {
  const of = open.of; // the row of the version that is superseded
  const from = open.draft;
  open.minted ??= of?.incident ?? from?.id ?? f.mint("inc", now());
  open.start ??= minute(of ? new Date(of.file.start).getTime() : (from?.start ?? now() - BEFORE_MS));
  const file = of?.file;
  const rules = file?.rules ?? from?.rules ?? [];
  return {
    title: of ? t("ui.inc.supersede", { id: of.incident, n: of.version + 1 }) : t("ui.inc.new"),
    body: html`
      ${from ? html`<p class="quiet">${t("ui.inc.from")} ${from.title}</p>` : nothing}
      <form class="form even" data-keep="incident-file" @submit=${(e) => send(e, s, open)}>
        ${field(t("ui.inc.title"), input("title", file?.title ?? from?.title ?? "", { required: true, max: 200, first: !!from }))}
        <div class="line">
          ${field(t("ui.inc.matters"), input("matters", file?.matters.join(" ") ?? from?.matter ?? open.minted, { mono: true, required: true }), t("ui.inc.matters.hint"))}
        </div>
        <div class="line">
          ${field(t("ui.from"), input("start", open.start, { mono: true, required: true }), "UTC")}
          ${field(t("ui.until"), input("end", file?.end ? minute(new Date(file.end).getTime()) : "", { mono: true }), t("ui.inc.end.hint"))}
        </div>
        <details><summary>${t("ui.inc.more")}</summary><div class="line">
          ${field(t("ui.inc.id"), html`<input name="id" class="mono" .value=${open.minted} required maxlength="64" autocomplete="off" ?readonly=${!!of} />`)}
          ${field(t("ui.inc.rules"), input("rules", rules.join(" "), { mono: true }), t("ui.inc.rules.hint"))}
          ${field(t("ui.inc.reference"), input("reference", gridOf(file?.reference), { mono: true }), t("ui.inc.reference.hint"))}
        </div></details>
        <fieldset class="inline"><legend>${t("ui.inc.parties")}</legend>
          ${parties().map(([id, name]) => html`<label class="check"><input type="checkbox" name="party_${id}" ?checked=${file ? file.parties.includes(id) : true} /> ${name}</label>`)}
        </fieldset>
        ${release(s, of ? { fixed: true, kept: of.releasable_to } : {})}
        ${of ? field(t("ui.reason"), input("reason", "", { required: true })) : nothing}
        <div class="buttons"><button class="strong big" id="incident-file" ?disabled=${!store.session?.watch}>${t("ui.inc.file")}</button></div>
      </form>
    `,
  };
}

/** Marking, and to whom a paper or a claim goes: to nobody unless a person says so. */
export function release(s, { fixed, kept } = {}) {
  return html`<div class="line">
    ${field(t("ui.notice.marking"), input("marking", s.header.marking, { required: true }))}
    <fieldset class="grow"><legend>${t("ui.notice.releasable")}</legend>
      ${s.header.counterparts.map(({ who }) => html`<label class="check"><input type="checkbox" name="to_${who.party}" ?checked=${kept?.includes(who.party) ?? false} ?disabled=${!!fixed} /> ${who.title}</label>`)}
      <small class="quiet">${t(fixed ? "ui.notice.sameaudience" : "ui.inc.release.hint")}</small>
    </fieldset>
  </div>`;
}

export const releasedTo = (s, v) => s.header.counterparts.map((c) => c.who.party).filter((party) => v[`to_${party}`]);

async function send(e, s, open) {
  e.preventDefault();
  const v = read(e.target);
  const was = open.of?.file;
  /** A time or a point that stands as the form began with it is what it was, finer than it is shown. */
  const same = (name, held, shown) => held && v[name] === shown(held);
  let reference = was?.reference;
  if (!same("reference", reference, gridOf)) {
    reference = v.reference && (await parsePoint(v.reference));
    if (v.reference && !reference) return;
  }
  const time = (name) => (same(name, was?.[name], (at) => minute(Date.parse(at))) ? was[name] : typedTime(v[name], now(), { past: true }));
  const words = (text) => (text ?? "").split(/[\s,]+/).filter(Boolean);
  const named = was ? was.entries.map((one) => entryRef(one.entry_ref ?? one)) : (open.draft?.entries ?? []).map(entryRef);
  const told = await acts.filePaper({
    paper: v.id,
    version: (open.of?.version ?? 0) + 1,
    content: {
      incident_file: {
        title: v.title,
        parties: parties().map(([id]) => id).filter((id) => v[`party_${id}`]),
        matters: words(v.matters),
        start: time("start"),
        end: time("end"),
        rules: words(v.rules),
        reference,
        entries: named,
        place: was?.place,
        precedents: (was?.precedents ?? []).map((one) => entryRef(one.entry_ref ?? one)),
      },
    },
    marking: v.marking,
    releasable_to: open.of ? open.of.releasable_to : releasedTo(s, v),
    reason: v.reason,
  }, (open.asked ??= acts.asking("")));
  if (told && !told.pending) openIncident(own(), v.id);
  else if (told) set({ panel: { name: "incidents" } });
}

/** What is open for the periodic review, each point with its entries, and to be printed. */
export function agenda(_s, open) {
  if (!open.loaded) loadAgenda(open);
  const points = open.told?.points ?? [];
  const kinds = [...new Set(points.map((one) => one.point))];
  return {
    title: t("ui.agenda"),
    body: html`
      <div class="buttons">${button(`← ${t("ui.inc.list")}`, () => set({ panel: { name: "incidents" } }))} ${button(t("ui.inc.print"), () => printPaper("/print/agenda"), { kind: "strong" })}</div>
      ${open.fault ? html`<p class="told bad" role="alert">${open.fault}</p>` : nothing}
      ${kinds.map((kind) => html`<h3>${t(`ui.inc.point.${kind}`)}</h3><ul class="lines">${points.filter((one) => one.point === kind).map((one) => html`<li>${made(one.text, "agenda")} ${entryLinks(one.entries)}</li>`)}</ul>`)}
      ${open.told && !points.length ? html`<p class="quiet">${t("ui.inc.nothingopen")}</p>` : nothing}
    `,
  };
}

async function loadAgenda(open) {
  open.loaded = true;
  try {
    answered("agenda", { told: await api.get("/agenda") });
  } catch (no) {
    answered("agenda", { fault: no.message || t("ui.told.unreachable") });
  }
}

/** Links to entries; of many the first ones, and how many more there are. */
export const entryLinks = (refs, most = 4) => html`<span class="cites">${refs.slice(0, most).map((ref) => html`<button class="link" type="button" @click=${() => set({ panel: { name: "entry", feed: ref.feed, seq: ref.seq, back: store.panel } })}>${whose(ref)} ${mono(`#${ref.seq}`)}</button> `)}${refs.length > most ? html`<span class="quiet">+${refs.length - most}</span>` : nothing}</span>`;

const whose = (ref) => {
  const feed = store.status?.feeds?.find((one) => one.feed === ref.feed);
  return feed?.party ? title(feed.party) : feed ? t("ui.entry.journal") : "";
};
