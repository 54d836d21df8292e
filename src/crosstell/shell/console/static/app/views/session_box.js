/** What is said of a session that ends, and the box in which the same account goes on with it. */

import { html, nothing } from "../../vendor/lit.mjs";
import { aboutText } from "../content.js";
import * as f from "../format.js";
import { t } from "../i18n.js";
import * as session from "../session.js";
import { soonest } from "../sound.js";
import { find, set, store, tagged } from "../store.js";
import { askedAct } from "./asked_act.js";
import { kindOf } from "./history.js";
import { logOut } from "./lists.js";
import { keptOut } from "./login.js";
import { button, field, mono, read } from "./parts.js";
import { silenced } from "./ringing.js";

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
export function sessionBox(acts) {
  if (session.isAsked()) return asking(acts);
  fault = "";
  const [one] = session.unsent();
  return one ? unsent(one, session.unsent().length) : nothing;
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

/** What sounds is silenced from here: of a locked page nothing else can be reached. */
function quieting(acts) {
  const key = soonest();
  return key === null ? nothing : html`<p class="quieting">${button(t("ui.session.silence"), acts.silence, { key: "Q" })} ${silenced(key)}</p>`;
}

const asking = (acts) => html`<section class="lock" role="dialog" aria-modal=${session.why() ? "true" : "false"} aria-labelledby="lock-title">
  <form @submit=${come}>
    <h2 id="lock-title">${heading()}</h2>
    <p>${explained()}</p>
    ${quieting(acts)}
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

/** One act of those that were held back, and what is sent by it: of which alert it is, a name alone does not tell. */
function unsent(one, of) {
  const [kind, said] = tagged(one.body);
  const about = find.alert(said.alert)?.about;
  return html`<section class="lock" role="dialog" aria-modal="false" aria-labelledby="lock-title" tabindex="-1">
    <h2 id="lock-title">${t("ui.session.unsent", { what: kindOf(kind), at: f.zulu(one.at) })}</h2>
    <p>${of > 1 ? html`<strong>${t("ui.session.unsent.of", { of })}</strong> ` : nothing}${t("ui.session.unsent.what")}</p>
    <div class="whole" tabindex="0" aria-labelledby="lock-title">${about ? html`<strong>${mono(aboutText(about))}</strong>` : nothing} ${askedAct({ body: one.body })}</div>
    <div class="buttons">${button(t("ui.session.send"), one.send, { kind: "strong big" })} ${button(t("ui.session.leave"), one.leave, { kind: "big" })}</div>
  </section>`;
}
