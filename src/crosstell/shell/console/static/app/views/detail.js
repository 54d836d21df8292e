/** One thing in full: an alert with its reasons and chain, a call, a notice, a track, a voice log. */

import { html, nothing } from "../../vendor/lit.mjs";
import * as acts from "../acts.js";
import { aboutKeys, aboutText, answerWord, carriageText, rows, volumesOf } from "../content.js";
import * as f from "../format.js";
import { language, t, word } from "../i18n.js";
import * as geo from "../map/geo.js";
import { find, left, mayRecord, onceDrawn, own, set, store, tagged, title } from "../store.js";
import { bracketOfCall, entryName } from "./bracket.js";
import { history } from "./history.js";
import { keysOfPage } from "./keys_of_page.js";
import { asking, button, entered, facts, field, free, icon, input, made, mono, quoting, said, scope, select, submit, submitAnew, toTop, volume, who } from "./parts.js";
import { LEVEL, buttons, callSides, formerOf, verdict } from "./queue.js";
import { noticeRelease } from "./release_form.js";
import { shareForm, steps } from "./share_form.js";

export const openEntry = (ref) => set({ panel: { name: "entry", feed: ref.feed, seq: ref.seq, back: store.panel } });
export const entryLink = (ref, party) => html`<button class="link" type="button" @click=${() => openEntry(ref)}>${entryName(ref, party)}</button>`;
export const thing = (key, label) => html`<button class="link" type="button" @click=${() => set({ selected: key, panel: { name: "detail", key } })}>${mono(label)}</button>`;

export function detail(s, open) {
  const [kind, rest] = [open.key.slice(0, open.key.indexOf(" ")), open.key.slice(open.key.indexOf(" ") + 1)];
  const slash = rest.indexOf("/");
  const [party, name] = slash < 0 ? ["", rest] : [rest.slice(0, slash), rest.slice(slash + 1)];
  const shown = { alert: alertOf, call: callOf, notice: noticeOf, track: trackOf, log: logOf, duress: duressOf }[kind]?.(s, { party, name, open });
  return shown ?? { title: rest, body: html`<p>${t("ui.gone")}</p>` };
}

const afterwards = (key) => [t("ui.inc.incident"), button(t("ui.inc.openfrom"), () => keysOfPage().incident(key), { key: "Z" })];

const words = (lines) => html`<ul>${lines.map((one) => html`<li>${said(one)}</li>`)}</ul>`;

function alertOf(s, { name, open }) {
  const one = find.alert(name);
  if (!one) return null;
  const item = find.item(open.key);
  const kind = LEVEL[one.level];
  return {
    title: html`${icon(one.level)} ${word(one.level)} · ${mono(aboutText(one.about))}`,
    body: html`
      <p class="c-${kind}"><strong>${verdict(one)}</strong></p>
      ${item ? buttons(item, keysOfPage(), { opened: true }) : nothing}
      ${one.words === "cleared" ? nothing : rule(s, one)}
      ${one.why.length
        ? html`<section class="why" id="why" aria-label=${t("ui.alert.why")}>
            <strong>${t(one.assessed === "infringes" ? "ui.alert.whyearlier" : "ui.alert.why")}</strong>
            ${words(one.why)}
          </section>`
        : nothing}
      ${facts([
        [t("ui.alert.infringement"), html`${mono(f.zulu(one.infringement_at))} (${mono(f.countdown(left(one.infringement_at)))})`],
        one.nominal_at && [t("ui.alert.nominal"), mono(f.zulu(one.nominal_at))],
        one.exit_at && [t("ui.alert.exit"), mono(f.zulu(one.exit_at))],
        one.nearest_m != null && [t("ui.alert.nearest"), mono(`${f.length(one.nearest_m)} ${f.zulu(one.nearest_at)}`)],
        [t("ui.alert.distance"), mono(f.length(one.distance_m))],
        [t("ui.rule"), html`<button class="link" type="button" @click=${() => set({ panel: { name: "protocol", rule: one.rule } })}>${mono(one.rule)}</button>${one.reading ? ` · ${t("ui.reading", { who: title(one.reading) })}` : ""}`],
        [t("ui.alert.about"), aboutKeys(one.about).map((key) => thing(key, key))],
        [t("ui.alert.raised"), html`${mono(f.zulu(one.raised_at))} · ${word(one.attention)}${one.returns ? ` · ${t("ui.alert.returns", { n: one.returns })}` : ""}`],
        one.calls.length && [t("ui.alert.calls"), one.calls.map((c) => thing(`call ${own()}/${c}`, c))],
        afterwards(open.key),
      ])}
      ${one.call_by.map((by) => chain(by))}
      ${history("alert", own(), one.alert, `${one.level}/${one.attention}/${one.words}/${Math.floor(new Date(one.finding_at) / 10000)}/${one.returns}`)}
      <details>
        <summary>${t("ui.alert.words")}</summary>
        ${words(one.said)}
        <h4>${t("ui.alert.reported")}</h4>
        <ul>${one.text.map((line) => html`<li>${made(line, "reported")}</li>`)}</ul>
      </details>
    `,
  };
}

