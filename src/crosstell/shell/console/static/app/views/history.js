/** All that is on record of one matter, oldest first: each row opens down to its signed entry. */

import { html, nothing } from "../../vendor/lit.mjs";
import { asked } from "../asked.js";
import * as f from "../format.js";
import { has, t, word } from "../i18n.js";
import { own, set, store, title } from "../store.js";
import { copyOf } from "./copy_form.js";
import { button, mono } from "./parts.js";

/** The kind of an entry in the reader's words. */
export const kindOf = (kind) => (has(`ui.kind.${kind}`) ? t(`ui.kind.${kind}`) : word(kind.replaceAll("_", "-")));

const open = (ref) => set({ panel: { name: "entry", feed: ref.feed, seq: ref.seq, back: store.panel } });

/** `stamp` says how the matter stands: where it changes, the rows are asked for again. */
export function history(kind, party, id, stamp) {
  const path = `/history/${kind}/${encodeURIComponent(party)}/${encodeURIComponent(id)}`;
  const { told, fault } = asked(path, stamp);
  return html`<h3>${t("ui.history")}</h3>
    <p class="quiet">${t(kind === "alert" ? "ui.history.journal" : "ui.history.what")}</p>
    ${fault ? html`<p class="told bad">${fault}</p>` : nothing}
    ${told
      ? html`<table class="history">
            <thead class="visually-hidden"><tr><th scope="col">${t("ui.entry.at")}</th><th scope="col">${t("ui.entry.kind")}</th><th scope="col">${t("ui.entry.by")}</th><th scope="col">${t("ui.entry.number")}</th></tr></thead>
            <tbody>
              ${told.entries.map((one) => html`<tr>
                <td>${mono(f.zulu(one.entry_at))}</td>
                <td>${kindOf(one.kind)}</td>
                <td>${one.party && one.party !== own() ? `${title(one.party)} ` : ""}${one.by ? html`${word(one.by.role)} ${mono(one.by.watch)}` : t("ui.bynode")}</td>
                <td><button class="link" type="button" @click=${() => open(one.entry)}>${t("ui.entry", { n: one.entry.seq })}</button></td>
              </tr>`)}
            </tbody>
          </table>
          <div class="buttons">${button(t("ui.copy.these"), () => copyOf(told.entries.map((one) => one.entry)))}</div>
          ${told.left_out ? html`<p class="quiet">${t("ui.history.more", { n: told.left_out })}</p>` : nothing}`
      : fault
        ? nothing
        : html`<p class="quiet">${t("ui.loading")}</p>`}`;
}
