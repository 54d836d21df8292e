/** Send a drafted call or a stop; correct what was said. A person sends; nothing else. */

import { html, nothing } from "../../vendor/lit.mjs";
import * as acts from "../acts.js";
import { aboutText } from "../content.js";
import { t, word } from "../i18n.js";
import { find, mayRecord, nearest, now, onceDrawn, own, set, title } from "../store.js";
import { alsoAbout, begunAbout, onlyPossible } from "./about_alerts.js";
import { contentFields, readContent } from "./content_fields.js";
import { changedSince } from "./kept.js";
import { field, input, read, select } from "./parts.js";

const PRECEDENCES = ["flash", "immediate", "priority", "routine"];
const KINDS = ["inform", "query", "warn", "stop"];

/** The node's draft, of the alert or of a rung above the ring limit, as it is now. */
export const drafted = (s, open) =>
  (open.ladder && s.ladders.find((one) => one.key === open.ladder)?.drafts.at(-1)) || (open.alert && find.alert(open.alert)?.draft) || null;

/** What the call says to begin with. */
function draftOf(s, open) {
  const alert = open.alert && find.alert(open.alert);
  const draft = drafted(s, open) ?? {};
  const to_party = open.to ?? draft.to_party ?? alert?.call_by[0]?.party ?? nearest();
  return readdressed({ ...draft, content: draft.content ?? {}, kind: open.kind ?? draft.kind ?? "inform" }, to_party);
}

/** The draft to that party. Which objects and places are named was chosen for its first one alone. */
function readdressed(draft, to_party) {
  if (!draft.to_party || draft.to_party === to_party) return { ...draft, to_party };
  const { subjects, place, ...content } = draft.content;
  return { ...draft, to_party, content, left_out: draft.left_out ?? (subjects || place ? draft.to_party : undefined) };
}

/** The same once more, of a call of ours; else a call of our own to who called, about the same. A test is tested again. */
export function again(call) {
  const { kind, precedence, content, to_party, to_role, party, from_role, about } = call;
  if (call.direction === "taken") {
    const draft = { kind: "inform", precedence, content: {}, to_party: party, to_role: from_role };
    return set({ panel: { name: "call", draft, about } });
  }
  if (kind === "test") return acts.testLine(to_party, to_role);
  return set({ panel: { name: "call", draft: { kind, precedence, content, to_party, to_role }, about } });
}

/** The alerts of ours among what the form's call is about. */
const alertsOf = (open) =>
  (open.about ?? (open.alert ? [acts.alertRef(open.alert)] : [])).map((one) => one.about_alert).filter((one) => one?.party === own()).map((one) => find.alert(one.alert)).filter(Boolean);

/** What asks for something somewhere and names no place says so before it is sent: a place may stay at home, not unasked. */
const placeless = (open, { kind, content }) => {
  const said = open.says ?? { kind, place: content.place, act: content.act };
  return !said.place && (["warn", "stop"].includes(said.kind) || said.act) ? html`<p class="told bad placeless" role="status">${t("ui.call.noplace")}</p>` : nothing;
};

export function callForm(s, open) {
  // Kept as the form was opened: an alert that clears meanwhile must not empty what is typed.
  const draft = (open.draft ??= draftOf(s, open));
  const stop = draft.kind === "stop";
  const readdress = (e) => {
    open.draft = readdressed(draft, e.target.value);
    set({});
    onceDrawn(() => says(e.target.form));
  };
  const says = (form) => {
    open.says = read(form);
    set({});
  };
  const send = async (e) => {
    e.preventDefault();
    const form = e.target;
    const v = read(form);
    const content = await readContent(form, v, "", now(), draft.content);
    if (!content) return;
    const asked = (open.asked ??= acts.asking("c"));
    const told = await acts.place({
      kind: v.kind,
      precedence: v.precedence,
      to_party: v.to_party,
      to_role: v.to_role,
      carriage: "node",
      content,
      expires_at: v.kind === "stop" ? new Date(Math.round(asked.at + s.protocol.stop_lasts_s * 1000)).toISOString() : undefined,
      about: open.about ?? begunAbout(open, v),
    }, asked);
    if (told && acts.isOpen(asked)) set({ panel: open.then ?? null });
  };
  return {
    title: stop ? t("ui.stop.title") : t("ui.call.title"),
    body: html`
      ${alertsOf(open).map((alert) => html`<p>${t("ui.call.about")} <bdi class="mono">${aboutText(alert.about)}</bdi></p>${stop ? onlyPossible(alert) : nothing}`)}
      <p class="quiet">${t(stop ? "ui.stop.hint" : "ui.call.hint")}</p>
      ${changedSince(open, drafted(s, open))}
      <form class="form" data-keep="call" @submit=${send} @input=${(e) => says(e.currentTarget)}>
        <div class="line">
          ${field(t("ui.call.toparty"), select("to_party", s.header.counterparts.map((c) => [c.who.party, c.who.title]), draft.to_party, readdress))}
          ${field(t("ui.call.torole"), select("to_role", s.protocol.roles.map((r) => [r.id, word(r.id)]), draft.to_role ?? s.protocol.test_role))}
        </div>
        <div class="line">
          ${field(t("ui.call.kind"), select("kind", KINDS, draft.kind))}
          ${field(t("ui.call.precedence"), select("precedence", PRECEDENCES, open.precedence ?? draft.precedence ?? (stop ? "flash" : "immediate")))}
        </div>
        ${draft.left_out ? html`<p class="told wait">${t("ui.call.leftout", { who: title(draft.left_out) })}</p>` : nothing}
        ${open.about ? nothing : alsoAbout(open, [draft.to_party])} ${contentFields(draft.content, "", { need: stop ? ["place"] : [] })}
        <div class="buttons">
          ${placeless(open, draft)}
          <button class=${stop ? "critical big" : "strong big"} ?disabled=${!mayRecord()}>${stop ? t("ui.do.sendstop") : t("ui.do.send")}</button>
        </div>
      </form>
    `,
  };
}

export function correctForm(s, open) {
  const call = (open.of ??= find.call(open.party, open.call));
  if (!call) return { title: open.call, body: html`<p>${t("ui.gone")}</p>` };
  const send = async (e) => {
    e.preventDefault();
    const v = read(e.target);
    const content = await readContent(e.target, v, "", now(), call.content);
    if (!content) return;
    const reason = v.reason ? { text: v.reason, language: document.documentElement.lang } : undefined;
    const asked = (open.asked ??= acts.asking(""));
    if ((await acts.correct(call, content, reason, asked)) && acts.isOpen(asked)) set({ panel: { name: "detail", key: `call ${own()}/${call.call}` } });
  };
  return {
    title: t("ui.correct.title", { id: call.call }),
    body: html`<p class="quiet">${t("ui.correct.hint")}</p>
      ${changedSince(open, find.call(open.party, open.call)?.content_ref.hash ?? null)}
      <form class="form" data-keep="correct" @submit=${send}>
        ${contentFields(call.content)} ${field(t("ui.reason"), input("reason"))}
        <div class="buttons"><button class="strong big">${t("ui.do.correct")}</button></div>
      </form>`,
  };
}
