/**
 * An act that waits for its second person, in the words of whoever is to confirm it: every field that
 * it has, by its name, as the node read it. What would go out of it stands whole beneath, as the node made it.
 */

import { html, nothing } from "../../vendor/lit.mjs";
import * as f from "../format.js";
import { fieldName, has, t, word } from "../i18n.js";
import { find, store, tagged, title } from "../store.js";
import { KINDS } from "./claim_kinds.js";
import { entryLinks } from "./incidents.js";
import { entered, facts, free, made, mono, placed, scope, volume } from "./parts.js";
import { granted, steps } from "./share_form.js";

/** What is one of a closed set. */
const WORDS = ["confidence", "coordinates", "emergency", "field_type", "is_so", "kind", "measure", "passage", "told", "was_on", "word", "zone"];
/** Who or what is named there, by an id or a code; all else was written by a person, and is quoted. */
const IDS = ["party", "to", "releasable_to", "parties", "against", "owner", "kept_by", "notice", "claim", "paper", "incident", "matter", "matters", "rule", "rules", "share", "track", "under", "release", "language", "marking"];
const NOBODY = { releasable_to: "ui.notice.nobody" };
const SHAPES = ["circle", "polygon", "corridor", "ellipse", "orbit", "radar_arc"];
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;

/** What the act would record, and what would go out of it: of what is refused now, why. */
export function askedAct(one) {
  const [kind, said] = tagged(one.body);
  return html`${(OWN_WORDS[kind] ?? fields)(said)}
    ${one.lets_out?.length ? html`<h4>${t("ui.second.whole")}</h4>${one.lets_out.map((event) => fields(tagged(event)[1]))}` : nothing}
    ${one.no ? html`<p class="told bad">${t("ui.second.no")} ${made(one.no, "refusals")}</p>` : nothing}`;
}

/** A release: which version, to whom, what for, under which marking and id, how exact. */
function released(said) {
  const ref = said.item.entry_ref;
  const one = store.screen.notices.find((held) => held.ref.feed === ref?.feed && held.ref.seq === ref.seq);
  return facts([
    [t("ui.release"), one ? mono(`${one.notice} v${one.version}`) : html`${word(said.kind)} ${object("item", said.item)}`],
    [t("ui.release.to"), said.to.map(title).join(", ")],
    [t("ui.release.purpose"), entered(said.purpose)],
    [t("ui.notice.marking"), said.marking],
    [t("ui.release.under"), mono(said.under)],
    [t("ui.release.coarse"), steps(said.coarsened)],
  ]);
}

/** A share: of which object. Its terms are what goes out. */
const shared = (said) => facts([[t("ui.share.track"), mono(said.track)]]);

const OWN_WORDS = { item_released: released, track_shared: shared };

/** The fields of a value; those of a claim's content have the names that its form has. */
const fields = (said, of = null) => facts(Object.entries(said).map(([name, value]) => [label(name, of), shown(name, value)]));

const label = (name, of) => (KINDS[of] && has(`ui.inc.field.${name}`) ? t(`ui.inc.field.${name}`) : fieldName(name));

function shown(name, value) {
  if (Array.isArray(value)) return several(name, value);
  if (typeof value === "object") return object(name, value);
  if (typeof value === "number") return mono(f.figure(name.endsWith("_mps") ? f.knots(value, 1) : value));
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
  if (name === "coarsened") return steps(value);
  if ("every_s" in value) return facts([[t("ui.share.called"), entered(value.called)], ...granted(value)]);
  if (value.entry_ref) return entryLinks([value.entry_ref]);
  if (value.named) return html`${title(value.named.party)} ${mono(value.named.id)}`;
  if ("lat_deg" in value) return html`${mono(f.mgrs(value))}<br />${mono(f.decimal(value))}`;
  if ("footprint" in value) return volume(value);
  if ("centre" in value) return placed({ circle: value });
  if ("value_m" in value) return mono(f.altitude(value));
  if ("speaks_for" in value) return scope(value);
  if ("text" in value && "language" in value && !("sentences" in value)) return free(value);
  const [tag, inner] = tagged(value);
  if (Object.keys(value).length > 1 || typeof inner !== "object" || Array.isArray(inner)) return fields(value);
  if (SHAPES.includes(tag)) return placed(value);
  return html`<strong>${kindName(tag)}</strong>${fields(inner, tag)}`;
}

const kindName = (tag) => (KINDS[tag] ? t(`ui.inc.claim.${tag}`) : has(`ui.name.${tag}`) ? t(`ui.name.${tag}`) : word(tag.replaceAll("_", "-")));
