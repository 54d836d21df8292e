/** File or supersede a notice of any kind: drawn on the map, typed, or pasted; one version, whole. */

import { html, nothing } from "../../vendor/lit.mjs";
import * as acts from "../acts.js";
import * as f from "../format.js";
import { placeText } from "../content.js";
import { t, word } from "../i18n.js";
import { mayRecord, now, set, store, tagged, title } from "../store.js";
import { parse, typedTime } from "./content_fields.js";
import { button, field, input, number, read, select, stated } from "./parts.js";

const KINDS = ["zone", "activity", "own_force_location", "avoidance_request", "notified_site", "notified_movement", "general_notice"];
const FIELD_TYPES = ["roz", "nfa", "rfa", "danger-area", "restricted-area", "prohibited-area", "temporary-restriction", "corridor", "lltr", "mrr", "sl", "saafr", "tc", "ua-route", "bdz", "hidacz", "aar-roz", "ua-roz", "wez", "fez", "jez", "mez", "lomez", "himez", "shoradez", "wfz", "aca", "ffa", "other"];
const ACTIVITIES = ["not-stated", "crewed-flight", "uncrewed-flight", "live-fire", "ground-movement", "at-sea", "medical-evacuation", "search-and-rescue", "exercise"];
const TWO = ["own_force_location", "notified_site"];
const DATUMS = ["msl-egm96", "standard-pressure", "above-ground", "wgs84-ellipsoid"];
const kindWord = (kind) => word(kind.replaceAll("_", "-"));

/** What the form begins with: the version that is superseded, or nothing. */
function begin(open) {
  if (!open.of) return { kind: open.kind ?? "zone", content: {}, volume: null };
  const [kind, content] = tagged(open.of.content);
  return { kind, content, volume: content.volume ?? content.volumes?.[0] ?? null };
}

