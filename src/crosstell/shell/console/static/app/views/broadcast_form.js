/** A broadcast on guard: the words that are drafted for it, and what was sent, recorded by who spoke. */

import { html, nothing } from "../../vendor/lit.mjs";
import * as acts from "../acts.js";
import { language, saidIn, t } from "../i18n.js";
import { spoken } from "../spoken.js";
import { find, set, store, title } from "../store.js";
import { alsoAbout, begunAbout, onlyPossible } from "./about_alerts.js";
import { drafted } from "./call_form.js";
import { changedSince } from "./kept.js";
import { field, hertz, input, read, select } from "./parts.js";

/** What everybody learns by the words: where our sensors see an object, whosever it is; a zone, and who alone held it. */
const disclosed = ({ track, zone }) =>
  [
    track && t("ui.broadcast.disclosed"),
    track?.whose === "not-stated" && t("ui.broadcast.whose"),
    zone && t("ui.broadcast.zone", { zone: zone.notice, who: zone.releasable_to.map(title).join(", ") }),
  ].filter(Boolean).map((text) => html`<p class="told wait">${text}</p>`);

/** The draft in that language; null where its alert has gone, or the words of the language do not come. */
async function draftIn(lang, { alert }) {
  const found = alert && find.alert(alert);
  return alert && !found ? null : saidIn(lang, () => spoken(found)).catch(() => null);
}

/**
 * The draft in the language that is chosen, for as long as a person has not touched its words. Until it has
 * come the form says the language in which they stand, which is what would be recorded.
 */
async function redraft({ target }, open) {
  const { value } = target;
  const { text, addressed } = target.form.elements;
  const isAsDrafted = () => text.value === open.spoken.text && addressed.value === open.spoken.to;
  open.wanted = value;
  if (isAsDrafted()) {
    target.value = open.language;
    const again = await draftIn(value, open);
    if (store.panel !== open || open.wanted !== value) return;
    if (isAsDrafted() && !again) return set({ told: { kind: "bad", text: t("ui.broadcast.notdrafted", { lang: value, as: open.language }) } });
    if (isAsDrafted()) open.spoken = again;
  }
  target.value = open.language = value;
  set({});
}

export function broadcastForm(s, open) {
  const alert = open.alert && find.alert(open.alert);
  const guards = s.protocol.guard_frequencies;
  open.language ??= language();
  const { to, text, ...told } = (open.spoken ??= spoken(alert)); // as the form was opened: it tells the time
  const send = async (e) => {
    e.preventDefault();
    const v = read(e.target);
    const asked = (open.asked ??= acts.asking("b"));
    const sent = await acts.broadcast({
      radio: { frequency_hz: hertz(v.mhz) },
      addressed: v.addressed,
      text: { text: v.text, language: v.language },
      about: begunAbout(open, v),
    }, asked);
    if (sent && acts.isOpen(asked)) set({ panel: open.then ?? null });
  };
  return {
    title: t("ui.broadcast.title"),
    body: html`
      <p class="law">${t("ui.broadcast.hint")}</p>
      ${alert ? onlyPossible(alert) : nothing} ${changedSince(open, drafted(s, open))}
      <form class="form" data-keep="broadcast" @submit=${send}>
        ${field(t("ui.broadcast.text"), html`<textarea name="text" rows="5" dir="auto" required maxlength="2000" .value=${text}></textarea>`)}
        ${disclosed(told)} ${field(t("ui.broadcast.to"), input("addressed", to, { required: true, max: 120 }))}
        <div class="line">
          ${field(t("ui.broadcast.mhz"), input("mhz", guards[0] ? (guards[0].frequency_khz / 1000).toFixed(3) : "", { figure: "MHz", required: true, list: "guards" }))}
          <datalist id="guards">${guards.map((g) => html`<option value=${(g.frequency_khz / 1000).toFixed(3)}>${g.name}</option>`)}</datalist>
          ${field(t("ui.language"), select("language", ["en", "tr", "ru", "ar"].map((one) => [one, one]), open.language, (e) => redraft(e, open)))}
        </div>
        ${alsoAbout(open, s.header.counterparts.map((one) => one.who.party))}
        <p class="quiet">${t("ui.broadcast.time")}</p>
        <div class="buttons"><button class="critical big">${t("ui.do.logbroadcast")}</button></div>
      </form>
    `,
  };
}
