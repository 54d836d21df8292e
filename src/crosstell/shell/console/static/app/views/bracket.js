/**
 * The order and the time bracket of an entry: after what it was made, and not after what it was
 * held, with whose clock each time is by. The order rests on signed headers that commit to each
 * other; a time is what its clock said. Nothing is told that the signatures do not show.
 */

import { html, nothing, svg } from "../../vendor/lit.mjs";
import { asked } from "../asked.js";
import * as f from "../format.js";
import { t } from "../i18n.js";
import { own, set, store, title } from "../store.js";

const open = (ref) => set({ panel: { name: "entry", feed: ref.feed, seq: ref.seq, back: store.panel } });
/** An entry by its number and whose record it stands in: both parties count from one. */
export const entryName = (ref, party) => t(party === own() ? "ui.entry.ours" : "ui.entry.of", { n: ref.seq, who: title(party) });
const link = (ref, party) => html`<button class="link" type="button" @click=${() => open(ref)}>${entryName(ref, party)}</button>`;
const clock = (party) => (party === own() ? t("ui.bracket.ourclock") : t("ui.bracket.clock", { who: title(party) }));
/** A sentence of that party, or of ourselves. */
const told = (key, party, args) => t(party === own() ? `${key}.we` : key, { who: title(party), ...args });
const whom = (party) => (party === own() ? t("ui.bracket.we") : title(party));

/** To the millisecond where the clock stated so much: a bracket must not look narrower than it is. */
const exact = (t) => f.zulu(t, { exact: true });

const SECOND_MS = 1000; // a cosignature states whole seconds

/** What is known of one holder: its first entry, its first cosignature, and which bounds it closer. */
export function heldBy(traced, party) {
  const all = traced.held_by.filter((one) => one.party === party);
  const entry = all.find((one) => one.entry);
  const signed = all.find((one) => !one.entry);
  const closer = signed && (!entry || new Date(entry.at) - new Date(signed.at) >= SECOND_MS);
  return { entry, signed, first: closer ? signed : entry };
}

/** The bracket of a call's entry, asked for when the call is looked at and when its stage changes. */
export function bracketOfCall(call) {
  const path = `/entries/${encodeURIComponent(call.ref.feed)}/${call.ref.seq}`;
  const found = asked(path, `${call.stage}/${call.stages.length}`);
  if (found.fault) return html`<p class="told bad">${found.fault} ${t("ui.asked.again")}</p>`;
  if (!found.told) return html`<p class="quiet">${t("ui.loading")}</p>`;
  return bracket(found.told, call.to_party);
}

/** In words and drawn: for one holder, or for every other party. */
export function bracket(whole, holder) {
  const { shown, traced } = whole;
  if (!traced) return nothing;
  if (!shown.party) return inJournal(traced);
  const others = [own(), ...store.screen.header.counterparts.map((one) => one.who.party)].filter((one) => one !== shown.party);
  return html`<section class="bracket" aria-label=${t("ui.bracket")}>
    ${(holder ? [holder] : others).map((party) => ofHolder(shown, traced, party))}
    <p class="quiet">${t("ui.bracket.order")}</p>
  </section>`;
}

