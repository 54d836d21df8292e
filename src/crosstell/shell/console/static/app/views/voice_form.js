/**
 * Log a telephone, radio or relayed call while it runs: the timer, who came on, the check of the
 * voice, what was said, what was read back, what was answered. Or one that was made earlier: its
 * times are then typed, and recorded as stated later. One side's log, one claim. A log is corrected
 * in the same form: what is not touched stays as it was.
 */

import { html, nothing } from "../../vendor/lit.mjs";
import * as acts from "../acts.js";
import * as f from "../format.js";
import { t, word } from "../i18n.js";
import { why } from "../session.js";
import { find, mayRecord, nearest, now, own, set, store, tagged, watch } from "../store.js";
import { contentFields, readContent, typedTime } from "./content_fields.js";
import { own_scope } from "./detail.js";
import { changedSince } from "./kept.js";
import { button, complain, field, hertz, input, mono, read, select, uncomplain } from "./parts.js";
import { formerOf } from "./queue.js";

const RUN = { started: null, reached: null, checked: null, readBack: null, answered: null, ended: null };
const KEPT = "crosstell.call"; // with the session alone, and in this page: see decision 30
let run = { ...RUN };
let hops = [];
let notes = "";
let remembered = "";

/** The times, hops and notes of a call that runs outlast a reload of the page; a session that ran out, they do not. */
function remember() {
  const stands = run.started && store.session && why() !== "lapsed";
  const text = stands ? JSON.stringify({ account: store.session.account, run, hops, notes }) : "";
  if (text === remembered) return;
  remembered = text;
  if (text) sessionStorage.setItem(KEPT, text);
  else sessionStorage.removeItem(KEPT);
}
watch(remember);

/** The call that ran when this page was loaded anew goes on, where the same account is in; of another's nothing stays. */
export function goOn() {
  const held = JSON.parse(sessionStorage.getItem(KEPT) ?? "null");
  if (!held || !store.session) return;
  if (held.account === store.session.account) ({ run, hops, notes } = held);
  else sessionStorage.removeItem(KEPT);
}

const stamp = (name) => {
  run = { ...run, [name]: Math.round(now()) };
  set({});
};
/** The stamp is gone, and with it what the form complained of. */
const takeBack = (e, name) => {
  uncomplain(e.target.closest(".body").querySelector("form"));
  run = { ...run, [name]: null };
  set({});
};
const at = (times, name) => (times[name] ? new Date(times[name]).toISOString() : undefined);
const begin = () => {
  run = { ...RUN, started: Math.round(now()) };
  [hops, notes] = [[], ""];
  set({});
};
const forget = () => {
  run = { ...RUN };
  [hops, notes] = [[], ""];
  set({});
};

/** The call that runs, or has ended and is not logged yet, and how long it took so far; else null. */
export const unlogged = () => run.started && { runs: !run.ended, s: ((run.ended ?? now()) - run.started) / 1000 };

/** What is pressed where a call began or ended: pressed twice, no times are lost. */
function clockKey() {
  if (!run.started) return button(t("ui.voice.start"), begin, { kind: "strong big" });
  if (!run.ended) return button(t("ui.voice.end"), () => stamp("ended"), { kind: "urgent big" });
  return html`${button(t("ui.voice.takeback"), (e) => takeBack(e, "ended"), { kind: "big" })} ${button(t("ui.kept.anew"), forget)}`;
}

/** What the form begins with: the account that is corrected, else what is known of the call. */
function begunWith(s, open) {
  if (open.corrects) return open.corrects.account;
  const call = (open.of ??= open.call && find.call(open.party, open.call));
  const direction = call?.direction === "taken" ? "taken" : "placed";
  const other = direction === "taken" ? call?.party : call?.to_party;
  return {
    direction,
    carriage: "telephone",
    counterpart: other ?? open.to ?? nearest(),
    counterpart_role: s.protocol.test_role,
    kind: call?.kind ?? open.kind ?? "inform",
    language: "en",
    interpreter: "not-needed",
    authentication: { method: "none", result: "not-done" },
    message: call?.content,
  };
}

/** What is typed of a call that runs is kept with its times. */
function noteOf(box, open) {
  if (box.name !== "notes" || open.corrects || !run.started) return;
  notes = box.value;
  remember();
}

