/** Which alerts a call or a broadcast is about: the one it is begun from, and those about the same object. */

import { html, nothing } from "../../vendor/lit.mjs";
import * as acts from "../acts.js";
import { aboutKeys, aboutText } from "../content.js";
import { t, word } from "../i18n.js";
import { find, isPossible, store } from "../store.js";
import { mono } from "./parts.js";

const objectsOf = (alert) => aboutKeys(alert.about).filter((key) => key.startsWith("track "));

/** The other alerts that stand about an object of this one. */
function beside(alert) {
  const objects = alert ? objectsOf(alert) : [];
  const isBeside = (one) => one.alert !== alert.alert && one.words !== "cleared" && objectsOf(one).some((key) => objects.includes(key));
  return objects.length ? store.screen.alerts.filter(isBeside) : [];
}

/** Those, to be ticked off: one call about an object covers them, unless the officer says otherwise. */
export function alsoAbout(open) {
  // Kept as the form was opened: what comes about the object meanwhile was not weighed by who sends.
  const others = (open.beside ??= beside(open.alert && find.alert(open.alert)));
  if (!others.length) return nothing;
  return html`<fieldset class="inline also"><legend>${t("ui.call.also")}</legend>
    ${others.map((one) => html`<label class="check"><input type="checkbox" name="also_${one.alert}" checked /> ${word(one.level)} ${mono(aboutText(one.about))}</label>`)}
  </fieldset>`;
}

/** What is sent of it: of a form that was begun from an alert, that one and those that are ticked. */
export const begunAbout = (open, fields) =>
  open.alert ? [open.alert, ...(open.beside ?? []).map((one) => one.alert).filter((one) => fields[`also_${one}`])].map(acts.alertRef) : undefined;

/** Said where a stop or a broadcast is begun of what only cannot be ruled out. */
export const onlyPossible = (alert) => (isPossible(alert) ? html`<p class="told wait possible">${t("ui.alert.possible")}</p>` : nothing);
