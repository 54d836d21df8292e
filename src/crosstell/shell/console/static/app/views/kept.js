/**
 * What was typed into a form that was left: by Esc, by another panel's key, by a look at an entry. It is
 * kept by what the form is of, and stands again when that form is opened for the same thing; once it was
 * sent, or is begun anew, it is gone. It lives in this page alone, and goes with the watch that typed it.
 */

import { html, nothing } from "../../vendor/lit.mjs";
import * as f from "../format.js";
import { t } from "../i18n.js";
import { now, set, store } from "../store.js";
import { button } from "./parts.js";

/** The panels whose forms, those with a `data-keep`, are kept. */
const PANELS = ["call", "correct", "broadcast", "answer", "voice", "notice", "plan", "report", "copy", "claim", "incident", "incidents", "incident-file", "release", "detail", "share", "lines", "roles", "protocol"];
const KEPT_MAX = 20; // the oldest goes
const kept = new Map(); // by what the panel is of: {panel, forms, submitted, at, drawn, tool}
let live = null; // the same of the panel that is open, and `typed`: its forms into which something was typed
let holder = "";
let anews = 0;

/** What a part of an incident holds beside the fields of its form. */
const HELD = { readout: "draft", pack: "pack" };
const isPart = (open) => open.name === "incident";
const partOf = ({ name, party, id, tab }) => ({ name, party, id, tab });
const heldBy = (panel) => Object.fromEntries([HELD[panel.tab], askedOf(panel.tab)].filter((name) => panel[name]).map((name) => [name, panel[name]]));

/** Under which name the panel of an incident keeps what the form of one of its parts asks for. */
export const askedOf = (tab) => `asked_${tab}`;

/** What a panel is of: all that it was opened with, but not where it goes back to or what was loaded for it. */
const matterOf = ({ opened: _opened, back: _back, told: _told, anew: _anew, ...of }) => JSON.stringify(isPart(of) ? partOf(of) : of);

/**
 * The panel that is to be shown, as it stood where it was left with something typed. Called before it is
 * drawn, while the one before still stands in the page.
 */
export function standing(open, identity) {
  const { account, watch } = store.session ?? {};
  const here = `${account} ${watch}`; // whose session is renewed in the page goes on
  if (holder !== here) forget(); // nothing is handed to whoever comes in after
  holder = here;
  if (live && open && live.of === identity(open)) return goesOn(open);
  const left = live;
  leave();
  live = null;
  if (open && PANELS.includes(open.name)) return begun(open, identity, left);
  return open;
}

/** Nothing is kept, of the form that is open either. */
export function forget() {
  kept.clear();
  live = null;
}

function goesOn(open) {
  if (!open.matter) Object.assign(open, { ...live.panel, ...open }); // opened once more, while it stands
  if (store.drawn !== live.drawn && store.drawn?.points.length) live.typed.add(open.name);
  Object.assign(live, { panel: open, drawn: store.drawn, tool: store.tool });
  return open;
}

function begun(open, identity, left) {
  const { matter = matterOf(open), fresh = { ...open, opened: undefined } } = isPart(open) ? { fresh: { ...partOf(open), told: open.told, loaded: open.loaded } } : open;
  const one = kept.get(matter);
  kept.delete(matter);
  const panel = one ? again(one.panel, open) : open;
  Object.assign(panel, { matter, fresh });
  live = { of: identity(panel), panel, typed: new Set(one?.forms.keys()), fill: one?.forms, submitted: one?.submitted, at: one?.at };
  store.panel = panel;
  if (one) set({ drawn: one.drawn, tool: one.tool });
  else if (left?.drawn && left.drawn === store.drawn) set({ drawn: null, tool: "select" }); // of the form that was left
  Object.assign(live, { drawn: store.drawn, tool: store.tool });
  return panel;
}

/** A panel that was kept, as it is shown again; of an incident's what that part of it held. */
function again(panel, open) {
  if (isPart(open)) return { told: panel.told, ...open, ...heldBy({ ...panel, tab: open.tab }) };
  const newer = Object.fromEntries(["back", "told"].filter((name) => name in open).map((name) => [name, open[name]]));
  // What was found of a plan is not shown again: the picture is another by now.
  return { ...panel, ...newer, opened: undefined, found: undefined, loaded: undefined };
}

