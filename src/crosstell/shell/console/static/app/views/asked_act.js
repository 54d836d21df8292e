/**
 * An act that waits for its second person, in the words of whoever is to confirm it: every field that
 * it has, by its name, as the node read it. What is let out by it is shown whole beneath.
 */

import { html, nothing } from "../../vendor/lit.mjs";
import { asked } from "../asked.js";
import { placeText } from "../content.js";
import * as f from "../format.js";
import { fieldName, has, t, word } from "../i18n.js";
import { find, store, tagged, title } from "../store.js";
import { KINDS } from "./claim_kinds.js";
import { entryLinks } from "./incidents.js";
import { entered, facts, free, mono, scope } from "./parts.js";

const KNOT_MPS = 1852 / 3600;
/** What is one of a closed set. */
const WORDS = ["confidence", "coordinates", "emergency", "field_type", "is_so", "kind", "measure", "passage", "told", "was_on", "word", "zone"];
/** Who or what is named there, by an id or a code; all else was written by a person, and is quoted. */
const IDS = ["party", "to", "releasable_to", "parties", "against", "owner", "kept_by", "notice", "claim", "paper", "incident", "matter", "matters", "rule", "rules", "share", "track", "under", "release", "language", "marking"];
const NOBODY = { releasable_to: "ui.notice.nobody" };
const SHAPES = ["circle", "polygon", "corridor", "ellipse", "orbit", "radar_arc"];
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;

/** What the act would record. */
export function askedAct(body) {
  const [kind, said] = tagged(body);
  return kind === "item_released" ? released(said) : fields(said);
}

/** A release: what goes out, to whom, what for, under which marking, how exact; and all that it says. */
function released(said) {
  const ref = said.item.entry_ref;
  const one = store.screen.notices.find((held) => held.ref.feed === ref?.feed && held.ref.seq === ref.seq);
  return html`${facts([
      [t("ui.release"), one ? mono(`${one.notice} v${one.version}`) : html`${word(said.kind)} ${object("item", said.item)}`],
      [t("ui.release.to"), said.to.map(title).join(", ")],
      [t("ui.release.purpose"), entered(said.purpose)],
      [t("ui.notice.marking"), said.marking],
      [t("ui.release.under"), mono(said.under)],
      [t("ui.release.coarse"), said.coarsened ? mono(f.length(said.coarsened.area_m)) : t("ui.release.exact")],
    ])}
    ${ref ? letOut(ref) : nothing}`;
}

/** The entry whose words go out, as it stands on record. */
function letOut(ref) {
  const { told, fault } = asked(`/entries/${encodeURIComponent(ref.feed)}/${ref.seq}`, ref.hash);
  if (fault) return html`<p class="told bad">${fault}</p>`;
  if (!told) return html`<p class="quiet">${t("ui.loading")}</p>`;
  return html`<details><summary>${t("ui.second.whole")}</summary>${fields(tagged(told.shown.body)[1])}</details>`;
}

/** The fields of a value; those of a claim's content have the names that its form has. */
const fields = (said, of = null) => facts(Object.entries(said).map(([name, value]) => [label(name, of), shown(name, value)]));

const label = (name, of) => (KINDS[of] && has(`ui.inc.field.${name}`) ? t(`ui.inc.field.${name}`) : fieldName(name));

function shown(name, value) {
  if (Array.isArray(value)) return several(name, value);
  if (typeof value === "object") return object(name, value);
  if (typeof value === "number") return mono(f.figure(name.endsWith("_mps") ? Math.round((value / KNOT_MPS) * 10) / 10 : value));
  if (INSTANT.test(value)) return mono(`${value.slice(0, 10)} ${f.zulu(value, { exact: true })}`);
  if (IDS.includes(name)) return find.party(value) ? title(value) : mono(value);
  return WORDS.includes(name) ? word(value) : entered(value);
}

function several(name, values) {
  if (!values.length) return NOBODY[name] ? t(NOBODY[name]) : "—";
  if (values.every((one) => one.entry_ref)) return entryLinks(values.map((one) => one.entry_ref), values.length);
  if (values.every((one) => typeof one === "string") && IDS.includes(name)) return values.map((one, i) => html`${i ? ", " : ""}${shown(name, one)}`);
  return html`<ul class="lines">${values.map((one) => html`<li>${shown(name, one)}</li>`)}</ul>`;
}

function object(name, value) {
  if (value.entry_ref) return entryLinks([value.entry_ref]);
  if (value.named) return html`${title(value.named.party)} ${mono(value.named.id)}`;
  if ("lat_deg" in value) return html`${mono(f.mgrs(value))}<br />${mono(f.decimal(value))}`;
  if ("footprint" in value) return volume(value);
  if ("centre" in value) return mono(placeText({ circle: value }));
  if ("value_m" in value) return mono(f.altitude(value));
  if ("speaks_for" in value) return scope(value);
  if ("text" in value && "language" in value && !("sentences" in value)) return free(value);
  const [tag, inner] = tagged(value);
  if (Object.keys(value).length > 1 || typeof inner !== "object" || Array.isArray(inner)) return fields(value);
  if (SHAPES.includes(tag)) return mono(placeText(value));
  return html`<strong>${kindName(tag)}</strong>${fields(inner, tag)}`;
}

const kindName = (tag) => (KINDS[tag] ? t(`ui.inc.claim.${tag}`) : has(`ui.name.${tag}`) ? t(`ui.name.${tag}`) : word(tag.replaceAll("_", "-")));

const volume = (one) => html`${mono(placeText(one.footprint))}<br />${mono(`${f.altitude(one.lower) === "UNL" ? "SFC" : f.altitude(one.lower)} – ${f.altitude(one.upper)}`)} · ${mono(`${f.dtg(one.window.start)} – ${f.dtg(one.window.end)}`)}`;
