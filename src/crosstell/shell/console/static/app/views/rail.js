/** The tools at the side, each with its sign, its word and its key. */

import { html, svg } from "../../vendor/lit.mjs";
import * as f from "../format.js";
import { t } from "../i18n.js";
import { store } from "../store.js";
import { unlogged } from "./voice_form.js";

const P = (d) => svg`<path d=${d} fill="none" stroke="currentColor" stroke-width="1.8"/>`;
const ICONS = {
  select: P("M5 3 17 11 11 12 8 18Z"),
  measure: P("M4 16 16 4M4 16v-5M4 16h5"),
  notice: P("M10 3v14M3 10h14"),
  voice: P("M4 3h3l2 4-2 2a9 9 0 0 0 4 4l2-2 4 2v3c-8 1-14-5-13-13Z"),
  plan: P("M3 15 8 9l4 3 5-8M3 17h14"),
  search: P("M9 3a6 6 0 1 0 .1 0ZM13.500 13.500 18 18"),
  grid: P("M7 3v14M13 3v14M3 7h14M3 13h14"),
  fit: P("M3 8V3h5M17 8V3h-5M3 12v5h5M17 12v5h-5"),
  sides: P("M3 4h6v12H3ZM11 4h6v12h-6Z"),
  incidents: P("M3 5h5l2 2h7v10H3ZM6 11h8M6 14h5"),
  protocol: P("M5 2h8l3 3v13H5ZM8 8h6M8 11h6M8 14h4"),
  entries: P("M4 5h12M4 10h12M4 15h12"),
  print: P("M5 8V3h10v5M5 14H3V8h14v6h-2M6 12h8v6H6Z"),
  help: P("M7 7a3 3 0 1 1 4 3q-1 1-1 3M10 16v1"),
};

const tool = (name, key, act, pressed) => html`<button
  type="button"
  title="${t(`ui.tool.${name}`)} (${key})"
  aria-keyshortcuts=${key}
  aria-pressed=${pressed ? "true" : "false"}
  @click=${act}
>
  <span class="sign" aria-hidden="true"><svg viewBox="0 0 20 20">${ICONS[name]}</svg><kbd>${key}</kbd></span>
  <span class="name">${t(`ui.rail.${name}`)}</span>
</button>`;

/** The tool of the voice log: while a call runs, or has ended and is not logged, how long it took so far. */
function voiceTool(act) {
  const call = unlogged();
  if (!call) return tool("voice", "T", act, store.panel?.name === "voice");
  const what = t(call.runs ? "ui.voice.running" : "ui.voice.unlogged");
  return html`<button type="button" class="unlogged" title="${what} (T)" aria-label="${what} ${f.countdown(call.s)}" aria-keyshortcuts="T" aria-pressed=${store.panel?.name === "voice"} @click=${act}>
    <span class="sign" aria-hidden="true"><svg viewBox="0 0 20 20">${ICONS.voice}</svg><kbd>T</kbd></span>
    <span class="name mono">${f.countdown(call.s)}</span>
  </button>`;
}

export const rail = (acts) => html`<nav class="rail" aria-label=${t("ui.tools")}>
  ${tool("select", "V", acts.select, store.tool === "select")}
  ${tool("measure", "D", acts.measure, store.tool === "measure")}
  ${tool("notice", "N", acts.notice, store.panel?.name === "notice")}
  ${voiceTool(acts.voice)}
  ${tool("plan", "X", acts.plan, store.panel?.name === "plan")}
  ${tool("search", "/", acts.search, store.panel?.name === "search")}
  ${tool("grid", "G", acts.grid, store.layers.grid)} ${tool("fit", "F", acts.fit, false)}
  <div class="spacer"></div>
  ${tool("sides", "I", acts.sides, store.panel?.name === "sides")}
  ${tool("incidents", "Z", acts.incidents, ["incidents", "incident", "incident-file", "claim", "agenda", "release"].includes(store.panel?.name))}
  ${tool("protocol", "P", acts.protocol, store.panel?.name === "protocol")}
  ${tool("entries", "O", acts.entries, store.panel?.name === "entries")}
  ${tool("print", "Y", acts.print, false)} ${tool("help", "?", acts.help, store.panel?.name === "help")}
</nav>`;
