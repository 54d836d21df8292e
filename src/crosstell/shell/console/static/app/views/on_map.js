/** What lies on the map: its layers, whose map it is, the cursor's place, the scale. */

import { html, nothing } from "../../vendor/lit.mjs";
import * as f from "../format.js";
import { t } from "../i18n.js";
import * as geo from "../map/geo.js";
import { outside } from "../map/over/alerts.js";
import { labelOf } from "../map/package.js";
import { find, set, store } from "../store.js";
import { button, mono } from "./parts.js";

const LAYERS = [["ours", "own"], ["others", "other"], ["unknown", "unknown"], ["notices", "zone"], ["trails", ""], ["labels", ""]];
const WHOSE = { ours: "ours", others: "not-ours", unknown: "not-stated" };

/** What is on the map, and how much of it; each can be left out. */
export function chips(s) {
  const count = (name) => (name in WHOSE ? s.tracks.filter((one) => one.whose === WHOSE[name]).length : name === "notices" ? s.notices.length : null);
  return html`<div class="chips" role="group" aria-label=${t("ui.layers")}>
    ${LAYERS.map(
      ([name, colour]) => html`<button type="button" class="chip ${colour ? `c-${colour}` : ""}" aria-pressed=${String(store.layers[name])} @click=${() => set({ layers: { ...store.layers, [name]: !store.layers[name] } })}>
        ${t(`ui.layer.${name}`)}${count(name) === null ? nothing : html` ${mono(count(name))}`}${store.layers[name] ? nothing : html` · ${t("ui.layer.off")}`}
      </button>`,
    )}
  </div>`;
}

/** The cursor's place in every form, and what stands there. */
export function readout() {
  const p = store.cursor;
  const chosen = store.selected?.startsWith("track ") && find.track(store.selected.slice(6));
  const from = chosen?.position;
  const rb = p && from ? geo.rangeBearing(from, p) : null;
  return html`<div class="readout" aria-live="off">
    <span><span class="quiet">MGRS</span> <b>${p ? f.mgrs(p) : "—"}</b></span>
    <span><span class="quiet">${t("ui.latlon")}</span> <b>${p ? f.dms(p) : "—"}</b></span>
    <span><span class="quiet">${t("ui.decimal")}</span> <b>${p ? f.decimal(p) : "—"}</b></span>
    ${rb ? html`<span><span class="quiet">${t("ui.rb")}</span> <b>${f.bearing(rb.deg)} · ${f.length(rb.m)}</b></span>` : nothing}
  </div>`;
}

/** That alerts lie outside of the view, and the key that brings all of it back. */
export function outOfView(map, acts) {
  const n = map?.overlay ? outside(store.screen.alerts, (at) => map.sees(at)) : 0;
  return n ? button(t("ui.map.outside", { n }), acts.fit, { kind: "urgent", key: "F" }) : nothing;
}

/** Whose map this is, with its hash; and the choice where the node has maps of its own. */
export function mapName(map, choose) {
  const [name, hash, attribution] = labelOf(map?.own ?? null, map?.manifest);
  return html`<div class="reference">${name} · ${mono(hash)} · ${attribution}</div>
    ${store.packages.length || store.packages_missing.length
      ? html`<label class="choose"><span>${t("ui.map.choose")}</span>
          <select name="map" ?disabled=${!map?.canDraw} title=${map?.canDraw ? nothing : t("ui.map.noweb")} @change=${(e) => choose(e.target.value)}>
            <option value="" ?selected=${!store.package}>${t("ui.map.ref")}</option>
            ${store.packages.map((one) => html`<option value=${one.id} ?selected=${store.package === one.id}>${one.title} · ${one.sha256.slice(0, 8)}</option>`)}
            ${store.packages_missing.map((one) => html`<option disabled>${t("ui.map.missing", { title: one.title })}</option>`)}
          </select></label>
          ${map && !map.canDraw ? html`<div class="noweb">${t("ui.map.noweb")}</div>` : nothing}`
      : nothing}`;
}

/** How long a stretch of the map is, where the view stands now. */
export function scale(map) {
  if (!map?.base) return nothing;
  const per = map.base.metresPerPixel();
  const want = per * 110;
  const step = 10 ** Math.floor(Math.log10(want));
  const m = [1, 2, 5, 10].map((k) => k * step).filter((v) => v <= want).at(-1) ?? step;
  const px = Math.round(m / per);
  return html`<div class="scalebar"><svg width=${px + 2} height="7" aria-hidden="true"><path d="M1 0v6h${px}v-6" fill="none" stroke="currentColor" stroke-width="1.6"/></svg>${f.length(m)}</div>`;
}
