/**
 * Log a telephone, radio or relayed call while it runs: the timer, who came on, the check of the
 * voice, what was said, what was read back, what was answered. Or one that was made earlier: its
 * times are then typed, and recorded as stated later. One side's log, one claim.
 */

import { html, nothing } from "../../vendor/lit.mjs";
import * as acts from "../acts.js";
import * as f from "../format.js";
import { t, word } from "../i18n.js";
import { find, mayRecord, nearest, now, set, store } from "../store.js";
import { contentFields, readContent, typedTime } from "./content_fields.js";
import { own_scope } from "./detail.js";
import { button, field, input, mono, read, select } from "./parts.js";

const RUN = { started: null, reached: null, checked: null, readBack: null, answered: null, ended: null };
let run = { ...RUN };
let hops = [];

const stamp = (name) => {
  run = { ...run, [name]: Math.round(now()) };
  set({});
};
const at = (times, name) => (times[name] ? new Date(times[name]).toISOString() : undefined);
const begin = () => {
  run = { ...RUN, started: Math.round(now()) };
  hops = [];
  set({});
};

export function voiceForm(s, open) {
  const call = (open.of ??= open.call && find.call(open.party, open.call));
  const medium = open.medium ?? "telephone";
  const told = call?.direction === "taken" ? "taken" : "placed";
  const change = (more) => set({ panel: { ...open, ...more } });
  if (!run.started && !open.begun) hops = []; // of a form that was left: they are of no other call
  open.begun = true;
  const turn = (late) => {
    if (!run.started) hops = [];
    change({ late });
  };
  const step = (name, label) => html`<li>
    ${button(label, () => stamp(name), { kind: run[name] ? "" : "strong", disabled: !run.started || !!run.ended })}
    ${run[name] ? mono(f.zulu(run[name])) : nothing}
  </li>`;
  return {
    title: t("ui.voice.title"),
    body: html`
      <div class="buttons" role="group" aria-label=${t("ui.voice.when")}>
        ${button(t("ui.voice.now"), () => turn(false), { pressed: String(!open.late) })}
        ${button(t("ui.voice.late"), () => turn(true), { pressed: String(!!open.late), disabled: !!run.started })}
      </div>
      ${open.late ? nothing : html`<div class="line">
        <span class="timer" role="timer">${run.started ? f.countdown(((run.ended ?? now()) - run.started) / 1000) : "00:00"}</span>
        ${run.started && !run.ended ? button(t("ui.voice.end"), () => stamp("ended"), { kind: "urgent big" }) : button(t("ui.voice.start"), begin, { kind: "strong big" })}
      </div>
      <ul class="steps">
        ${step("reached", t("ui.voice.reached"))} ${step("checked", t("ui.voice.checked"))}
        ${step("readBack", t("ui.voice.readback"))} ${step("answered", t("ui.voice.answered"))}
      </ul>`}
      <form class="form" @submit=${(e) => send(e, s, call, open)} @input=${(e) => uncomplain(e.currentTarget)}>
        ${open.late ? typedTimes() : nothing}
        <div class="line">
          ${field(t("ui.voice.direction"), select("direction", ["placed", "taken"], told))}
          ${field(t("ui.voice.medium"), select("medium", ["telephone", "radio", "relay"], medium, (e) => change({ medium: e.target.value })))}
          ${medium === "radio" ? field(t("ui.broadcast.mhz"), input("mhz", "", { figure: true, required: true })) : nothing}
        </div>
        ${medium === "relay" ? relay(open.late) : nothing}
        <div class="line">
          ${field(t("ui.call.toparty"), select("counterpart", s.header.counterparts.map((c) => [c.who.party, c.who.title]), call ? (told === "taken" ? call.party : call.to_party) : (open.to ?? nearest())))}
          ${field(t("ui.voice.theirrole"), select("counterpart_role", [["", t("ui.unknown")], ...s.protocol.roles.map((r) => [r.id, word(r.id)])], s.protocol.test_role))}
        </div>
        <div class="line">
          ${field(t("ui.call.kind"), select("kind", ["inform", "query", "warn", "stop", "test"], call?.kind ?? open.kind ?? "inform"))}
          ${field(t("ui.language"), select("language", ["en", "tr", "ru", "ar"].map((one) => [one, one]), "en"))}
          ${field(t("ui.voice.interpreter"), select("interpreter", ["not-needed", "caller-side", "recipient-side", "both-sides", "needed-and-absent"], "not-needed"))}
        </div>
        <fieldset>
          <legend>${t("ui.voice.auth")}</legend>
          <div class="line">
            ${field(t("ui.voice.method"), select("auth_method", ["none", "challenge-reply", "call-back"], "none"))}
            ${field(t("ui.voice.result"), select("auth_result", ["not-done", "verified", "failed"], "not-done"))}
          </div>
          <p class="quiet">${t("ui.voice.authhint")}</p>
        </fieldset>
        <fieldset><legend>${t("ui.log.message")}</legend>${contentFields(call?.content ?? {}, "m_")}</fieldset>
        <details><summary>${t("ui.log.readback")}</summary><fieldset>${contentFields({}, "r_")}</fieldset></details>
        <div class="line">
          ${field(t("ui.answer.kind"), select("answer", [["", t("ui.voice.noanswer")], ...["will-comply", "noted", "unable", "will-not", "stand-by", "ours", "not-ours", "checking", "disputed"].map((one) => [one, word(one)])], ""))}
          ${field(t("ui.answer.until"), input("until", "", { mono: true }))} ${field(t("ui.reason"), input("reason"))}
        </div>
        ${field(t("ui.voice.notes"), html`<textarea name="notes" rows="2" maxlength="2000"></textarea>`)}
        <p class="quiet">${t("ui.voice.hint")}</p>
        <div class="buttons"><button class="strong big" ?disabled=${!(run.started || open.late) || !mayRecord()}>${t("ui.do.log")}</button></div>
      </form>
    `,
  };
}

