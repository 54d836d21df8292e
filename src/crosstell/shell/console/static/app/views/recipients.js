/** To whom a person gives something: nobody is ticked beforehand, and to nobody nothing is sent. */

import { html } from "../../vendor/lit.mjs";
import { t } from "../i18n.js";
import { set, store } from "../store.js";

const parties = () => store.screen.header.counterparts.map(({ who }) => who);

export const recipients = () => html`<fieldset>
  <legend>${t("ui.release.to")}</legend>
  ${parties().map((who) => html`<label class="check"><input type="checkbox" name="to_${who.party}" /> ${who.title}</label>`)}
  <p class="quiet">${t("ui.release.final")}</p>
</fieldset>`;

/** Those that are ticked in what was read from the form; where nobody is, null, and the page says so. */
export function ticked(v) {
  const to = parties().map((who) => who.party).filter((party) => v[`to_${party}`]);
  if (to.length) return to;
  set({ told: { kind: "bad", text: t("ui.release.nobody") } });
  return null;
}