export function noticeForm(s, open) {
  const { kind, content, volume } = begin(open);
  const drawn = store.drawn ?? { shape: "circle", points: [] };
  // Made once for the open form: a value that is made anew would overwrite what is typed.
  open.minted ??= f.mint(kind === "zone" ? "roz" : kind.slice(0, 3), now());
  open.begins ??= Math.ceil(now() / 300000) * 300000;
  return {
    title: open.of ? t("ui.notice.supersede", { id: open.of.notice, n: open.of.version + 1 }) : t("ui.notice.new"),
    body: html`
      ${TWO.includes(kind) ? html`<p class="told wait">${t("ui.notice.two")}</p>` : nothing}
      <form class="form" @submit=${(e) => send(e, s, open, kind, content)}>
        ${open.of ? nothing : field(t("ui.notice.kind"), select("kind", KINDS.map((one) => [one, kindWord(one)]), kind, (e) => set({ panel: { ...open, kind: e.target.value } })))}
        ${open.of ? nothing : field(t("ui.notice.id"), input("id", open.minted, { mono: true, required: true, max: 64 }))}
        ${own(kind, content)} ${kind === "general_notice" ? nothing : place(s, open, drawn, volume)}
        ${kind === "general_notice" ? nothing : heights(volume)} ${kind === "general_notice" ? nothing : times(volume, open.begins)}
        ${audience(s, open, kind)}
        <div class="line">
          ${field(t("ui.notice.marking"), input("marking", open.of?.marking ?? s.header.marking, { required: true }))}
          ${open.of ? field(t("ui.reason"), input("reason", "", { required: true })) : nothing}
        </div>
        <div class="buttons">
          <button class="strong big" ?disabled=${!mayRecord()}>${TWO.includes(kind) ? t("ui.do.filetwo") : t("ui.do.file")}</button>
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
        </div>
        ${field(t("ui.notice.duty"), input("duty", c.duty ?? t("ui.notice.keepout"), { required: true }))}`;
    case "activity":
      return html`<div class="line">
        ${field(t("ui.notice.activity"), select("activity", ACTIVITIES, c.kind ?? "not-stated"))}
        ${field(t("ui.notice.emergency"), select("emergency", ["not-declared", "declared"], c.emergency ?? "not-declared"))}
        ${field(t("ui.text"), input("text", c.text ?? ""))}
      </div>`;
    case "own_force_location":
      return html`<div class="line">
        ${field(t("ui.notice.standoff"), input("standoff_m", c.standoff_m ?? "", { figure: true }), "m")}
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

function place(s, open, drawn, volume) {
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
        <textarea name="paste" rows="3" class="mono" .value=${open.text ?? ""} placeholder="37S FA 30592 62810"></textarea>
        <small class="quiet">${t("ui.place.hint")}</small></label>
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
      <div class="line">
        ${field(t("ui.notice.radius"), input("radius_km", drawn.radius_m ? String(drawn.radius_m / 1000) : "5", { figure: true, required: true }), "km")}
        ${field(t("ui.notice.halfwidth"), input("half_km", "2.5", { figure: true, required: true }), "km")}
      </div>`}
  </fieldset>`;
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
  if (!places) {
    set({ panel: { ...open, pasted: null, text }, drawn: { shape: "circle", points: [] } });
    return false;
  }
  const spots = places.map((one) => Object.entries(one.figure)[0]).filter(([kind]) => kind === "spot");
  const points = spots.map(([, fig]) => fig.position);
  const shape = points.length > 2 ? "polygon" : points.length === 2 ? "corridor" : "circle";
  set({ panel: { ...open, pasted: places, text, redraw: true }, drawn: { shape, points, radius_m: 5000 } });
  return true;
}

/** Whether something stands in the box that was not read: it is read first, and looked at. */
async function isUnread(form, open) {
  const box = form.querySelector("[name=paste]");
  if (!box?.value.trim() || (open.pasted && box.value.trim() === open.text)) return false;
  if (await readPasted(box.closest("fieldset"), open)) set({ told: { kind: "wait", text: t("ui.notice.lookfirst") } });
  return true;
}

const limitFeet = (limit) => (limit?.altitude ? String(f.feet(limit.altitude.value_m)) : "");

const heights = (v) => html`<div class="line">
  ${field(t("ui.notice.lower"), input("lower", limitFeet(v?.lower), { figure: true }), t("ui.notice.sfc"))}
  ${field(t("ui.notice.upper"), input("upper", limitFeet(v?.upper), { figure: true }), t("ui.notice.unl"))}
  ${field(t("ui.datum"), select("datum", DATUMS, v?.upper?.altitude?.datum ?? "msl-egm96"))}
</div>`;

const minute = (at) => `${new Date(at).toISOString().slice(0, 16)}Z`;

const times = (v, begins) => html`<div class="line">
  ${field(t("ui.from"), input("from", minute(v?.window.start ?? begins), { mono: true, required: true }), t("ui.time.hint"))}
  ${field(t("ui.until"), input("until", minute(v?.window.end ?? begins + 2 * 3600e3), { mono: true, required: true }), "UTC")}
</div>`;

function audience(s, open, kind) {
  const offered = s.protocol.disclosure.find((one) => one.notice === kind.replaceAll("_", "-"))?.offered_to ?? "nobody";
  const held = open.of?.releasable_to;
  return html`<fieldset>
    <legend>${t("ui.notice.releasable")}</legend>
    ${s.header.counterparts.map(
      ({ who }) => html`<label class="check"><input type="checkbox" name="to_${who.party}" ?checked=${held ? held.includes(who.party) : offered !== "nobody"} ?disabled=${!!held} /> ${who.title}</label>`,
    )}
    <p class="quiet">${held ? t("ui.notice.sameaudience") : t("ui.notice.releasehint")}</p>
  </fieldset>`;
}

const LEAST = { circle: 1, corridor: 2, polygon: 3 };
/** Whether a drawing has not the points yet that its shape needs: it is never taken for another shape. */
export const isTooFew = (drawn) => (drawn?.points.length ?? 0) < LEAST[drawn?.shape ?? "circle"];
/** What to do where there is no place yet, or not enough of one. */
export const noPlace = (drawn, none) => (drawn?.points.length ? t(`ui.draw.toofew.${drawn.shape}`) : t(none));

function footprint(v, open, volume) {
  if (volume && !open.redraw) return volume.footprint;
  const whole = (open.pasted ?? []).map((one) => Object.entries(one.figure)[0]).find(([kind]) => kind !== "spot");
  if (whole) return whole[0] === "area" ? { polygon: whole[1].polygon } : { corridor: whole[1].corridor };
  const d = store.drawn;
  if (isTooFew(d)) return null;
  if (d.shape === "polygon") return { polygon: { vertices: d.points } };
  if (d.shape === "corridor") return { corridor: { points: d.points, half_width_m: number(v.half_km) * 1000 } };
  return { circle: { centre: d.points[0], radius_m: number(v.radius_km) * 1000 } };
}

const limit = (ft, datum) => (ft === undefined ? "unbounded" : { altitude: { value_ft: number(ft), datum } });

async function send(e, s, open, kind, before) {
  e.preventDefault();
  if (await isUnread(e.target, open)) return;
  const v = read(e.target);
  const volume0 = before.volume ?? before.volumes?.[0];
  const shape = kind === "general_notice" ? null : footprint(v, open, volume0);
  if (kind !== "general_notice" && !shape) {
    set({ told: { kind: "bad", text: noPlace(store.drawn, "ui.notice.noplace") } });
    return;
  }
  const volume = shape && {
    footprint: shape,
    lower: limit(v.lower, v.datum),
    upper: limit(v.upper, v.datum),
    window: { start: typedTime(v.from, now()), end: typedTime(v.until, now()) },
  };
  const to = open.of ? open.of.releasable_to : s.header.counterparts.map((c) => c.who.party).filter((p) => v[`to_${p}`]);
  const told = await acts.file({
    notice: open.of?.notice ?? v.id,
    version: (open.of?.version ?? 0) + 1,
    content: stated({ [kind]: contentOf(kind, v, volume) }),
    marking: v.marking,
    releasable_to: to,
    reason: v.reason,
  }, (open.asked ??= acts.asking("n")));
  if (told) set({ panel: null, drawn: null, tool: "select" });
}

function contentOf(kind, v, volume) {
  switch (kind) {
    case "zone":
      return { field_type: v.field_type, declaring_authority: v.declaring_authority, duty: v.duty, volume };
    case "activity":
      return { kind: v.activity, emergency: v.emergency, text: v.text, volumes: [volume] };
    case "own_force_location":
      return { volume, standoff_m: number(v.standoff_m), text: v.text };
    case "avoidance_request":
      return { volume, asked: v.asked };
    case "notified_site":
      return { notifier: v.notifier, what: v.what, coordinates: v.coordinates, volume };
    case "notified_movement":
      return { notifier: v.notifier, what: v.what, volumes: [volume] };
    default:
      return { text: v.text, source: v.source };
  }
}

export { title };
