/** The way in: a session, then the watch. Nothing of the node is shown before. */

import { html, nothing } from "../../vendor/lit.mjs";
import * as api from "../api.js";
import { LANGUAGES, has, t, word } from "../i18n.js";
import { whyBegun } from "../session.js";
import { set, store } from "../store.js";
import { clock, strip } from "./header.js";
import { logOut } from "./lists.js";
import { field, input, made, read, select } from "./parts.js";

let fault = "";
const begun = whyBegun();
let coming = false; // the node is asked: a password takes it a while to check

/** The node's time by its newest status; before anybody is in, this computer's, which says so. */
function gateClock() {
  if (store.session && store.status) return clock(Date.parse(store.status.at) + performance.now() - store.status_at);
  return clock(Date.now(), html`<br />${t("ui.clock.computer")}`);
}

/** Why nobody came in. */
export function keptOut(no) {
  const key = `ui.problem.${api.nameOf(no.told)}`;
  if (no.status === 0) return t("ui.told.unreachable");
  return has(key) ? t(key) : [no.told.title, no.message].filter((one, at, all) => one && all.indexOf(one) === at).join(": ");
}

export function login(acts) {
  const come = async (e) => {
    e.preventDefault();
    if (coming) return;
    const v = read(e.target);
    coming = true;
    fault = "";
    set({});
    try {
      const session = await api.comeIn(v.account, v.password ?? "", v.code);
      coming = false;
      acts.sounds();
      set({ session });
      acts.entered();
    } catch (no) {
      coming = false;
      fault = keptOut(no);
      set({});
    }
  };
  return html`<main class="gate">
    <form @submit=${come} aria-labelledby="login-title">
      <h1 id="login-title">Crosstell</h1>
      ${gateClock()}
      <p class="quiet">${t("ui.login.what")}</p>
      ${begun && !fault ? html`<p class="told wait" role="status">${t(`ui.login.begun.${begun}`)}</p>` : nothing}
      ${fault ? html`<p class="told bad" role="alert">${fault}</p>` : nothing}
      ${field(t("ui.login.account"), html`<input name="account" required autocomplete="username" autofocus />`)}
      ${field(t("ui.login.password"), html`<input name="password" type="password" required autocomplete="current-password" />`)}
      ${field(t("ui.login.code"), html`<input name="code" inputmode="numeric" class="mono" autocomplete="one-time-code" />`, t("ui.login.codehint"))}
      <div class="line">
        <button class="strong big" aria-busy=${coming}>${t(coming ? "ui.login.coming" : "ui.login.in")}</button>
        ${field(t("ui.language"), select("lang", LANGUAGES, store.lang, (e) => acts.language(e.target.value)))}
      </div>
    </form>
  </main>`;
}

/** One act opens the sound and takes the watch; without it nothing may be recorded. */
export function takeTheWatch(acts) {
  const s = store.session;
  const held = s.on_watch;
  const take = (how) => acts.take(how);
  return html`${strip(s.reality, s.title)}<main class="gate">
    <div class="box" role="group" aria-labelledby="take-title">
      <h1 id="take-title">${t("ui.take.title", { role: s.role ? word(s.role) : s.account })}</h1>
      ${gateClock()}
      <p>${held ? t("ui.take.held", { n: held }) : t("ui.take.vacant")}</p>
      <p class="quiet">${t("ui.take.sound")}</p>
      ${s.rests ? html`<p class="c-urgent rests"><strong>${t("ui.rests")}</strong>: ${made(s.given)}</p>` : nothing}
      ${store.told ? html`<p class="told ${store.told.kind}" role="status">${store.told.text}</p>` : nothing}
      <div class="buttons">
        ${held
          ? html`<button type="button" class="strong big" @click=${() => acts.read()}>${t("ui.take.read", { n: held })}</button>`
          : html`<button type="button" class="strong big" @click=${() => take("take")}>${t("ui.watch.take")}</button>`}
        ${held ? html`<button type="button" class="big" @click=${() => take("join")}>${t("ui.watch.joinn", { n: held })}</button>` : nothing}
        <button type="button" class="plain" @click=${() => acts.look()}>${t("ui.take.look")}</button>
        <button type="button" class="plain" @click=${logOut}>${t("ui.logout")}</button>
      </div>
    </div>
  </main>`;
}

export { input };