function leave() {
  if (!live) return;
  const forms = new Map(live.fill);
  for (const form of document.querySelectorAll(".panel form[data-keep]"))
    if (live.typed.has(form.dataset.keep)) forms.set(form.dataset.keep, valuesOf(form));
  if (!forms.size) return;
  const { panel, submitted, drawn, tool } = live;
  kept.set(panel.matter, { panel, forms, submitted, drawn, tool, at: now() });
  if (kept.size > KEPT_MAX) kept.delete(kept.keys().next().value);
}

const controls = (form) => [...form.elements].filter((one) => one.name);
const valueOf = (one) => (one.type === "checkbox" ? one.checked : one.multiple ? [...one.selectedOptions].map((o) => o.value) : one.value);
const valuesOf = (form) => controls(form).map((one) => [one.name, valueOf(one)]);

/** Whether anything typed would go with the page. */
export const holds = () => kept.size > 0 || !!live?.typed.size;

/** What was typed stands in the form again; what it is folded into is open. Called once it is drawn. */
export function fill(body) {
  for (const [name, values] of live?.fill ?? []) {
    const form = body.querySelector(`form[data-keep="${name}"]`);
    if (!form) continue; // it comes with what is loaded
    live.fill.delete(name);
    const rest = [...values];
    for (const one of controls(form)) {
      const at = rest.findIndex(([of]) => of === one.name);
      if (at >= 0) put(one, rest.splice(at, 1)[0][1]);
    }
  }
}

function put(one, value) {
  if (JSON.stringify(valueOf(one)) === JSON.stringify(value)) return;
  if (one.type === "checkbox") one.checked = value;
  else if (one.multiple) for (const option of one.options) option.selected = value.includes(option.value);
  else one.value = value;
  one.dispatchEvent(new Event("filled")); // for what stands beside a figure
  for (let box = one.closest("details"); box; box = box.parentElement.closest("details")) box.open = true;
}

const formOf = (e) => e.target.closest?.("form[data-keep]")?.dataset.keep;
const typed = (e) => live && formOf(e) && live.typed.add(formOf(e));
/** What a button of a form has changed counts as typed into it. */
export const touch = (name) => live?.typed.add(name);
/** For the body of the panel: what is typed there, and which of its forms is sent. */
export const heeds = {
  typed,
  submitted: { handleEvent: (e) => live && typed(e) && (live.submitted = formOf(e)), capture: true },
};

/** What was asked for is recorded, or waits for its second person: nothing of its form is kept. */
export function sent(asked) {
  if (live && Object.values(live.panel).includes(asked)) live.typed.delete(live.submitted);
  for (const [matter, one] of kept) {
    if (!Object.values(one.panel).includes(asked)) continue;
    one.forms.delete(one.submitted);
    if (!one.forms.size) kept.delete(matter);
  }
}

/**
 * What a small form is sent with, which keeps no act with its panel: to be called once its act is recorded, or
 * waits for its second person, wherever the officer is by then.
 */
export function sending({ dataset: { keep } }) {
  const matter = live?.panel.matter;
  return () => {
    for (const forms of [live?.panel.matter === matter && live?.typed, kept.get(matter)?.forms]) if (forms) forms.delete(keep);
    if (kept.get(matter)?.forms.size === 0) kept.delete(matter);
  };
}

/** The form as it begins; what was typed is gone. */
function anew() {
  live.typed.clear();
  set({ panel: { ...live.panel.fresh, anew: (anews += 1) }, drawn: null, tool: "select" });
}

/** Said where what the form is of is no longer `as` it was when the form was begun; of what was kept that is long ago. */
export function changedSince(open, as) {
  const here = JSON.stringify(as);
  open.as ??= here;
  return open.as === here ? nothing : html`<p class="told bad otherwise" role="status">${t("ui.kept.otherwise")} ${button(t("ui.kept.anew"), anew)}</p>`;
}

/** That what was typed stands again, since when, and how to be rid of it. */
export const line = () =>
  live?.at ? html`<p class="told wait kept">${t("ui.kept", { at: f.zulu(live.at) })} ${button(t("ui.kept.anew"), anew)}</p>` : nothing;
