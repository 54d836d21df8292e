/** A copy of entries for one recipient: numbered, recorded before it is printed, marked in every part. */

import { html } from "../../vendor/lit.mjs";
import * as acts from "../acts.js";
import { t } from "../i18n.js";
import { mayRecord, set } from "../store.js";
import { entryLinks } from "./incidents.js";
import { field, input, read } from "./parts.js";

export const copyOf = (refs) => set({ panel: { name: "copy", refs } });

export function copyForm(s, open) {
  const send = async (e) => {
    e.preventDefault();
    const { recipient, purpose, marking } = read(e.target);
    const asked = (open.asked ??= acts.asking("copy"));
    if ((await acts.makeCopy(open.refs, { recipient, purpose, marking }, asked)) && acts.isOpen(asked)) set({ panel: { name: "given" } });
  };
  return {
    title: t("ui.copy"),
    body: html`<form class="form" data-keep="copy" @submit=${send}>
      <p>${t("ui.copy.what")}</p>
      <p>${t("ui.given.entries")}: ${entryLinks(open.refs)}</p>
      ${field(t("ui.given.recipient"), input("recipient", "", { required: true, max: 200 }), t("ui.copy.recipient.hint"))}
      ${field(t("ui.release.purpose"), input("purpose", "", { required: true, max: 400 }))}
      ${field(t("ui.notice.marking"), input("marking", s.header.marking, { required: true }))}
      <div class="buttons"><button class="strong" ?disabled=${!mayRecord()}>${t("ui.copy.do")}</button></div>
    </form>`,
  };
}
