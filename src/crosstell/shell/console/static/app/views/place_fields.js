/** Where something is, in a form: drawn by pointer or keyboard, or pasted in any of the field's forms. */

import { html, nothing } from "../../vendor/lit.mjs";
import { placeText } from "../content.js";
import * as f from "../format.js";
import { t } from "../i18n.js";
import * as geo from "../map/geo.js";
import { onceDrawn, set, store } from "../store.js";
import { parse, takeHeights } from "./content_fields.js";
import { keysOfPage } from "./keys_of_page.js";
import { touch } from "./kept.js";
import { button, field, input, made, mono, number, placed, read, select, stated, toTop } from "./parts.js";

/** Whether the place of that volume is given anew: of several that stand one is, and the others stay. */
const isRedrawn = (open, which) => !!open.redraw && (open.which ?? 0) === which;

/** The place of that volume, unless it is being given: the last that was in this form, else as it stands. */
const settledAt = (open, volume, which) => (isRedrawn(open, which) ? undefined : (open.places?.[which] ?? volume?.footprint));

/**
 * Goes on to the place of volume `which`; `more` is what else of the panel changes. What is being given for
 * another one is settled first: it is read, or asked for where there is none.
 */
export async function goOn(form, open, volumes, which, more = {}) {
  if (await isUnread(form, open)) return;
  const at = open.which ?? 0;
  const places = [...(open.places ?? [])];
  if (!settledAt(open, volumes[at], at)) {
    const given = footprint(read(form), open, volumes[at], at);
    if (!given && (store.drawn?.points.length || !(places[at] ?? volumes[at]))) {
      askPlace(form, "ui.notice.noplace");
      return;
    }
    places[at] = given ?? places[at];
  }
  touch("notice");
  set({ panel: { ...open, ...more, places, which, redraw: true, pasted: null, text: "" }, drawn: null, tool: "select", told: null });
  onceDrawn(() => document.querySelector(".panel [name=paste]")?.focus());
}

/** The fields of a place: drawn on the map, or pasted and read by the node; `volumes` are those of the form, `which` its number. */
export function place(open, drawn, volumes, which = 0) {
  const kept = settledAt(open, volumes[which], which);
  const draw = (shape, e) => {
    const box = e.target.closest("fieldset");
    if (!isSized(box)) return;
    box.querySelector("[name=paste]").value = ""; // what is drawn stands instead of it, and is not read over
    set({ drawn: { shape, points: [], ...sizes(box) }, tool: "draw", panel: { ...open, redraw: true, pasted: null, text: "" } });
  };
  const pasted = open.pasted;
  return html`<fieldset>
    <legend>${t("ui.notice.place")}</legend>
    ${kept ? html`<p>${placed(kept)} ${button(t("ui.notice.redraw"), (e) => goOn(e.target.closest("form"), open, volumes, which))}</p>` : html`
      <div class="buttons" role="group" aria-label=${t("ui.notice.draw")}>
        ${["circle", "polygon", "corridor"].map((shape) => button(t(`ui.draw.${shape}`), (e) => draw(shape, e), { pressed: String(store.tool === "draw" && drawn.shape === shape) }))}
        ${drawn.points.length ? button(t("ui.draw.undo"), () => set({ drawn: { ...drawn, points: drawn.points.slice(0, -1) } })) : nothing}
      </div>
      ${store.tool === "draw" ? html`<p class="quiet">${t(`ui.draw.hint.${drawn.shape}`)}</p>` : nothing}
      ${drawn.points.length ? html`<ol class="points">${drawn.points.map((p) => html`<li><bdi class="mono">${f.mgrs(p)}</bdi></li>`)}</ol>` : nothing}
      <label class="field"><span>${t("ui.notice.paste")}</span>
        <textarea name="paste" rows="3" class="mono" .value=${open.text ?? ""} placeholder="37S FA 30592 62810"></textarea></label>
      <div class="buttons">${button(t("ui.notice.read"), (e) => paste(e, open))}</div>
      <details><summary>${t("ui.paste.choices")}</summary>
        <div class="line">
          ${field(t("ui.paste.order"), select("order", [["", "—"], ["lat-lon", t("ui.paste.latlon")], ["lon-lat", t("ui.paste.lonlat")]], ""))}
          ${field(t("ui.paste.figure"), select("figure", [["", "—"], ["points", t("ui.paste.points")], ["area", t("ui.paste.area")], ["way", t("ui.paste.way")]], ""))}
          ${field(t("ui.paste.width"), input("width_km", "", { figure: "km", overNought: true }), "km")}
        </div>
      </details>
      ${pasted ? html`<ul>${pasted.map((one) => html`<li><bdi class="mono">${one.text}</bdi> → <bdi class="mono">${readBack(one)}</bdi>
        ${(one.doubts ?? []).map((d) => html`<br /><span class="c-urgent">? ${made(d, "refusals")}</span>`)}
        ${one.heights ? heightsOf(one.heights, which) : nothing}</li>`)}</ul>` : nothing}
      ${wider(drawn)}
      <div class="line" @change=${resized}>
        ${field(t("ui.notice.radius"), input("radius_km", drawn.radius_m ? String(drawn.radius_m / 1000) : "5", { figure: "km", overNought: true, required: true }), "km")}
        ${field(t("ui.notice.halfwidth"), input("half_km", drawn.half_width_m ? String(drawn.half_width_m / 1000) : "2.5", { figure: "km", overNought: true, required: true }), "km")}
      </div>`}
  </fieldset>`;
}