/** The rule whose infringement is predicted, in its own words, with how near is too near. */
function rule(s, one) {
  const [, found] = tagged(s.protocol.rules.map((each) => each.rule).find((each) => tagged(each)[1].id === one.rule)) ?? [];
  if (!found) return nothing;
  const { lateral_m, vertical_m } = found.minima ?? {};
  const near = lateral_m ? t("ui.alert.limit", { lateral: f.length(lateral_m), vertical: `${f.feet(vertical_m)} ft` }) : "";
  return html`<section class="because" aria-label=${t("ui.alert.because")}>
    <strong>${t("ui.alert.because")}</strong>
    <p><q dir="auto">${found.text}</q> ${near}</p>
  </section>`;
}

const showBracket = () => toTop(document.getElementById("bracket"));

/** By when to call, and the steps that it rests on: measured on this line, or the protocol's. */
function chain(by) {
  return html`<h3>${t("ui.callby.to", { who: title(by.party) })}</h3>
    <p>${said(by.said)}</p>
    <table>
      <thead><tr><th scope="col">${t("ui.chain.step")}</th><th scope="col">${t("ui.chain.took")}</th><th scope="col">${t("ui.chain.basis")}</th></tr></thead>
      <tbody>
        ${by.parts.map((p) => html`<tr><td>${word(p.step)}</td><td>${mono(f.inSeconds(p.took_s))}</td>
          <td>${word(p.basis)} ${p.samples ? mono(`(${p.samples})`) : nothing}</td></tr>`)}
        <tr><th scope="row">${t("ui.chain.total")}</th><td>${mono(f.inSeconds(by.chain_s))}</td><td>${t("ui.chain.cap", { s: f.figure(by.cap_s) })}</td></tr>
      </tbody>
    </table>`;
}

const sure = (what) => html`<p>${t(`ui.sure.${what}`)}</p>`;
const line = (on, label, form) => (on ? html`<details><summary>${label}</summary>${form}</details>` : nothing);

function callOf(s, { party, name, open }) {
  const one = find.call(party, name);
  if (!one) return null;
  const item = find.item(open.key);
  return {
    title: html`${icon(one.kind === "stop" ? "stop" : "call")} ${word(one.kind)} · ${title(one.party)} → ${title(one.to_party)} <span class="quiet">${mono(one.call)}</span>`,
    body: html`
      ${item ? buttons(item, keysOfPage(), { opened: true }) : nothing}
      <div class="buttons">${button(one.to_party === own() ? t("ui.bracket.show.we") : t("ui.bracket.show", { who: title(one.to_party) }), showBracket)}
        ${one.content.place ? button(t("ui.call.showplace"), () => keysOfPage().show(geo.rings(one.content.place).flat())) : nothing}</div>
      ${facts([
        [t("ui.call.line"), `${title(one.party)} ${word(one.from_role)} → ${title(one.to_party)} ${word(one.to_role)}`],
        [t("ui.call.how"), `${word(one.precedence)} · ${carriageText(one.carriage)} · ${word(one.reality)} · ${one.language}`],
        [t("ui.call.placed"), html`${mono(f.zulu(one.placed_at))} ${entryLink(one.ref, one.party)}`],
        [t("ui.call.clock"), html`${word(one.clock.standing)}${one.clock.due_at ? html` ${mono(f.zulu(one.clock.due_at))}` : nothing}`],
        one.expires_at && [t("ui.call.expires"), html`${mono(f.zulu(one.expires_at))} · ${word(one.stop)}`],
        one.versions > 1 && [t("ui.call.versions"), mono(one.versions)],
        [t("ui.call.behalf"), scope(one.on_behalf)],
        [t("ui.call.episode"), mono(one.episode)],
        afterwards(open.key),
      ])}
      <h3>${t("ui.call.stages")}</h3>
      <ol>
        <li>${t("ui.call.placedstage", { who: title(one.party) })} ${mono(f.zulu(one.placed_at))} · ${who(one.by)} ${entryLink(one.ref, one.party)}</li>
        ${one.stages.map((st, i) => html`<li>${word(st.stage)} ${mono(f.zulu(st.at))} · ${who(st.by)} ${st.scope ? html`· ${scope(st.scope)}` : nothing} ${one.stage_entries[i] ? entryLink(one.stage_entries[i], one.to_party) : nothing}</li>`)}
      </ol>
      <h3 id="bracket">${one.to_party === own() ? t("ui.bracket.of.we") : t("ui.bracket.of", { who: title(one.to_party) })}</h3>
      ${bracketOfCall(one)}
      ${one.stages.length ? nothing : html`<p class="quiet">${t("ui.call.nostage")}</p>`}
      <h3>${t("ui.call.answers")}</h3>
      ${one.answers.length ? html`<ul>${one.answers.map((a) => answerRow(a, one.to_party))}</ul>` : html`<p class="quiet">${t("ui.call.noanswer")}</p>`}
      ${callSides(one)} ${callWork(one)}
      ${history("call", one.party, one.call, `${one.stage}/${one.stages.length}/${one.answers.length}/${one.state}/${one.versions}/${one.read_back.standing}`)}
      ${one.summary_text ? html`<h3>${t("ui.call.summary")}</h3><p>${one.summary_text}</p><p class="quiet">${word(one.summary)}</p>` : nothing}
    `,
  };
}

