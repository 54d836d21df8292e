/** The banner and the header: what this is, who is reached, how old everything is, what time it is. */

import { html, nothing, svg } from "../../vendor/lit.mjs";
import * as f from "../format.js";
import { LANGUAGES, coded, english, isHalf, language, latin, t, word } from "../i18n.js";
import { why } from "../session.js";
import { holding, isRelieved, isStale, left, now, own, present, set, silent_ms, store, title } from "../store.js";
import { recordCell } from "./alarms.js";
import { dot, mono, said } from "./parts.js";
import { silenced } from "./ringing.js";

export function banner(s) {
  const past = store.replay ? [html`<span class="word">${t("ui.replay.mark", { at: f.moment(store.replay.at, present()) })}</span>`] : [];
  return strip(s.header.reality, s.header.marking, s.header.own.title, ...past);
}

/** Real or exercise, then what is told beside it: what others wrote stays as they wrote it. */
export const strip = (reality, ...told) => html`<div class="banner ${reality === "real" ? "real" : ""}" role="banner">
  <span class="word">${t(reality === "real" ? "ui.real" : "ui.exercise")}</span>${told.map((one) => html`<span>·</span><span dir="auto">${one}</span>`)}
</div>`;

/** When a test of the line was answered last: calls are answered, and none of them is one. */
const tested = (at) => (at ? t("ui.line.tested", { ago: t("ui.ago", { span: f.span(-left(at)) }) }) : t("ui.line.untested"));

/** A party's name where there is little room: its title, or its id where that is long. */
const short = (who) => (who.title.length > 16 ? who.party : who.title);

/** The test that is out and until when its answer is awaited; else when the line is tested next, or since when that is due. */
export const nextTest = (one) =>
  one.test_answer_by ? t("ui.line.out", { at: f.zulu(one.test_sent_at, { seconds: false }), by: f.zulu(one.test_answer_by) }) : t(left(one.next_test_at) > 0 ? "ui.line.next" : "ui.line.due", { at: f.zulu(one.next_test_at, { seconds: false }) });

/** That the protocol is suspended, by them or by us: what is owed on this line is another then. */
const suspendedBetween = (party) =>
  store.screen.protocol.suspended_by
    .filter((one) => one.party === party || one.party === own())
    .map((one) => html`<strong class="c-urgent suspended">${t("ui.suspended.by", { who: title(one.party) })}</strong> · `);

const line = (counterpart) => {
  const best = counterpart.lines.find((one) => one.standing === "up") ?? counterpart.lines[0];
  const next = best.next_test_at || best.test_answer_by ? html`<span class="more">· <bdi dir=${latin()}>${nextTest(best)}</bdi></span>` : nothing;
  return html`<button
    class="plain line-to"
    type="button"
    @click=${() => set({ panel: { name: "lines" } })}
    title=${coded(best.said)}
  >
    ${dot(best.standing)}
    <span class="two">
      <strong class="standing"><span class="who" title=${counterpart.who.title}><bdi>${counterpart.who.title}</bdi>:</span> <span>${word(best.standing)}</span></strong>
      <small>${suspendedBetween(counterpart.who.party)}<bdi dir=${latin()}>${tested(best.last_answered_at)}</bdi> · <bdi>${word(best.medium)}</bdi>${best.answered_by ? html` · <bdi>${word(best.answered_by)}</bdi>` : nothing} ${next}</small>
    </span>
  </button>`;
};

function feeds(s) {
  const sources = s.header.sources;
  const silent = sources.filter((one) => !one.latest_at || -left(one.latest_at) > one.stale_after_s);
  const standing = !sources.length ? "untested" : silent.length === sources.length ? "down" : silent.length ? "doubtful" : "up";
  const age = (name, at) => html`<bdi class="age" dir="ltr">${name} ${at ? f.span(-left(at)) : "—"}</bdi>`;
  const ages = [
    ...sources.slice(0, 3).map((one) => age(one.source, one.latest_at)),
    ...s.header.counterparts.map((one) => age(short(one.who), one.who.feed.latest_at)),
  ];
  return html`<div class="feeds">
    ${dot(standing)}
    <span class="two">
      <strong>${t("ui.feeds", { n: sources.length - silent.length, of: sources.length })}</strong>
      <small>${mono(ages.length ? ages.map((one, i) => html`${i ? " · " : ""}${one}`) : "—")}</small>
    </span>
  </div>`;
}

/** The watch that the session stands on, or that it was relieved of it. */
function onWatch() {
  const { watch } = store.session ?? {};
  if (!watch) return t("ui.nowatch");
  return isRelieved()
    ? html`<strong class="c-urgent"><bdi>${t("ui.watch.relieved", { n: holding().watch })}</bdi></strong>`
    : html`<bdi>${t("ui.watch")} ${mono(watch)}</bdi>`;
}