function ofHolder(shown, traced, party) {
  const { entry, signed, first } = heldBy(traced, party);
  const before = traced.made_after.find((one) => one.party === party);
  const since = before
    ? html`<li>${told("ui.bracket.made", party, { at: exact(before.at), clock: clock(before.party) })} ${link(before.entry, before.party)}</li>`
    : nothing;
  if (!first)
    return html`<p>${told("ui.bracket.unseen", party)}</p>
      <ul>${since}</ul>`;
  const [from, until] = [{ at: shown.entry_at, clock: clock(shown.party), n: shown.entry.seq }, { at: first.at, clock: clock(party) }];
  const apart = (new Date(from.at) - new Date(until.at) - (first.entry ? 0 : SECOND_MS)) / 1000;
  const words = {
    from: exact(from.at), clock: from.clock, n: from.n, until: exact(until.at), clock2: until.clock, m: first.entry?.seq, size: first.size,
  };
  return html`<p class="held"><strong>${told(first.entry ? "ui.bracket.held" : "ui.bracket.heldsigned", party, words)}</strong></p>
    ${drawn(shown, before, first, party)}
    <ul>
      ${since}
      <li>${t("ui.bracket.itself", { at: exact(shown.entry_at), clock: from.clock })} ${link(shown.entry, shown.party)}</li>
      ${signed ? html`<li>${told("ui.bracket.signed", party, { at: exact(signed.at), clock: clock(party), size: signed.size })}</li>` : nothing}
      ${entry ? html`<li>${told("ui.bracket.names", party, { at: exact(entry.at), clock: clock(party) })} ${link(entry.entry, party)}</li>` : nothing}
    </ul>
    ${apart > 0 ? html`<p class="c-urgent">${t("ui.bracket.skew", { span: f.span(apart) })}</p>` : nothing}`;
}

/** An entry of the own journal leaves the house as a root alone. */
const inJournal = ({ committed }) => html`<section class="bracket" aria-label=${t("ui.bracket")}>
  ${committed
    ? html`<p><strong>${t("ui.bracket.journal", { at: exact(committed.at) })}</strong> ${link(committed.entry, own())}</p>`
    : html`<p>${t("ui.bracket.nojournal")}</p>`}
</section>`;

const [WIDE, HIGH, FIRST, SECOND] = [470, 142, 42, 96];

/** Two lanes, one for each party, and the arrows of who commits to whom. Not to scale. */
function drawn(shown, before, first, party) {
  const point = (x, y, over, under, kind) => svg`<g class=${kind}>
    <rect x=${x - 52} y=${y - 15} width="104" height="30" rx="4"/>
    <text class="t" x=${x} y=${y - 2} text-anchor="middle">${over}</text>
    <text class="t" x=${x} y=${y + 11} text-anchor="middle">${under}</text>
  </g>`;
  const number = (one) => (one.entry ? t("ui.entry", { n: one.entry.seq }) : t("ui.bracket.cosigned"));
  const arrow = (x1, y1, x2, y2) => svg`<path class="arrow" d="M${x1} ${y1}L${x2} ${y2}" marker-end="url(#tip)"/>`;
  const [a, b, c] = [142, 260, 398];
  return html`<svg class="picture" viewBox="0 0 ${WIDE} ${HIGH}" role="img" aria-label=${t("ui.bracket.picture")} direction="ltr">
    <defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto"><path d="M0 0 8 4 0 8Z"/></marker></defs>
    <text class="lane" x="2" y=${FIRST - 22}>${whom(shown.party)}</text>
    <text class="lane" x="2" y=${SECOND + 30}>${whom(party)}</text>
    <line class="lane" x1="2" x2=${WIDE - 2} y1=${FIRST} y2=${FIRST}/>
    <line class="lane" x1="2" x2=${WIDE - 2} y1=${SECOND} y2=${SECOND}/>
    <path class="span" d="M${b} ${FIRST + 16}V${SECOND + 36}M${c} ${SECOND + 16}V${SECOND + 36}"/>
    <rect class="span" x=${b} y=${SECOND + 22} width=${c - b} height="14"/>
    <text class="t" x=${(b + c) / 2} y=${SECOND + 33} text-anchor="middle">${t("ui.bracket.within")}</text>
    ${before ? arrow(b - 30, FIRST + 15, a + 30, SECOND - 15) : nothing}
    ${arrow(c - 22, SECOND - 15, b + 42, FIRST + 15)}
    ${before ? point(a, SECOND, number(before), exact(before.at), "their") : nothing}
    ${point(b, FIRST, t("ui.entry", { n: shown.entry.seq }), exact(shown.entry_at), "self")}
    ${point(c, SECOND, number(first), exact(first.at), "their")}
  </svg>`;
}
