/** The senior-call pack: for whom, which lines, what is noted by hand; then one page of A4 for each. */

import { html, nothing } from "../../vendor/lit.mjs";
import * as api from "../api.js";
import { t, word } from "../i18n.js";
import { printPaper } from "../print.js";
import { set, store } from "../store.js";
import { plainly } from "../told.js";
import { button, field, made, mono } from "./parts.js";

const SENIOR = ["minister", "foreign-minister", "chief-of-defence"];

export function packTab(s, open, { at }) {
  const roles = s.protocol.roles.map((one) => one.id);
  const senior = SENIOR.filter((one) => roles.includes(one));
  const pack = (open.pack ??= { roles: senior.length ? senior.slice(0, 1) : roles.slice(-1), without: [], note: "", told: null });
  if (!pack.loaded || pack.at !== at) load(open, pack, at);
  const change = (more) => set({ panel: { ...store.panel, pack: { ...store.panel.pack, ...more } } });
  const toggle = (list, one, on) => (on ? [...list, one] : list.filter((other) => other !== one));
  return html`
    <form data-keep="pack" @submit=${(e) => e.preventDefault()}>
    <p class="quiet">${t("ui.inc.pack.rule")}</p>
    <fieldset class="inline"><legend>${t("ui.inc.principals")}</legend>
      ${roles.map((role) => html`<label class="check"><input type="checkbox" .checked=${pack.roles.includes(role)} @change=${(e) => change({ roles: toggle(store.panel.pack.roles, role, e.target.checked), loaded: false })} /> ${word(role)}</label>`)}
    </fieldset>
    ${pack.fault ? html`<p class="told bad" role="alert">${pack.fault}</p>` : nothing}
    ${(pack.told?.parts ?? []).map((part) => html`<h3>${made(part.heading, "labels")}</h3>
      ${part.lines.length
        ? html`<ul class="lines picks">${part.lines.map((line) => html`<li>
            <label class="check"><input type="checkbox" .checked=${!pack.without.includes(line.id)} @change=${(e) => change({ without: toggle(store.panel.pack.without, line.id, !e.target.checked) })} />
            <span>${line.topic ? html`<span class="quiet">${made(line.topic, "topics")}: </span>` : nothing}${made(line.text, line.section)} <span class="cites">${mono(line.entries.map((ref) => plainly("refs", ref)).join("; "))}</span>${line.kind === "view" ? html` <span class="tag">${t("ui.inc.view")}</span>` : nothing}</span></label>
          </li>`)}</ul>`
        : html`<p class="quiet">${made(part.empty, "labels")}</p>`}`)}
    ${field(t("ui.inc.notes"), html`<textarea rows="3" maxlength="4000" .value=${pack.note} @input=${(e) => (store.panel.pack.note = e.target.value)}></textarea>`, t("ui.inc.notes.hint"))}
    <div class="buttons">
      ${button(t("ui.inc.pack.print", { n: pack.roles.length }), () => printPack(open, store.panel.pack), { kind: "strong big", disabled: !pack.roles.length })}
      ${pack.without.length ? html`<span class="quiet">${t("ui.inc.leftbyhand", { n: pack.without.length })}</span>` : nothing}
    </div>
    </form>
  `;
}

/** The lines of the pack as of the moment at which the incident was asked for. */
async function load(open, pack, at) {
  Object.assign(pack, { loaded: true, at });
  if (!pack.roles.length) return;
  const path = `/incidents/${encodeURIComponent(open.party)}/${encodeURIComponent(open.id)}/pack`;
  try {
    const told = await api.get(`${path}?principal=${encodeURIComponent(pack.roles[0])}`);
    answered(open, { told, fault: null });
  } catch (no) {
    answered(open, { fault: no.message || t("ui.told.unreachable") });
  }
}

function answered(open, what) {
  const here = store.panel;
  if (here?.name === "incident" && here.tab === "pack" && here.pack && here.id === open.id && here.party === open.party) set({ panel: { ...here, pack: { ...here.pack, ...what } } });
}

function printPack(open, pack) {
  const params = new URLSearchParams();
  for (const role of pack.roles) params.append("principal", role);
  if (pack.without.length) params.set("without", pack.without.join(","));
  for (const note of pack.note.split("\n").map((one) => one.trim()).filter(Boolean).slice(0, 12)) params.append("note", note.slice(0, 500));
  printPaper(`/print/pack/${open.party}/${open.id}`, params);
}