/** Zulu large, the date-time group and the local time beneath; `note` says by whose clock where it is not the node's. */
export const clock = (at, note = nothing) => html`<div class="clock" role="timer" aria-label=${t("ui.clock")}>
  <span class="two">
    <span class="zulu mono">${f.zulu(at)}</span>
    <small>${mono(f.dtg(at))} <span class="apart">·</span> <bdi>${t("ui.local")} ${mono(f.localTime(at))}</bdi>${note}</small>
  </span>
</div>`;

export function header(s, acts) {
  const party = s.header.own;
  return html`<header class="header">
    <div>
      <span class="badge" aria-hidden="true">${party.party.slice(0, party.party.length > 3 ? 1 : 3).toUpperCase()}</span>
      <span class="two party"
        ><strong title=${party.title} dir="auto">${party.title}</strong
        ><small dir="auto" title=${s.protocol.title}><bdi>${s.protocol.title} ${mono(s.protocol.version)}</bdi></small></span
      >
    </div>
    ${s.header.counterparts.map(line)} ${feeds(s)} ${recordCell(s)}
    <div class="grow"></div>
    ${clock(now())}
    <div class="officer">
      <span class="two">
        <strong>${store.session?.role ? word(store.session.role) : store.session?.account}</strong>
        <small>${onWatch()}
          ${store.session?.rests ? html`<span class="c-urgent rests" title=${store.session.given}>${t("ui.rests")}</span>` : nothing}</small>
      </span>
      <button type="button" @click=${acts.handover} title="${t("ui.handover")} (H)" aria-label=${t("ui.handover")}>
        <svg class="glyph" viewBox="0 0 20 20" aria-hidden="true"><path d="M3 7h12l-3-3M17 13H5l3 3" fill="none" stroke="currentColor" stroke-width="1.8" /></svg><span class="more">${t("ui.handover.short")}</span>
      </button>
      <button
        type="button"
        aria-pressed=${store.sound ? "true" : "false"}
        aria-label=${t(store.sound ? "ui.sound" : "ui.sound.off")}
        title="${t("ui.sound")} (U)"
        data-sound
        @click=${acts.sound}
      >
        <svg class="glyph" viewBox="0 0 20 20" aria-hidden="true">
          <path d="M3 8h3l4-4v12l-4-4H3Z" fill="currentColor" />
          ${store.sound ? svg`<path d="M13 7q3 3 0 6M15.500 5q5 5 0 10" fill="none" stroke="currentColor" stroke-width="1.6"/>` : svg`<path d="M13 8l5 5M18 8l-5 5" stroke="currentColor" stroke-width="1.8"/>`}
        </svg>
        ${store.sound ? nothing : html`<strong class="c-urgent">${t("ui.sound.off")}</strong>`}
      </button>
      <button type="button" @click=${acts.dim} aria-label="${t("ui.dim")} ${store.dim + 1}" title="${t("ui.dim")} (M)">
        <svg class="glyph" viewBox="0 0 20 20" aria-hidden="true"><circle cx="10" cy="10" r="6.500" fill="none" stroke="currentColor" stroke-width="1.6" /><path d="M10 3.500a6.500 6.500 0 0 1 0 13Z" fill="currentColor" /></svg>${mono(store.dim + 1)}
      </button>
      <select aria-label=${t("ui.language")} @change=${(e) => chosen(e, acts)}>
        ${LANGUAGES.map(([id, name]) => html`<option value=${id} ?selected=${store.lang === id}>${name}</option>`)}
      </select>
    </div>
  </header>`;
}

/** Where only the messages between parties are in the reader's language: said in it, and in English. */
export const halfTold = () =>
  isHalf()
    ? html`<p class="half-told"><bdi lang=${language()}>${t("ui.half")}</bdi> <bdi lang="en" dir="ltr">${english("ui.half")}</bdi></p>`
    : nothing;

/** The language that is chosen; the keys are the page's again, and not the list's. */
function chosen(e, acts) {
  acts.language(e.target.value);
  e.target.blur();
}

/** What is shown over the map while nothing comes from the node, for its silence or for want of a session. */
export function staleness() {
  if (!isStale()) return nothing;
  const [words, key] = why() === "lapsed" ? ["ui.stale.lapsed", "session"] : ["ui.stale", "node"];
  return html`<div class="staleness" role="alert">${t(words, { span: f.span(silent_ms() / 1000) })} ${silenced(key)}</div>`;
}

export { own, said };
