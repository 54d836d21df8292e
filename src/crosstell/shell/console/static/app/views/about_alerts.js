/** Which alerts a call or a broadcast is about: the one it is begun from, and those about the same object. */

import { html, nothing, repeat } from "../../vendor/lit.mjs";
import * as acts from "../acts.js";
import { aboutNotices, aboutText, aboutTracks } from "../content.js";
import { t, word } from "../i18n.js";
import { find, isPossible, isSaid, own, store } from "../store.js";
import { mono } from "./parts.js";

const BESIDE_MAX = 49; // a call or a broadcast names fifty alerts at most, the one it is begun from among them
const LEVELS = ["critical", "urgent", "advisory"];

/** The objects of an alert but for ours: what two of our aircraft meet is not one matter for that. */
const objectsOf = (alert) => aboutTracks(alert.about).filter((name) => !find.track(name) || !isSaid(find.track(name), "ours"));

/** The other alerts that stand about an object of this one, the worst first. */
function beside(alert) {
  const objects = alert ? objectsOf(alert) : [];
  const isBeside = (one) => one.alert !== alert.alert && one.words !== "cleared" && objectsOf(one).some((name) => objects.includes(name));
  const found = objects.length ? store.screen.alerts.filter(isBeside) : [];
  return found.sort((a, b) => LEVELS.indexOf(a.level) - LEVELS.indexOf(b.level));
}

/** Whether this party is one to call about it, and holds the notices that it names. */
const isFor = (one, party) =>
  one.call_by.some((line) => line.party === party) &&
  aboutNotices(one.about).every((n) => n.party === party || (n.party === own() && find.notice(n.party, n.notice)?.releasable_to.includes(party)));

/** Those, to be ticked off, and ticked where each of the parties that hear it is concerned: another addressee is asked anew. */
export function alsoAbout(open, parties) {
  // Kept as the form was opened: what comes about the object meanwhile was not weighed by who sends.
  const all = (open.beside ??= beside(open.alert && find.alert(open.alert)));
  const others = all.slice(0, BESIDE_MAX);
  if (!others.length) return nothing;
  const box = (one) => html`<label class="check"><input type="checkbox" name="also_${one.alert}" ?checked=${parties.every((party) => isFor(one, party))} /> ${word(one.level)} ${mono(aboutText(one.about))}</label>`;
  const more = all.length - others.length;
  return html`${repeat([parties.join()], (one) => one, () => html`<fieldset class="inline also"><legend>${t("ui.call.also")}</legend>
    ${others.map(box)} ${more ? html`<p class="told wait">${t("ui.call.alsomore", { n: more })}</p>` : nothing}
  </fieldset>`)}`;
}

/** What is sent of it: of a form that was begun from an alert, that one and those that are ticked. */
export const begunAbout = (open, fields) =>
  open.alert ? [open.alert, ...(open.beside ?? []).map((one) => one.alert).filter((one) => fields[`also_${one}`])].map(acts.alertRef) : undefined;

/** Said where a stop or a broadcast is begun of what only cannot be ruled out. */
export const onlyPossible = (alert) => (isPossible(alert) ? html`<p class="told wait possible">${t("ui.alert.possible")}</p>` : nothing);