const OPEN_SHOWN_M = 10; // what a grid reference to 10 m leaves open, and finer ones, is not spoken of

/** That what was read leaves its points open, and what is filed for that. */
function wider({ shape, points, outline, open_m = 0 }) {
  if (open_m < OPEN_SHOWN_M || !(outline || points.length)) return nothing;
  const isWhole = outline || shape === "polygon";
  return html`<p class=${isWhole ? "c-urgent" : "quiet"}>${t(isWhole ? "ui.paste.notwider" : "ui.paste.wider", { m: f.length(open_m) })}</p>`;
}

/** How far at the most what was read may be from what was meant; 0 where nothing says so. */
const openOf = (places) => Math.max(0, ...places.map((one) => Object.values(one.figure)[0].accuracy_m ?? 0));

const boxIn = (box, name) => box.querySelector(`[name=${name}]`);
const valueIn = (box, name) => boxIn(box, name).value.trim();
/** Whether every size that is typed can be taken; which one cannot is said at its field. */
const isSized = (box) => ["width_km", "radius_km", "half_km"].every((name) => fits(boxIn(box, name)));
function fits(field) {
  if (!field.validity.valid) choose(field); // in a fold that is shut the browser would show nothing
  return field.reportValidity();
}

/** The radius and the half-width that are typed: what the map shows has them too. */
const sizes = (box) => ({
  radius_m: number(valueIn(box, "radius_km")) * 1000,
  half_width_m: number(valueIn(box, "half_km")) * 1000,
});

/** What cannot be taken changes nothing of what is drawn. */
function resized(e) {
  const isTaken = ["radius_km", "half_km"].every((name) => boxIn(e.currentTarget, name).validity.valid);
  if (store.drawn && isTaken) set({ drawn: { ...store.drawn, ...sizes(e.currentTarget) } });
}

/** An area or a way that was read, as a footprint. */
function outlineOf(one) {
  const [[kind, fig]] = Object.entries(one.figure);
  return kind === "area" ? { polygon: fig.polygon } : { corridor: fig.corridor };
}

const readBack = (one) => ("spot" in one.figure ? f.mgrs(one.figure.spot.position) : placeText(outlineOf(one)));

const paste = (e, open) => readPasted(e.target.closest("fieldset"), open);

const CHOICES = { order: "order", figure: "figure", width: "width_km" };
/** A field that is asked for, in sight and with the keyboard. */
function choose(field) {
  const fold = field.closest("details");
  if (fold) fold.open = true;
  field.focus();
}

/** How what is pasted is to be read. */
const choicesOf = (box) =>
  stated({
    order: valueIn(box, "order"),
    figure: valueIn(box, "figure"),
    width_m: valueIn(box, "width_km") ? number(valueIn(box, "width_km")) * 1000 : undefined,
  });