const TYPED = [["started", "ui.voice.begun"], ["reached", "ui.voice.reached"], ["checked", "ui.voice.checked"], ["readBack", "ui.voice.readback"], ["answered", "ui.voice.answered"], ["ended", "ui.voice.ended"]];
const NEEDED = ["started", "ended"];

function typedTimes() {
  const one = ([name, key]) => field(t(key), input(`at_${name}`, "", { mono: true, required: NEEDED.includes(name) }), NEEDED.includes(name) ? t("ui.time.hint") : undefined);
  return html`<fieldset>
    <legend>${t("ui.voice.times")}</legend>
    <p class="quiet">${t("ui.voice.late.hint")}</p>
    <div class="line">${TYPED.slice(0, 3).map(one)}</div>
    <div class="line">${TYPED.slice(3).map(one)}</div>
  </fieldset>`;
}

/** A complaint may rest on two fields: whichever is typed in, it is judged anew when it is sent. */
const uncomplain = (form) => [...form.elements].forEach((box) => box.setCustomValidity(""));

/** What a field of the form must say otherwise; it is told there, and goes once anything is typed. */
function complain(form, name, text) {
  const box = form.querySelector(`[name="${name}"]`);
  box.setCustomValidity(text);
  box.reportValidity();
  return null;
}

/** The times as they were typed, each of the past and within the call; null where one is not. */
function timesOf(form, v) {
  const times = { ...RUN };
  for (const [name] of TYPED) {
    if (!v[`at_${name}`]) continue;
    times[name] = Date.parse(typedTime(v[`at_${name}`], now(), { past: true }));
    if (Number.isNaN(times[name])) return complain(form, `at_${name}`, t("ui.voice.notime"));
    if (times[name] > now()) return complain(form, `at_${name}`, t("ui.voice.future"));
  }
  if (times.ended < times.started) return complain(form, "at_ended", t("ui.voice.reversed"));
  const outside = TYPED.find(([name]) => times[name] && (times[name] < times.started || times[name] > times.ended));
  return outside ? complain(form, `at_${outside[0]}`, t("ui.voice.outside")) : times;
}

function relay(late) {
  return html`<fieldset>
    <legend>${t("ui.voice.hops")}</legend>
    ${hops.map(
      (hop, i) => html`<div class="line">
        <span>${i + 1}. ${hop.who}</span>
        ${late ? nothing : button(t("ui.voice.hopreceived"), () => hopAt(i, "received_at"), { disabled: !!hop.received_at })} ${hop.received_at ? mono(f.zulu(hop.received_at)) : nothing}
        ${late ? nothing : button(t("ui.voice.hoppassed"), () => hopAt(i, "passed_at"), { disabled: !!hop.passed_at })} ${hop.passed_at ? mono(f.zulu(hop.passed_at)) : nothing}
      </div>`,
    )}
    <div class="line">
      ${field(t("ui.voice.hopwho"), input("hop", "", { max: 120 }))}
      ${button(t("ui.voice.hopadd"), (e) => {
        const box = e.target.closest("fieldset").querySelector("[name=hop]");
        if (box.value.trim()) hops = [...hops, { who: box.value.trim() }];
        box.value = "";
        set({});
      })}
    </div>
  </fieldset>`;
}

function hopAt(i, name) {
  hops = hops.map((one, n) => (n === i ? { ...one, [name]: new Date(Math.round(now())).toISOString() } : one));
  set({});
}

const carriage = (v, medium) =>
  medium === "radio" ? { radio: { frequency_hz: Math.round(Number(v.mhz.replace(",", ".")) * 1e6) } } : medium === "relay" ? { relay: { hops } } : "telephone";

async function send(e, s, call, open) {
  e.preventDefault();
  const medium = open.medium ?? "telephone";
  const form = e.target;
  const v = read(form);
  if (!open.late && !run.ended) stamp("ended"); // the call is over once its log is sent
  const times = open.late ? timesOf(form, v) : run;
  if (!times) return;
  const message = await readContent(form, v, "m_", now());
  const back = await readContent(form, v, "r_", now());
  if (message === null || back === null) return;
  const filled = (content) => (Object.keys(content).length ? content : undefined);
  const done = v.auth_method !== "none";
  const account = {
    direction: v.direction,
    counterpart: v.counterpart,
    counterpart_role: v.counterpart_role,
    own_role: store.session.role,
    carriage: carriage(v, medium),
    started_at: at(times, "started"),
    ended_at: at(times, "ended"),
    reached_at: at(times, "reached"),
    kind: v.kind,
    reality: s.header.reality,
    language: v.language,
    interpreter: v.interpreter,
    message: filled(message),
    read_back: filled(back),
    read_back_at: at(times, "readBack"),
    answer: v.answer
      ? {
          kind: v.answer,
          scope: v.direction === "taken" ? own_scope() : {},
          until: v.answer === "stand-by" ? typedTime(v.until, now()) : undefined,
          reason: v.reason ? { text: v.reason, language: v.language } : undefined,
        }
      : undefined,
    answered_at: v.answer ? (at(times, "answered") ?? at(times, "ended")) : undefined,
    authentication: done ? { method: v.auth_method, result: v.auth_result, done_at: at(times, "checked") } : undefined,
    timed: open.late ? "stated-later" : "stamped",
    notes: v.notes ? { text: v.notes, language: v.language } : undefined,
  };
  if (await acts.logVoice(account, call, (open.asked ??= acts.asking("v")))) {
    run = { ...RUN };
    hops = [];
    set({ panel: null });
  }
}