const answerRow = (a, party) => html`<li>
  <strong>${answerWord(a.answer.kind, party)}</strong>${a.answer.until ? html` ${mono(f.zulu(a.answer.until))}` : nothing}${a.counts_until ? html` <em>${t("ui.answer.counts", { at: f.zulu(a.counts_until) })}</em>` : nothing} · ${scope(a.answer.scope)} ·
  ${mono(f.zulu(a.at))} · ${word(a.source)} ${a.answer.reason ? free(a.answer.reason) : nothing}
  ${a.answer.kind === "not-ours" ? html`<br /><em>${t("ui.notclear")}</em>` : nothing}
</li>`;

/** Everything that our own side may still record of the call. */
function callWork(one) {
  const can = (act) => one.acts.includes(act);
  const scopes = own_scope();
  return html`<h3>${t("ui.do")}</h3>
    <div class="buttons">
      ${can("check-read-back") ? html`${button(t("ui.do.matches"), () => acts.checkReadBack(one, "matches"), { kind: "strong", disabled: one.read_back.differing.length > 0 })}
        ${button(t("ui.do.differs"), () => acts.checkReadBack(one, "differs"))}` : nothing}
      ${can("read-back") || can("answer") ? button(t("ui.do.answer"), () => set({ panel: { name: "answer", party: one.party, call: one.call } })) : nothing}
      ${can("correct") ? button(t("ui.do.correct"), () => set({ panel: { name: "correct", party: one.party, call: one.call } })) : nothing}
      ${can("confirm-summary") ? button(t("ui.do.confirmsummary"), () => acts.confirmSummary(one), { kind: "strong" }) : nothing}
      ${can("pass-on") ? button(t("ui.do.passon"), () => acts.passOn(one, scopes)) : nothing}
      ${can("act-on") ? button(t("ui.do.acton"), () => acts.actedOn(one, scopes)) : nothing}
      ${button(t("ui.do.logvoice"), () => set({ panel: { name: "voice", party: one.party, call: one.call } }), { key: "T" })}
    </div>
    ${can("lift") ? asking(t("ui.do.lift"), sure("lift"), submit(() => acts.lift(one)), { id: LIFT }) : nothing}
    ${can("disregard") ? asking(t("ui.do.disregard"), sure("disregard"), submit(() => acts.disregard(one))) : nothing}
    ${line(can("propose-summary"), t("ui.do.summary"), summaryForm(one))}
    ${can("close") ? html`<div class="buttons">
      ${one.summary_text ? button(t("ui.do.closeon"), () => acts.close(one, "on-summary")) : nothing}
      ${button(t("ui.do.close"), () => acts.close(one, "without-summary"))}</div>` : nothing}`;
}

const LIFT = "lift";

