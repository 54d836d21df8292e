/** What is said of a session that ends, and the box in which the same account goes on with it. */

import { html, nothing } from "../../vendor/lit.mjs";
import * as f from "../format.js";
import { t } from "../i18n.js";
import * as session from "../session.js";
import { set, store } from "../store.js";
import { kindOf } from "./history.js";
import { logOut } from "./lists.js";
import { keptOut } from "./login.js";
import { button, field, mono, read } from "./parts.js";

let fault = "";
let coming = false; // the node is asked: a password takes it a while to check

/** Under the banner, from some time before: that the session ends, or that nobody seems to be there. */
export function sessionLine() {
  const ends = session.endsSoon();
  const s = ends ?? session.idlesSoon();
  if (s === null) return nothing;
  return html`<p class="session-line">
    <span role="status">${t(ends === null ? "ui.session.idles" : "ui.session.ends")}</span>
    <span role="timer">${mono(f.countdown(Math.max(0, s)))}</span>
    ${ends === null || session.isAsked() ? nothing : button(t("ui.session.renew"), () => session.ask(true))}
  </p>`;
}

/** How the page is locked, for its style. */
export const sealed = () => [session.why() ? "locked" : "", session.why() ?? "", session.isCovered() ? "covered" : ""].join(" ");

/** What is locked takes neither pointer nor keyboard; what a screen reader is told of goes on. */
export function seal(page) {
  for (const part of page.children) part.inert = !!session.why() && !part.matches(".lock, #announce");
}

/** The password of the same account; or what was refused while there was no session. */
export function sessionBox() {
  if (session.isAsked()) return asking();
  const [one] = session.unsent();
  return one ? unsent(one) : nothing;
}

async function come(e) {
  e.preventDefault();
  if (coming) return;
  const form = e.target;
  const v = read(form);
  [coming, fault] = [true, ""];
  set({});
  try {
    await session.comeAgain(v.password ?? "", v.code);
  } catch (no) {
    fault = keptOut(no);
    form.elements.password.select();
  }
  coming = false;
  set({});
}

const heading = () => t(`ui.session.${session.isCovered() ? "covered" : (session.why() ?? "renew")}`);

function explained() {
  const { account } = store.session;
  if (!session.why()) return t("ui.session.renew.what", { account });
  return t(`ui.session.${session.why()}.what`, { account, at: f.zulu(session.since()) });
}

const asking = () => html`<section class="lock" role="dialog" aria-modal=${session.why() ? "true" : "false"} aria-labelledby="lock-title">
  <form @submit=${come}>
    <h2 id="lock-title">${heading()}</h2>
    <p>${explained()}</p>
    ${fault ? html`<p class="told bad" role="alert">${fault}</p>` : nothing}
    <div class="fields">
      ${field(t("ui.login.account"), html`<input name="account" readonly .value=${store.session.account} autocomplete="username" />`)}
      ${field(t("ui.login.password"), html`<input name="password" type="password" required autocomplete="current-password" />`)}
      ${field(t("ui.login.code"), html`<input name="code" inputmode="numeric" class="mono" autocomplete="one-time-code" />`, t("ui.login.codehint"))}
    </div>
    <div class="buttons">
      <button class="strong big" aria-busy=${coming}>${t(coming ? "ui.login.coming" : "ui.session.goon")}</button>
      ${session.why() ? nothing : button(t("ui.session.later"), () => session.ask(false))}
    </div>
    <details>
      <summary>${t("ui.session.other")}</summary>
      <p>${t("ui.session.other.what")}</p>
      ${button(t("ui.logout"), logOut)}
    </details>
  </form>
</section>`;

const unsent = (one) => html`<section class="lock" role="dialog" aria-modal="false" aria-labelledby="lock-title" tabindex="-1">
  <h2 id="lock-title">${t("ui.session.unsent", { what: kindOf(Object.keys(one.body)[0]), at: f.zulu(one.at) })}</h2>
  <p>${t("ui.session.unsent.what")}</p>
  <div class="buttons">${button(t("ui.session.send"), one.send, { kind: "strong big" })} ${button(t("ui.session.leave"), one.leave, { kind: "big" })}</div>
</section>`;