export function voiceForm(s, open) {
  const was = (open.was ??= begunWith(s, open));
  const [held, line] = tagged(was.carriage);
  const medium = open.medium ?? held;
  const late = !!(open.late || open.corrects);
  const change = (more) => set({ panel: { ...open, ...more } });
  if (!run.started && !open.begun) hops = []; // of a form that was left: they are of no other call
  open.begun = true;
  if (open.corrects) open.hops ??= line.hops ?? []; // apart from those of a call that runs meanwhile
  const turn = (late) => change({ late, hops: late ? [] : undefined });
  const step = (name, label) => html`<li>
    ${button(label, () => stamp(name), { kind: run[name] ? "" : "strong", disabled: !run.started || !!run.ended })}
    ${run[name] ? html`${mono(f.zulu(run[name]))} ${button(t("ui.voice.takeback"), (e) => takeBack(e, name))}` : nothing}
  </li>`;
  return {
    title: open.corrects ? t("ui.correct.title", { id: open.corrects.log }) : t("ui.voice.title"),
    body: html`
      ${open.corrects
        ? html`${changedSince(open, find.log(own(), open.corrects.log)?.corrections ?? null)}<p class="quiet">${t("ui.log.correct.hint")}</p>`
        : html`<div class="buttons" role="group" aria-label=${t("ui.voice.when")}>
            ${button(t("ui.voice.now"), () => turn(false), { pressed: String(!late) })}
            ${button(t("ui.voice.late"), () => turn(true), { pressed: String(late), disabled: !!run.started })}
          </div>`}
      ${late ? nothing : html`<div class="line">
        <span class="timer" role="timer">${run.started ? f.countdown(((run.ended ?? now()) - run.started) / 1000) : "00:00"}</span>
        ${clockKey()}
      </div>
      <ul class="steps">
        ${step("reached", t("ui.voice.reached"))} ${step("checked", t("ui.voice.checked"))}
        ${step("readBack", t("ui.voice.readback"))} ${step("answered", t("ui.voice.answered"))}
      </ul>`}
      <form class="form" data-keep="voice" @submit=${(e) => send(e, s, open)} @input=${(e) => (noteOf(e.target, open), uncomplain(e.currentTarget))}>
        ${late ? typedTimes(was) : nothing}
        <div class="line">
          ${field(t("ui.voice.direction"), select("direction", ["placed", "taken"], was.direction))}
          ${field(t("ui.voice.medium"), select("medium", ["telephone", "radio", "relay"], medium, (e) => change({ medium: e.target.value })))}
          ${medium === "radio" ? field(t("ui.broadcast.mhz"), input("mhz", line.frequency_hz ? String(line.frequency_hz / 1e6) : "", { figure: "MHz", required: true })) : nothing}
        </div>
        ${medium === "relay" ? relay(open, late) : nothing}
        <div class="line">
          ${field(t("ui.call.toparty"), select("counterpart", s.header.counterparts.map((c) => [c.who.party, c.who.title]), was.counterpart))}
          ${field(t("ui.voice.theirrole"), select("counterpart_role", [["", t("ui.unknown")], ...s.protocol.roles.map((r) => [r.id, word(r.id)])], was.counterpart_role ?? ""))}
        </div>
        <div class="line">
          ${field(t("ui.call.kind"), select("kind", ["inform", "query", "warn", "stop", "test"], was.kind))}
          ${field(t("ui.language"), select("language", [...new Set(["en", "tr", "ru", "ar", was.language])].map((one) => [one, one]), was.language))}
          ${field(t("ui.voice.interpreter"), select("interpreter", ["not-needed", "caller-side", "recipient-side", "both-sides", "needed-and-absent"], was.interpreter))}
        </div>
        <fieldset>
          <legend>${t("ui.voice.auth")}</legend>
          <div class="line">
            ${field(t("ui.voice.method"), select("auth_method", ["none", "challenge-reply", "call-back"], was.authentication.method))}
            ${field(t("ui.voice.result"), select("auth_result", ["not-done", "verified", "failed"], was.authentication.result))}
          </div>
          <p class="quiet">${t("ui.voice.authhint")}</p>
        </fieldset>
        <fieldset><legend>${t("ui.log.message")}</legend>${contentFields(was.message ?? {}, "m_")}</fieldset>
        <details><summary>${t("ui.log.readback")}</summary><fieldset>${contentFields(was.read_back ?? {}, "r_")}</fieldset></details>
        <div class="line">
          ${field(t("ui.answer.kind"), select("answer", [["", t("ui.voice.noanswer")], ...["will-comply", "noted", "unable", "will-not", "stand-by", "ours", "not-ours", "checking", "disputed"].map((one) => [one, word(one)])], was.answer?.kind ?? ""))}
          ${field(t("ui.answer.until"), input("until", was.answer?.until ?? "", { mono: true }))} ${field(t("ui.reason"), input("reason", was.answer?.reason?.text ?? ""))}
        </div>
        ${aboutFormer(s, open.about_feed ?? was.about_feed)}
        ${field(t("ui.voice.notes"), html`<textarea name="notes" rows="2" maxlength="2000" .value=${late ? (was.notes?.text ?? "") : notes}></textarea>`)}
        ${open.corrects ? field(t("ui.log.correct.why"), input("why", "", { required: true, max: 2000 })) : html`<p class="quiet">${t("ui.voice.hint")}</p>`}
        <div class="buttons"><button class="strong big" ?disabled=${!(run.started || late) || !mayRecord()}>${t(open.corrects ? "ui.do.correct" : "ui.do.log")}</button></div>
      </form>
    `,
  };
}