/** Where a stop is lifted: it is asked once more, in the stop's own panel. */
export function askToLift(key) {
  set({ selected: key, panel: { name: "detail", key } });
  onceDrawn(() => {
    const box = document.getElementById(LIFT);
    if (!box) return;
    box.open = true;
    box.querySelector("button").focus();
  });
}

/** A summary of the call in words, said to be in the language in which it is written. */
const summaryForm = (one) => html`<form class="form even" data-keep="summary" @submit=${submitAnew((v) => acts.proposeSummary(one, v))}>
  <div class="line">${field(t("ui.call.summary"), input("text", "", { required: true, max: 2000 }))}
    ${field(t("ui.language"), select("language", ["en", "tr", "ru", "ar"].map((id) => [id, id]), language()))}</div>
  <div class="buttons"><button ?disabled=${!mayRecord()}>${t("ui.do.propose")}</button></div>
</form>`;

/** For whom our role may speak: as its party declared it, or as the protocol limits it. */
export function own_scope() {
  const header = store.screen.header.own;
  const role = store.session?.role;
  const declared = header.roles.find((one) => one.role === role && one.state === "declared");
  const limited = header.scopes.find((one) => one.role === role);
  const from = declared ?? limited?.scope ?? {};
  return { speaks_for: from.speaks_for ?? [], cannot_speak_for: from.cannot_speak_for ?? [] };
}

function noticeOf(s, { party, name, open }) {
  const one = find.notice(party, name);
  if (!one) return null;
  const mine = party === own();
  const [kind, content] = tagged(one.content);
  return {
    title: html`${word(one.kind ?? "general-notice")} ${mono(one.notice)} <span class="quiet">v${one.version}</span>`,
    body: html`
      <p><span class="tag">${one.marking}</span> ${word(one.state)} · ${word(one.time)} · ${t(`ui.kept.${one.kept}`)}</p>
      ${one.law ? html`<p class="law">${made(one.law, "sentences")}</p>` : nothing}
      ${facts([
        [t("ui.notice.filer"), html`${title(one.party)} · ${who(one.by)}`],
        one.second && [t("ui.notice.second"), who(one.second)],
        [t("ui.notice.filed"), html`${mono(f.zulu(one.filed_at))} ${entryLink(one.ref, one.party)}`],
        [t("ui.notice.releasable"), one.releasable_to.length ? one.releasable_to.map(title).join(", ") : t("ui.notice.nobody")],
        kind === "zone" && [t("ui.notice.type"), html`${mono(content.field_type)} · ${entered(content.declaring_authority)}`],
        content.duty && [t("ui.notice.duty"), entered(content.duty)],
        content.kind && [t("ui.notice.kind"), word(content.kind)],
        (content.what ?? content.asked ?? content.text) && [t("ui.notice.text"), entered(content.what ?? content.asked ?? content.text)],
        content.notifier && [t("ui.notice.notifier"), entered(content.notifier)],
        one.coarsened && [t("ui.share.steps"), steps(one.coarsened)],
        content.standoff_m && [t("ui.notice.standoff"), mono(f.length(content.standoff_m))],
        one.reason && [t("ui.reason"), entered(one.reason)],
        one.withdrawn_at && [t("ui.notice.withdrawn"), html`${mono(f.zulu(one.withdrawn_at))} ${entered(one.withdrawn_because)}`],
      ])}
      <h3>${t("ui.notice.volumes")}</h3>
      <ul>${volumesOf(content).map((v) => html`<li>${volume(v)}</li>`)}</ul>
      <h3>${t("ui.notice.statuses")}</h3>
      ${one.statuses.length
        ? html`<table><tbody>${one.statuses.map((row) => html`<tr><th scope="row">${title(row.party)}${row.component ? ` · ${row.component}` : ""}</th><td>${word(row.status)}</td><td>${row.stated_at ? mono(f.zulu(row.stated_at)) : t("ui.silence")}</td></tr>`)}</tbody></table>`
        : html`<p class="quiet">${t("ui.notice.nobodyholds")}</p>`}
      ${mine ? noticeWork(one, open) : statusForm(one)}
      ${history("notice", one.party, one.notice, `${one.version}/${one.state}/${one.statuses.map((row) => row.stated_at).join()}`)}
    `,
  };
}