/** What was pasted, as the node reads it; what cannot be read leaves nothing of what was read before. */
async function readPasted(box, open) {
  const text = valueIn(box, "paste");
  if (!text || !isSized(box)) return false;
  const choices = choicesOf(box);
  let asked = null;
  const places = await parse(text, choices, (needs) => (asked = CHOICES[needs]));
  if (store.panel !== open) return false; // left, or another by now: a late answer opens nothing
  if (asked) choose(boxIn(box, asked));
  if (!places) {
    set({ panel: { ...open, pasted: null, text }, drawn: { shape: "circle", points: [], ...sizes(box) } });
    return false;
  }
  const whole = places.filter((one) => !("spot" in one.figure)).length;
  if (whole > 1 || (whole && whole < places.length)) {
    set({ panel: { ...open, pasted: null, text }, drawn: { shape: "circle", points: [], ...sizes(box) }, told: { kind: "bad", text: t("ui.paste.several", { n: places.length }) } });
    return false;
  }
  const spots = places.map((one) => Object.entries(one.figure)[0]).filter(([kind]) => kind === "spot");
  const points = spots.map(([, fig]) => fig.position);
  const shape = points.length > 2 ? "polygon" : points.length === 2 ? "corridor" : "circle";
  const outline = whole ? outlineOf(places[0]) : null;
  const tool = whole ? "select" : store.tool; // no point is added to a figure that is whole
  const told = store.told?.kind === "bad" ? null : store.told; // what was refused before was mended, and read
  set({ panel: { ...open, pasted: places, text, choices, redraw: true }, drawn: { shape, points, outline, open_m: openOf(places), ...sizes(box) }, tool, told });
  keysOfPage().show(outline ? (outline.polygon?.vertices ?? outline.corridor.points) : points);
  onceDrawn(() => toTop(box));
  return true;
}

/** Whether what stands in the box was read, and read so: else it is not what the map shows. */
const wasRead = (box, open) =>
  !!open.pasted && !!store.drawn && valueIn(box, "paste") === open.text && JSON.stringify(choicesOf(box)) === JSON.stringify(open.choices);

/** Whether something stands in the box that was not read: it is read first, and looked at. */
export async function isUnread(form, open) {
  const box = form.querySelector("[name=paste]")?.closest("fieldset");
  if (!box || !valueIn(box, "paste") || wasRead(box, open)) return false;
  if (await readPasted(box, open)) set({ told: { kind: "wait", text: t("ui.notice.lookfirst") } });
  return true;
}

/** The name of a field of one of several volumes; the first has the plain names. */
export const named = (name, which) => (which ? `${name}_${which + 1}` : name);

/** The heights that were written for the points: they are no limits until a person takes them as such. */
const heightsOf = ({ lowest, highest }, which) => html`<br />${t("ui.paste.heights")} ${mono(`${f.altitude(lowest)} – ${f.altitude(highest)}`)}
  ${button(t("ui.paste.takeheights"), (e) => takeHeights(e.currentTarget.form, { lowest, highest }, (name) => named(name, which)))}`;

const LEAST = { circle: 1, corridor: 2, polygon: 3 };
/** Whether a drawing has not the points yet that its shape needs: it is never taken for another shape. */
const isTooFew = (drawn) => (drawn?.points.length ?? 0) < LEAST[drawn?.shape ?? "circle"];
/** Says what to do where there is no place yet, or not enough of one, with the keyboard where one is pasted. */
export function askPlace(form, none) {
  const { drawn } = store;
  set({ told: { kind: "bad", text: drawn?.points.length ? t(`ui.draw.toofew.${drawn.shape}`) : t(none) } });
  form.querySelector("[name=paste]")?.focus();
  return null;
}

/** The place that the form holds, or null where there is none yet, or not enough of one. */
export function footprint(v, open, volume, which = 0) {
  const settled = settledAt(open, volume, which);
  if (settled) return settled;
  const d = store.drawn;
  if (d?.outline) return d.outline;
  if (isTooFew(d)) return null;
  return geo.figureOf({ ...d, radius_m: number(v.radius_km) * 1000, half_width_m: number(v.half_km) * 1000 });
}
