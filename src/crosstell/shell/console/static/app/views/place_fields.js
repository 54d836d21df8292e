/** Where something is, in a form: drawn by pointer or keyboard, or pasted in any of the field's forms. */

import { html, nothing } from "../../vendor/lit.mjs";
import { placeText } from "../content.js";
import * as f from "../format.js";
import { t } from "../i18n.js";
import { set, store } from "../store.js";
import { parse } from "./content_fields.js";
import { keysOfPage } from "./keys_of_page.js";
import { button, field, input, number, select, stated, toTop } from "./parts.js";

/** The fields of a place: drawn on the map, or pasted and read by the node; `volume` is what stands. */
export function place(open, drawn, volume) {
  const kept = volume && !open.redraw;
  const draw = (shape) => set({ drawn: { ...drawn, shape, points: [] }, tool: "draw", panel: { ...open, redraw: true, pasted: null } });
  const pasted = open.pasted;
  return html`<fieldset>
    <legend>${t("ui.notice.place")}</legend>
    ${kept ? html`<p><bdi class="mono">${placeText(volume.footprint)}</bdi> ${button(t("ui.notice.redraw"), () => set({ panel: { ...open, redraw: true } }))}</p>` : html`
      <div class="buttons" role="group" aria-label=${t("ui.notice.draw")}>
        ${["circle", "polygon", "corridor"].map((shape) => button(t(`ui.draw.${shape}`), () => draw(shape), { pressed: String(store.tool === "draw" && drawn.shape === shape) }))}
        ${drawn.points.length ? button(t("ui.draw.undo"), () => set({ drawn: { ...drawn, points: drawn.points.slice(0, -1) } })) : nothing}
      </div>
      ${store.tool === "draw" ? html`<p class="quiet">${t(`ui.draw.hint.${drawn.shape}`)}</p>` : nothing}
      ${drawn.points.length ? html`<ol>${drawn.points.map((p) => html`<li><bdi class="mono">${f.mgrs(p)}</bdi></li>`)}</ol>` : nothing}
      <label class="field"><span>${t("ui.notice.paste")}</span>
        <textarea name="paste" rows="3" class="mono" .value=${open.text ?? ""} placeholder="37S FA 30592 62810"></textarea></label>
      <div class="buttons">${button(t("ui.notice.read"), (e) => paste(e, open))}</div>
      <details><summary>${t("ui.paste.choices")}</summary>
        <div class="line">
          ${field(t("ui.paste.order"), select("order", [["", "—"], ["lat-lon", t("ui.paste.latlon")], ["lon-lat", t("ui.paste.lonlat")]], ""))}
          ${field(t("ui.paste.figure"), select("figure", [["", "—"], ["points", t("ui.paste.points")], ["area", t("ui.paste.area")], ["way", t("ui.paste.way")]], ""))}
          ${field(t("ui.paste.width"), input("width_km", "", { figure: true }), "km")}
        </div>
      </details>
      ${pasted ? html`<ul>${pasted.map((one) => html`<li><bdi class="mono">${one.text}</bdi> → <bdi class="mono">${readBack(one)}</bdi>
        ${(one.doubts ?? []).map((d) => html`<br /><span class="c-urgent">? ${d}</span>`)}</li>`)}</ul>` : nothing}
      <div class="line" @change=${resized}>
        ${field(t("ui.notice.radius"), input("radius_km", drawn.radius_m ? String(drawn.radius_m / 1000) : "5", { figure: true, required: true }), "km")}
        ${field(t("ui.notice.halfwidth"), input("half_km", "2.5", { figure: true, required: true }), "km")}
      </div>`}
  </fieldset>`;
}

const [RADIUS_M, DRAWN_MS] = [5000, 80];

/** What the map shows has the radius that is typed. */
function resized(e) {
  const m = number(e.target.value) * 1000;
  if (e.target.name === "radius_km" && m > 0 && store.drawn) set({ drawn: { ...store.drawn, radius_m: m } });
}

const readBack = (one) => {
  const [[kind, fig]] = Object.entries(one.figure);
  return kind === "spot" ? f.mgrs(fig.position) : placeText(kind === "area" ? { polygon: fig.polygon } : { corridor: fig.corridor });
};

const paste = (e, open) => readPasted(e.target.closest("fieldset"), open);

/** What was pasted, as the node reads it; what cannot be read leaves nothing of what was read before. */
async function readPasted(box, open) {
  const value = (name) => box.querySelector(`[name=${name}]`).value.trim();
  const text = value("paste");
  if (!text || !box.querySelector("[name=width_km]").reportValidity()) return false;
  const choices = stated({
    order: value("order"),
    figure: value("figure"),
    width_m: value("width_km") ? number(value("width_km")) * 1000 : undefined,
  });
  const places = await parse(text, choices);
  if (store.panel !== open) return false; // left, or another by now: a late answer opens nothing
  if (!places) {
    set({ panel: { ...open, pasted: null, text }, drawn: { shape: "circle", points: [] } });
    return false;
  }
  const whole = places.filter((one) => !("spot" in one.figure)).length;
  if (whole > 1 || (whole && whole < places.length)) {
    set({ panel: { ...open, pasted: null, text }, drawn: { shape: "circle", points: [] }, told: { kind: "bad", text: t("ui.paste.several", { n: places.length }) } });
    return false;
  }
  const spots = places.map((one) => Object.entries(one.figure)[0]).filter(([kind]) => kind === "spot");
  const points = spots.map(([, fig]) => fig.position);
  const shape = points.length > 2 ? "polygon" : points.length === 2 ? "corridor" : "circle";
  set({ panel: { ...open, pasted: places, text, redraw: true }, drawn: { shape, points, radius_m: number(value("radius_km")) * 1000 || RADIUS_M } });
  const [kind, outline] = Object.entries(places[0].figure)[0];
  keysOfPage().show(kind === "spot" ? points : (outline.polygon?.vertices ?? outline.corridor.points));
  setTimeout(() => toTop(box), DRAWN_MS);
  return true;
}

/** Whether something stands in the box that was not read: it is read first, and looked at. */
export async function isUnread(form, open) {
  const box = form.querySelector("[name=paste]");
  if (!box?.value.trim() || (open.pasted && box.value.trim() === open.text)) return false;
  if (await readPasted(box.closest("fieldset"), open)) set({ told: { kind: "wait", text: t("ui.notice.lookfirst") } });
  return true;
}

const LEAST = { circle: 1, corridor: 2, polygon: 3 };
/** Whether a drawing has not the points yet that its shape needs: it is never taken for another shape. */
const isTooFew = (drawn) => (drawn?.points.length ?? 0) < LEAST[drawn?.shape ?? "circle"];
/** What to do where there is no place yet, or not enough of one. */
export const noPlace = (drawn, none) => (drawn?.points.length ? t(`ui.draw.toofew.${drawn.shape}`) : t(none));

/** The place that the form holds, or null where there is none yet, or not enough of one. */
export function footprint(v, open, volume) {
  if (volume && !open.redraw) return volume.footprint;
  const whole = (open.pasted ?? []).map((one) => Object.entries(one.figure)[0]).find(([kind]) => kind !== "spot");
  if (whole) return whole[0] === "area" ? { polygon: whole[1].polygon } : { corridor: whole[1].corridor };
  const d = store.drawn;
  if (isTooFew(d)) return null;
  if (d.shape === "polygon") return { polygon: { vertices: d.points } };
  if (d.shape === "corridor") return { corridor: { points: d.points, half_width_m: number(v.half_km) * 1000 } };
  return { circle: { centre: d.points[0], radius_m: number(v.radius_km) * 1000 } };
}