/** Whether the call was about what still holds of a feed that its party left: of the matters there are. */
function aboutFormer(s, chosen) {
  const feeds = [...new Set([...s.queue.filter((one) => one.kind === "former-feed").map((one) => one.feed), ...(chosen ? [chosen] : [])])];
  return feeds.length ? field(t("ui.voice.about"), select("about_feed", [["", t("ui.voice.about.none")], ...feeds.map((feed) => [feed, formerOf(feed)])], chosen ?? "")) : nothing;
}

const TYPED = [["started", "ui.voice.begun"], ["reached", "ui.voice.reached"], ["checked", "ui.voice.checked"], ["readBack", "ui.voice.readback"], ["answered", "ui.voice.answered"], ["ended", "ui.voice.ended"]];
const NEEDED = ["started", "ended"];
const AT = { started: "started_at", reached: "reached_at", readBack: "read_back_at", answered: "answered_at", ended: "ended_at" };
/** When an account says that this was; undefined where it does not. */
const saidAt = (account, name) => (name === "checked" ? account.authentication.done_at : account[AT[name]]);

function typedTimes(was) {
  const one = ([name, key]) => field(t(key), input(`at_${name}`, saidAt(was, name) ?? "", { mono: true, required: NEEDED.includes(name) }), NEEDED.includes(name) ? t("ui.time.hint") : undefined);
  return html`<fieldset>
    <legend>${t("ui.voice.times")}</legend>
    ${was.started_at ? nothing : html`<p class="quiet">${t("ui.voice.late.hint")}</p>`}
    <div class="line">${TYPED.slice(0, 3).map(one)}</div>
    <div class="line">${TYPED.slice(3).map(one)}</div>
  </fieldset>`;
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

const hopsOf = (open) => open.hops ?? hops;
function keepHops(open, list) {
  if (open.hops) open.hops = list;
  else hops = list;
  set({});
}

function relay(open, late) {
  const list = hopsOf(open);
  const stampHop = (i, name) => keepHops(open, list.map((one, n) => (n === i ? { ...one, [name]: new Date(Math.round(now())).toISOString() } : one)));
  return html`<fieldset>
    <legend>${t("ui.voice.hops")}</legend>
    ${list.map(
      (hop, i) => html`<div class="line">
        <span>${i + 1}. ${hop.who}</span>
        ${late ? nothing : button(t("ui.voice.hopreceived"), () => stampHop(i, "received_at"), { disabled: !!hop.received_at })} ${hop.received_at ? mono(f.zulu(hop.received_at)) : nothing}
        ${late ? nothing : button(t("ui.voice.hoppassed"), () => stampHop(i, "passed_at"), { disabled: !!hop.passed_at })} ${hop.passed_at ? mono(f.zulu(hop.passed_at)) : nothing}
        ${button(t("ui.voice.hopout"), () => keepHops(open, list.filter((_, n) => n !== i)))}
      </div>`,
    )}
    <div class="line">
      ${field(t("ui.voice.hopwho"), input("hop", "", { max: 120 }))}
      ${button(t("ui.voice.hopadd"), (e) => {
        const box = e.target.closest("fieldset").querySelector("[name=hop]");
        const who = box.value.trim();
        box.value = "";
        if (who) keepHops(open, [...list, { who }]);
      })}
    </div>
  </fieldset>`;
}

const carriage = (v, medium, list) =>
  medium === "radio" ? { radio: { frequency_hz: hertz(v.mhz) } } : medium === "relay" ? { relay: { hops: list } } : "telephone";

/** What was answered; one that is corrected keeps what is not touched, for whom it speaks too. */
function answerOf(v, was) {
  if (!v.answer) return undefined;
  return {
    kind: v.answer,
    scope: was?.scope ?? (v.direction === "taken" ? own_scope() : {}),
    until: v.answer === "stand-by" ? (v.until === was?.until ? was.until : typedTime(v.until, now())) : undefined,
    reason: worded(v.reason, v.language, was?.reason),
  };
}

/** Words with the language that they are in. */
const worded = (text, language, was) => (text === undefined || text === was?.text ? text && was : { text, language });

/** How this side came by typed times: as before, for as long as none of them is touched. */
const timed = (v, was) => (TYPED.every(([name]) => (v[`at_${name}`] ?? "") === (saidAt(was, name) ?? "")) ? was.timed : "stated-later");

/** Whether the log has all that was typed or stamped: of a check without a method, or an answer that is none, nothing is recorded. */
function isWhole(form, v, late) {
  const timed = (name) => (late ? v[`at_${name}`] : run[name]);
  if (v.auth_method === "none" && (timed("checked") || v.auth_result !== "not-done")) return !!complain(form, "auth_method", t("ui.voice.nomethod"));
  if (!v.answer && (timed("answered") || v.until || v.reason)) return !!complain(form, "answer", t("ui.voice.whichanswer"));
  return true;
}

async function send(e, s, open) {
  e.preventDefault();
  const { was, corrects } = open;
  const [form, late, medium] = [e.target, open.late || !!corrects, open.medium ?? tagged(was.carriage)[0]];
  const v = read(form);
  if (!isWhole(form, v, late)) return null;
  if (!late && !run.ended) stamp("ended"); // the call is over once its log is sent
  const times = late ? timesOf(form, v) : run;
  if (!times) return null;
  const message = await readContent(form, v, "m_", now(), was.message);
  const back = await readContent(form, v, "r_", now(), was.read_back);
  if (message === null || back === null) return null;
  /** A time that is shown as it stands is that to the letter, finer than the page's own clock. */
  const time = (name) => (late && v[`at_${name}`] && v[`at_${name}`] === saidAt(was, name) ? saidAt(was, name) : at(times, name));
  const filled = (content) => (Object.keys(content).length ? content : undefined);
  const account = {
    direction: v.direction,
    counterpart: v.counterpart,
    counterpart_role: v.counterpart_role,
    own_role: was.own_role ?? store.session.role,
    carriage: carriage(v, medium, hopsOf(open)),
    started_at: time("started"),
    ended_at: time("ended"),
    reached_at: time("reached"),
    kind: v.kind,
    reality: was.reality ?? s.header.reality,
    language: v.language,
    interpreter: v.interpreter,
    message: filled(message),
    read_back: filled(back),
    read_back_at: time("readBack"),
    answer: answerOf(v, was.answer),
    answered_at: v.answer ? (time("answered") ?? time("ended")) : undefined,
    authentication: v.auth_method !== "none" ? { method: v.auth_method, result: v.auth_result, done_at: time("checked") } : undefined,
    timed: late ? timed(v, was) : "stamped",
    notes: worded(v.notes, v.language, was.notes),
    about_feed: v.about_feed || undefined,
  };
  const asked = (open.asked ??= acts.asking("v"));
  const done = corrects ? acts.correctLog(corrects.log, account, v.why, asked) : acts.logVoice(account, open.of, asked);
  if (!(await done)) return null;
  if (!corrects) forget();
  return acts.isOpen(asked) && set({ panel: corrects ? { name: "detail", key: `log ${own()}/${corrects.log}` } : null });
}