function noticeWork(one, open) {
  if (one.state === "withdrawn") return nothing;
  return html`<h3>${t("ui.do")}</h3>
    <div class="buttons">${button(t("ui.do.supersede"), () => set({ panel: { name: "notice", of: one } }), { kind: "strong" })}</div>
    <form class="form" data-keep="withdraw" @submit=${submit(({ reason }) => reason && acts.withdraw(one, reason))}>
      <label class="field"><span>${t("ui.do.withdrawwhy")}</span>${input("reason", "", { required: true })}</label>
      <div class="buttons"><button>${t("ui.do.withdraw")}</button></div>
    </form>
    ${one.kept === "home" ? noticeRelease(one, open) : nothing}`;
}

function statusForm(one) {
  const send = submitAnew(({ status, text }) => acts.status(one, status, own_scope(), text));
  return html`<h3>${t("ui.do.status")}</h3>
    <form class="form" data-keep="status" @submit=${send}>
      <div class="line">
        <label class="field"><span>${t("ui.status")}</span>${select("status", ["received", "observed-in-practice", "contested"], "received")}</label>
        <label class="field"><span>${t("ui.text")}</span>${input("text")}</label>
      </div>
      <p class="quiet">${scope(own_scope())}. ${t("ui.status.hint")}</p>
      <div class="buttons"><button class="strong">${t("ui.do.statussend")}</button></div>
    </form>`;
}

function trackOf(s, { name, open }) {
  const one = find.track(name);
  if (!one) return null;
  const alerts = s.alerts.filter((a) => aboutKeys(a.about).includes(`track ${name}`));
  const own_said = one.said.length > 0;
  const state = submitAnew(({ answer, reason, text }) => acts.ownership(one, answer, own_scope(), reason ? { reason } : { text }));
  return {
    title: html`${mono(one.track)} <span class="quiet">${word(one.whose)}</span>`,
    body: html`
      <p>${word(one.freshness)} · ${one.reporter ? html`${quoting("ui.track.ours", "source", one.source)} · ${quoting("ui.track.told", "who", one.reporter)}` : t("ui.track.ours", { source: one.source })}</p>
      ${facts([
        one.position && [t("ui.track.position"), html`${mono(f.mgrs(one.position))}<br />${mono(f.dms(one.position))}`],
        [t("ui.track.level"), one.altitude ? mono(f.altitude({ altitude: one.altitude })) : t("ui.unknown")],
        [t("ui.track.course"), one.track_deg == null ? t("ui.unknown") : mono(`${f.bearing(one.track_deg)} · ${f.knots(one.speed_mps)} kt`)],
        one.seen_at && [t("ui.track.seen"), mono(`${f.zulu(one.seen_at)} · ${f.span(-left(one.seen_at))}`)],
        [t("ui.track.accuracy"), mono(`±${one.position_accuracy_m == null ? "?" : f.length(one.position_accuracy_m)} · ±${one.altitude_accuracy_m == null ? "?" : `${f.feet(one.altitude_accuracy_m)} ft`}`)],
        one.kind && [t("ui.track.kind"), t("ui.track.says", { kind: word(one.kind) })],
        one.hints.length && [t("ui.track.hints"), one.hints.map((h) => html`${word(h.kind)} ${mono(h.value)} `)],
        one.irregular && [t("ui.track.irregular"), mono(one.irregular)],
        alerts.length && [t("ui.track.alerts"), alerts.map((a) => html`<div>${word(a.level)} ${thing(`alert ${a.alert}`, aboutText(a.about))}</div>`)],
      ])}
      ${one.untrusted_since
        ? html`<section class="why"><strong>${t("ui.track.untrusted", { at: f.zulu(one.untrusted_since) })}</strong>
            <ul>${one.untrusted_because.map((b) => html`<li>${word(b)}</li>`)}</ul></section>`
        : nothing}
      <h3>${t("ui.track.whose")}</h3>
      ${own_said ? html`<ul>${one.said.map((row) => html`<li>${title(row.party)}${row.component ? ` · ${row.component}` : ""}: ${answerWord(row.answer, row.party)} ${row.stated_at ? mono(f.zulu(row.stated_at)) : nothing}</li>`)}</ul>` : html`<p class="quiet">${t("ui.track.nobodysaid")}</p>`}
      <form class="form" data-keep="ownership" @submit=${state}>
        <div class="line">
          <label class="field"><span>${t("ui.track.say")}</span>${select("answer", ["ours", "not-ours", "checking", "disputed"], "checking")}</label>
          <label class="field"><span>${own_said ? t("ui.track.correctwhy") : t("ui.text")}</span>${input(own_said ? "reason" : "text", "", { required: own_said })}</label>
        </div>
        <p class="quiet">${scope(own_scope())}. ${t("ui.notclear")}</p>
        <div class="buttons"><button>${t("ui.do.state")}</button></div>
      </form>
      ${shareForm(one, open)} ${one.reporter ? toldWork(one) : nothing}
    `,
  };
}

