/** The roles of this party: for whom each speaks and cannot speak, declared and withdrawn. */

import { html, nothing } from "../../vendor/lit.mjs";
import * as acts from "../acts.js";
import { t, word } from "../i18n.js";
import { mayRecord, set } from "../store.js";
import { button, entered, field, input, mono, scope, select, submit } from "./parts.js";

export function roles(s) {
  const { own } = s.header;
  return {
    title: t("ui.roles", { who: own.title }),
    body: html`
      <div class="buttons">${button(`← ${t("ui.lines")}`, () => set({ panel: { name: "lines" } }))}</div>
      <p class="quiet">${t("ui.roles.what")}</p>
      ${s.protocol.roles.map((role) => roleOf(own, role))}
    `,
  };
}

function roleOf(own, role) {
  const said = own.roles.find((one) => one.role === role.id);
  const stands = said?.state === "declared";
  const limited = own.scopes.find((one) => one.role === role.id);
  return html`<section>
    <h3>${word(role.id)} <span class="quiet">${mono(role.id)}</span></h3>
    <p>
      ${stands
        ? html`${entered(said.title)} ${scope(said)} ${mono(said.languages.join(" "))}`
        : said
          ? html`<strong>${t("ui.roles.withdrawn")}</strong>`
          : limited
            ? html`${t("ui.roles.byprotocol")} ${scope(limited.scope)}`
            : t("ui.roles.undeclared")}
    </p>
    <details>
      <summary>${t(stands ? "ui.roles.anew" : "ui.roles.declare", { role: word(role.id) })}</summary>
      ${declareForm(own, role, said ?? { ...limited?.scope, title: role.title, languages: own.languages })}
    </details>
    ${stands ? withdrawForm(role) : nothing}
  </section>`;
}

const CHOICES = () => [["", "—"], ["for", t("ui.roles.speaks")], ["not", t("ui.roles.cannot")]];

function declareForm(own, role, from) {
  const chosen = (id) => (from.speaks_for?.includes(id) ? "for" : from.cannot_speak_for?.includes(id) ? "not" : "");
  const send = submit((v) => {
    const those = (which) => own.components.map((one) => one.id).filter((id) => v[`of_${id}`] === which);
    return acts.declareRole({
      role: role.id,
      title: v.title,
      scope: { speaks_for: those("for"), cannot_speak_for: those("not") },
      languages: (v.languages ?? "").split(/[\s,]+/).filter(Boolean),
    });
  });
  return html`<form class="form" data-keep=${`declare-${role.id}`} @submit=${send}>
    <p>${t("ui.roles.declaring")}</p>
    <div class="line">
      ${field(t("ui.roles.title"), input("title", from.title, { required: true, max: 200 }), t("ui.roles.title.hint"))}
      ${field(t("ui.roles.languages"), input("languages", (from.languages ?? []).join(" "), { mono: true }), t("ui.roles.languages.hint"))}
    </div>
    ${own.components.length
      ? html`<fieldset>
          <legend>${t("ui.roles.components")}</legend>
          <div class="line">${own.components.map((one) => field(one.title ?? one.id, select(`of_${one.id}`, CHOICES(), chosen(one.id))))}</div>
          <small class="quiet">${t("ui.roles.components.hint")}</small>
        </fieldset>`
      : nothing}
    <div class="buttons"><button class="strong" ?disabled=${!mayRecord()}>${t("ui.roles.do")}</button></div>
  </form>`;
}

const withdrawForm = (role) => html`<details>
  <summary>${t("ui.roles.withdraw", { role: word(role.id) })}</summary>
  <form
    class="form"
    data-keep=${`withdraw-${role.id}`}
    @submit=${submit(({ reason }) => acts.withdrawRole(role.id, reason))}
  >
    <p>${t("ui.roles.withdrawing")}</p>
    ${field(t("ui.reason"), input("reason", "", { required: true, max: 400 }))}
    <div class="buttons"><button class="urgent" ?disabled=${!mayRecord()}>${t("ui.do.withdraw")}</button></div>
  </form>
</details>`;
