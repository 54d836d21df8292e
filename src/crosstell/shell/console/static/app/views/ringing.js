/** What must not stay out of sight: what rings now over a past moment, what needs us above a queue that is scrolled, that nothing sounds. */

import { html, nothing, repeat } from "../../vendor/lit.mjs";
import { aboutText } from "../content.js";
import * as f from "../format.js";
import { coded, language, t, word } from "../i18n.js";
import { isSilenced, missing, quietFor } from "../sound.js";
import { dueOf, find, left, present, set, store, title } from "../store.js";
import { icon, mono } from "./parts.js";
import { LEVEL, ofParty } from "./queue.js";

const SEEN_PX = 30; // so much of a card's top shows what it is

const screenNow = () => store.live ?? store.screen;
const needed = () => screenNow().queue.filter((one) => one.part === "needs-you");

/** The matter of the present that comes first: what rings, else what needs us. */
export const mostUrgent = () => needed().find((one) => store.rings.has(one.key)) ?? needed()[0] ?? null;

/** That it makes no sound for now, and when it sounds again. */
export const silenced = (key) => {
  if (!isSilenced(key)) return nothing;
  const s = quietFor(key);
  return html`<span class="tag">${t("ui.silenced")}${Number.isFinite(s) ? html` · ${t("ui.silenced.until")} ${mono(f.countdown(s))}` : nothing}</span>`;
};

/** Which of the three looks, its words, and whom or what it is about: as of now, whatever moment is shown. */
function told(item) {
  const alert = item.kind === "alert" ? (find.alert(item.alert, screenNow()) ?? find.alert(item.alert)) : null;
  if (alert) return [LEVEL[alert.level], word(alert.level), aboutText(alert.about)];
  const call = item.kind === "call" ? find.callAt(item.call, screenNow()) : null;
  if (!call) return [item.kind === "duress" ? "critical" : "urgent", item.kind === "duress" ? t("ui.duress") : word(item.kind), ofParty(item) ?? item.log ?? item.notice ?? ""];
  const look = call.kind === "stop" ? "critical" : ({ flash: "critical", immediate: "urgent" }[call.precedence] ?? "notice");
  return [look, `${word(call.precedence)} · ${word(call.kind)}`, call.direction === "taken" ? t("ui.call.from", { who: title(call.party) }) : t("ui.call.to", { who: title(call.to_party) })];
}

/** A matter in words alone: what it is and whom or what it is about, by no id of ours. */
export const itemName = (item) => told(item).slice(1).filter(Boolean).join(" ");

let heard = new Map(); // of what rings, by its key: as what, and what was said of it then

/** What a screen reader hears at once, of each matter that rings, once, whatever moment is shown. */
export function announced() {
  const of = (item) => {
    const as = `${store.rings.get(item.key).as} ${item.level ?? ""} ${language()}`;
    if (heard.get(item.key)?.as === as) return heard.get(item.key);
    const due = dueOf(item, screenNow(), present());
    const by = due.at ? [`${t(`ui.due.${due.of}`)} ${f.zulu(due.at)}`] : [];
    return { key: item.key, as, text: [itemName(item), coded(item.why), ...by].join(". ") };
  };
  const all = screenNow().queue.filter((one) => store.rings.has(one.key)).map(of);
  heard = new Map(all.map((one) => [one.key, one]));
  return repeat(all, (one) => one.key, (one) => html`<p>${one.text}</p>`);
}

const IN_FIGURES = ["alert", "voice-log", "notice"];

function line(item) {
  const [look, label, about] = told(item);
  const due = dueOf(item, screenNow(), present());
  const s = due.at ? left(due.at, present()) : 0;
  return html`${icon(item.kind === "call" && look !== "critical" ? "call" : look)}
    <strong class="word c-${look}">${label}</strong> <strong class="about">${IN_FIGURES.includes(item.kind) ? mono(about) : about}</strong>
    ${due.at ? html`<span class="by">${mono(f.countdown(s))} ${t(`ui.due.${due.of}${s < 0 ? ".past" : ""}`)}</span>` : nothing}`;
}

const looks = (item) => `${told(item)[0]} ${store.rings.has(item.key) ? "rings" : ""}`;

/** Between the banner and the header, over nothing, for as long as it is so. */
export function strips(acts) {
  const why = missing();
  const item = store.replay && store.rings.size ? mostUrgent() : null;
  if (!why && !item) return nothing;
  return html`<div class="strips">
    ${why ? html`<div class="strip urgent" role="alert"><strong>${t(`ui.sound.${why}`)}</strong>${why === "waits" ? html`<button type="button" class="urgent" data-sound @click=${acts.sound}>${t("ui.sound.on")} <kbd>U</kbd></button>` : nothing}</div>` : nothing}
    ${item
      ? html`<div class="strip ${looks(item)}">
          <strong class="word">${t("ui.ringing.now")}</strong> <span class="count hot">${store.rings.size}</span> ${line(item)} ${silenced(item.key)}
          <button type="button" class="critical" @click=${acts.now}>${t("ui.ringing.go")} <kbd>0</kbd></button>
        </div>`
      : nothing}
  </div>`;
}

/** At the top of the queue, over the cards that are scrolled there: shown by `pointAt` alone. */
export function topLine(acts) {
  const item = store.replay ? null : mostUrgent();
  return html`<div class="now-line">
    ${item
      ? html`<button type="button" class="${looks(item)}" data-of=${item.key} @click=${acts.now}>
          <span class="row"><strong class="word">${t("ui.part.needs-you")}</strong> <span class="count hot">${needed().length}</span> <kbd>0</kbd></span>
          <span class="row">${line(item)}</span>
          ${silenced(item.key)}
        </button>`
      : nothing}
  </div>`;
}

/** The line at the top of the queue stands while the card of its matter is out of sight. */
export function pointAt() {
  const queue = document.querySelector(".queue");
  const pointer = queue?.querySelector(".now-line button");
  if (!pointer) return;
  const card = queue.querySelector(`[data-key="${CSS.escape(pointer.dataset.of)}"]`)?.getBoundingClientRect();
  const { top, bottom } = queue.getBoundingClientRect();
  pointer.hidden = !!card && card.top >= top - 1 && card.top + SEEN_PX <= bottom;
}

/** The matter has the keyboard, and so is brought into view. */
export function goTo(key) {
  const card = document.querySelector(`.queue [data-key="${CSS.escape(key)}"]`);
  card?.scrollIntoView({ block: "nearest" });
  card?.focus();
  set({});
}