/** Of an object that a person told: more of it, or that it is gone. */
function toldWork(one) {
  return html`<h3>${t("ui.do")}</h3>
    <div class="buttons">${button(t("ui.report.anew"), () => set({ panel: { name: "report", of: one.track } }))}</div>
    <form class="form" data-keep="gone" @submit=${submit(({ gone }) => acts.endTrack(one, gone))}>
      <label class="field"><span>${t("ui.report.gone")}</span>${input("gone", "", { required: true, max: 400 })}</label>
      <div class="buttons"><button ?disabled=${!mayRecord()}>${t("ui.report.end")}</button></div>
    </form>`;
}

function logOf(_s, { party, name }) {
  const one = find.log(party, name);
  if (!one) return null;
  const a = one.account;
  return {
    title: html`${t("ui.log")} ${mono(one.log)}`,
    body: html`
      <p>${t("ui.log.claim", { who: title(one.party) })} · ${word(one.match)} ${one.candidates.map((c) => mono(c))}</p>
      ${facts([
        [t("ui.call.line"), `${word(a.direction)} · ${title(a.counterpart)} ${word(a.counterpart_role)} · ${word(a.own_role)}`],
        [t("ui.call.how"), `${carriageText(a.carriage)} · ${a.language} · ${word(a.interpreter)}`],
        [t("ui.log.times"), html`${mono(a.timed === "stated-later" ? `${f.dtg(a.started_at)} – ${f.dtg(a.ended_at)}` : `${f.zulu(a.started_at)} – ${f.zulu(a.ended_at)}`)} ${a.timed ? html`<span class="tag">${t(`ui.log.timed.${a.timed}`)}</span>` : nothing}`],
        a.reached_at && [t("ui.log.reached"), mono(f.zulu(a.reached_at))],
        [t("ui.log.auth"), `${word(a.authentication.method)} · ${word(a.authentication.result)}`],
        a.answer && [t("ui.call.answers"), answerWord(a.answer.kind, a.direction === "placed" ? a.counterpart : one.party)],
        a.about_feed && [t("ui.voice.about"), formerOf(a.about_feed)],
        [t("ui.log.logged"), html`${mono(f.zulu(one.logged_at))} ${entryLink(one.ref, one.party)}`],
      ])}
      ${a.message ? html`<h3>${t("ui.log.message")}</h3>${facts(rows(a.message, a.read_back).map(([k, v]) => [t(`ui.field.${k}`), v]))}` : nothing}
      ${a.read_back ? html`<h3>${t("ui.log.readback")}</h3>${facts(rows(a.read_back, a.message).map(([k, v]) => [t(`ui.field.${k}`), v]))}` : nothing}
      ${one.findings.length
        ? html`<h3>${t("ui.log.compare")}</h3><table><tbody>${one.findings.filter((x) => x.finding !== "stated-by-neither").map((x) => html`<tr><th scope="row">${word(x.field)}${x.part ? ` · ${t(`ui.field.${x.part}`)}` : ""}</th><td class=${x.finding === "agree" ? "" : "differs"}>${word(x.finding)}</td></tr>`)}</tbody></table>`
        : nothing}
      ${a.notes ? html`<p>${free(a.notes)}</p>` : nothing}
      ${one.corrections ? html`<p class="quiet">${t("ui.log.corrected", { n: one.corrections })}</p>` : nothing}
      ${one.party === own() ? html`<div class="buttons">${button(t("ui.do.correct"), () => set({ panel: { name: "voice", corrects: one } }))}</div>
        ${asking(t("ui.do.duress"), sure("duress"), submit(() => acts.duress(one.log)))}` : nothing}
      ${history("log", one.party, one.log, String(one.corrections))}
    `,
  };
}

const duressOf = (s, { name }) => ({ title: t("ui.duress"), body: html`<p>${t("ui.duress.what")}</p><p>${thing(`log ${own()}/${name}`, name)}</p>` });
