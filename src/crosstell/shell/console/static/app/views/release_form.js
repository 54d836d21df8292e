/** Release of a notice that is kept at home: to whom, what for, under which marking, and how exact. */

import { html, nothing } from "../../vendor/lit.mjs";
import * as acts from "../acts.js";
import * as f from "../format.js";
import { t } from "../i18n.js";
import { mayRecord, now, set, store, title } from "../store.js";
import { entered, facts, field, input, mono, number, read } from "./parts.js";

const TWO = ["own-force-location", "notified-site"];

export function releaseForm(one, open) {
  open.under ??= f.mint("rel", now()); // made once for the open panel: anew, it would overwrite what is typed
  const two = TWO.includes(one.kind);
  return html`<details class="release">
    <summary>${t("ui.release")}</summary>
    <form class="form" @submit=${(e) => send(e, one, open)}>
      <p>${t("ui.release.what", { id: one.notice, n: one.version })}</p>
      ${two ? html`<p class="told wait">${t("ui.notice.two")}</p>` : nothing}
      <fieldset>
        <legend>${t("ui.release.to")}</legend>
        ${store.screen.header.counterparts.map(({ who }) => html`<label class="check"><input type="checkbox" name="to_${who.party}" /> ${who.title}</label>`)}
        <p class="quiet">${t("ui.release.final")}</p>
      </fieldset>
      ${field(t("ui.release.purpose"), input("purpose", "", { required: true, max: 400 }))}
      <div class="line">
        ${field(t("ui.notice.marking"), input("marking", one.marking, { required: true }))}
        ${field(t("ui.release.under"), input("under", open.under, { mono: true, required: true, max: 64 }))}
        ${one.kind ? field(t("ui.release.coarse"), input("area_m", "", { figure: true }), t("ui.release.coarsehint")) : nothing}
      </div>
      <div class="buttons"><button class="strong" ?disabled=${!mayRecord()}>${two ? t("ui.do.filetwo") : t("ui.do.release")}</button></div>
    </form>
  </details>`;
}

async function send(e, one, open) {
  e.preventDefault();
  const v = read(e.target);
  const to = store.screen.header.counterparts.map(({ who }) => who.party).filter((party) => v[`to_${party}`]);
  if (!to.length) {
    set({ told: { kind: "bad", text: t("ui.release.nobody") } });
    return;
  }
  const coarsened = v.area_m && { area_m: number(v.area_m) };
  const terms = { under: v.under, to, purpose: v.purpose, marking: v.marking, coarsened };
  if (await acts.release(one, terms, (open.asked ??= acts.asking("rel")))) set({ panel: null });
}

/** What a release that waits for the second person would tell, to whom: for whoever is to confirm it. */
export function releaseAsked(body) {
  const asked = body.item_released;
  if (!asked) return nothing;
  const ref = asked.item.entry_ref;
  const one = store.screen.notices.find((held) => held.ref.feed === ref?.feed && held.ref.seq === ref.seq);
  return facts([
    one && [t("ui.release"), mono(`${one.notice} v${one.version}`)],
    [t("ui.release.to"), asked.to.map(title).join(", ")],
    [t("ui.release.purpose"), entered(asked.purpose)],
    [t("ui.notice.marking"), asked.marking],
    [t("ui.release.coarse"), asked.coarsened ? mono(f.length(asked.coarsened.area_m)) : t("ui.release.exact")],
  ]);
}
