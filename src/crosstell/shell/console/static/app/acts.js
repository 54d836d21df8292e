/** Every act that the page can ask for: the body that is recorded, the answer that is shown. */

import * as api from "./api.js";
import { mint } from "./format.js";
import { t } from "./i18n.js";
import { now, own, set, store } from "./store.js";
import { waited } from "./told.js";
import { kindOf } from "./views/history.js";
import { sent } from "./views/kept.js";
import { stated } from "./views/parts.js";

const entry = (ref) => ({ entry_ref: { feed: ref.feed, seq: ref.seq, hash: ref.hash } });
export const alertRef = (alert) => ({ about_alert: { party: own(), alert } });

let after = async () => {};
/** What follows every act that was recorded: the page asks for the screen at once. */
export const onRecorded = (fn) => (after = fn);
/** The screen as it is now has come. */
export const refreshed = () => after();

/**
 * What an open form asks for, kept with the form: where no answer came, and it is sent again, it is
 * the same act with the same id, time and key, so that the node records it once.
 */
export const asking = (prefix) => ({ prefix, id: mint(prefix, now()), at: Math.round(now()), text: "", key: "" });

const AGAIN_MS = 600_000; // asked for again after that, it is meant as another act
const unanswered = new Map(); // by what an act is of: what asks for it, until an answer comes

/**
 * The same for an act that no form keeps: of what it is, and which act of that. As long as no answer came to it, it
 * is asked for by the same again; another act of the same is another.
 */
function askedOf(matter, which, prefix = "") {
  const [of, act] = [JSON.stringify(matter), JSON.stringify(which)];
  const one = unanswered.get(of);
  return one?.act === act && now() - one.at < AGAIN_MS ? one : { ...asking(prefix), of, act };
}

/** What an act is of is the first that it says. */
function askedBy(body) {
  const [said] = Object.values(body);
  return askedOf(Object.values(said)[0], body);
}

/** Whether the form that asked is still the open one: an answer that came late closes no other. */
export const isOpen = (asked) => store.panel?.asked === asked;

function keyOf(asked, body) {
  const text = JSON.stringify(body);
  if (asked.text !== text) Object.assign(asked, { text, key: api.newKey() });
  return asked.key;
}

/** Nothing is recorded out of a past moment; the page says so. */
export function isPast() {
  if (store.replay) set({ told: { kind: "bad", text: t("ui.told.replaying") } });
  return !!store.replay;
}

/** What is told of a *no* to an act: where it is not known what became of it, that. */
function noOf(no) {
  if (no.status === 0) return t("ui.told.unanswered");
  if (api.isNamed(no, "in-doubt")) return no.message; // it says itself what is not known, and what to do
  return t(api.isDoubtful(no) ? "ui.told.doubtful" : "ui.told.refused", { why: no.message });
}

/** The same of what has no key of its own: nothing says what is done if it is asked for again. */
export function noOfOther(no) {
  if (!api.isDoubtful(no) || api.isNamed(no, "in-doubt")) return noOf(no);
  return no.status === 0 ? t("ui.told.notknown") : t("ui.told.uncertain", { why: no.message });
}

/** Records one act and says what came of it. Nothing is shown as done before the node has it. */
export async function record(given, done = "", asked = askedBy(given)) {
  if (isPast()) return null;
  const body = stated(given);
  if (asked.of) unanswered.set(asked.of, asked);
  set({ told: { kind: "wait", text: t("ui.told.sending") } });
  try {
    const told = await api.act(body, keyOf(asked, body));
    settle(asked);
    sent(asked);
    if (told.pending) {
      set({ told: { kind: "wait", text: t("ui.told.pending") } });
      awaited.add(told.pending);
      refreshPending();
      return told;
    }
    const at = told.recorded?.[0];
    const [again] = told.already ? await waited([{ section: "refusals", text: told.already }]) : [null];
    const text = again ?? told.already ?? t("ui.told.recorded", { what: done, n: at ? at.seq : "" });
    set({ told: { kind: "ok", text, entry: at } });
    after(); // not waited for: the form may close, the screen follows
    return told;
  } catch (no) {
    if (no.status !== 401 && !api.isDoubtful(no) && !api.isNamed(no, "at-fault")) {
      settle(asked);
      Object.assign(asked, asking(asked.prefix)); // an answer: what is sent next is new
    }
    set({ told: { kind: "bad", text: noOf(no) } });
    return null;
  }
}

/** An answer came to it. */
const settle = (asked) => unanswered.get(asked.of) === asked && unanswered.delete(asked.of);

const awaited = new Set(); // ids of what was asked for here, or seen waiting here, and is not settled yet

export async function refreshPending() {
  try {
    const told = await api.get("/acts/pending", api.SOON);
    set({ pending: told.pending ?? [] });
    for (const one of store.pending) if (one.own) awaited.add(one.id);
    for (const one of told.settled ?? []) if (awaited.delete(one.id)) await tellSettled(one);
  } catch {
    // what is held stands, and the page says by itself that the node is silent
  }
}

/** Whoever asked for it reads what became of it; what still said that it waits is true no more. */
async function tellSettled(one) {
  const what = kindOf(one.kind);
  const why = one.why && ((await waited([{ section: "refusals", text: one.why }]))[0] ?? one.why);
  const entry = one.recorded?.[0];
  const standing = one.how === "confirmed" ? { kind: "ok" } : { kind: "bad", at: "" }; // until it is closed, wherever
  set({ told: { ...standing, entry, text: t(`ui.settled.${one.how}`, { what, n: entry?.seq ?? "", why: why ?? "" }) } });
}

/** An alert as the person saw it: the node refuses it where it changed since. */
export const acknowledge = (seen) => record({ alert_acknowledged: seen }, t("ui.done.acknowledged"));

export const receive = (call) => record({ call_received: { call: entry(call.ref) } }, t("ui.done.received"));

export const readBack = (call, content, asked) =>
  record(
    { call_read_back: { call: entry(call.ref), content: entry(call.content_ref), read_back: content } },
    t("ui.done.readback"),
    asked,
  );

export const answer = (call, given, corrects, asked) => {
  const said = { call: entry(call.ref), answer_id: asked.id, answer: given };
  return record(
    corrects ? { answer_corrected: { ...said, corrects } } : { answer_given: said },
    t("ui.done.answered"),
    asked,
  );
};

export const passOn = (call, scope, note) =>
  record({ call_passed_on: { call: entry(call.ref), scope, note } }, t("ui.done.passedon"));
export const actedOn = (call, scope, note) =>
  record({ call_acted_on: { call: entry(call.ref), scope, note } }, t("ui.done.actedon"));
export const confirmSummary = (call) =>
  record({ summary_confirmed: { call: entry(call.ref), digest: call.summary_digest } }, t("ui.done.confirmed"));

/** Places a call; the answer time is the protocol's. */
export const place = (fields, asked) =>
  record(
    {
      call_placed: {
        call: asked.id,
        reality: store.screen.header.reality,
        from_role: store.session.role,
        language: document.documentElement.lang,
        ...fields,
      },
    },
    t("ui.done.called"),
    asked,
  );

/** A test of the line by node, now: it rings who is on watch there, and ends when they receive it. */
export const testLine = (party, role) =>
  place({ kind: "test", precedence: "routine", to_party: party, to_role: role, carriage: "node", content: {} }, askedOf([party, role], "test", "test"));

export const checkReadBack = (call, result) =>
  record(
    {
      read_back_checked: {
        call: call.call,
        read_back: entry(call.read_back.ref),
        content: entry(call.content_ref),
        findings: call.read_back_findings,
        result,
      },
    },
    t("ui.done.checked"),
  );

export const correct = (call, content, reason, asked) =>
  record({ call_corrected: { call: call.call, content, reason } }, t("ui.done.corrected"), asked);
export const disregard = (call) => record({ call_disregarded: { call: call.call } }, t("ui.done.disregarded"));
export const lift = (call) => record({ stop_lifted: { call: call.call } }, t("ui.done.lifted"));
export const renew = (call) => {
  const asked = askedOf(call.call, "stop_renewed");
  const expires_at = new Date(asked.at + Math.round(store.screen.protocol.stop_lasts_s * 1000)).toISOString();
  return record({ stop_renewed: { call: call.call, expires_at } }, t("ui.done.renewed"), asked);
};
export const close = (call, closing, reason) =>
  record({ call_closed: { call: call.call, closing, reason } }, t("ui.done.closed"));

export async function proposeSummary(call, { text, language }) {
  const bytes = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  const digest = [...new Uint8Array(bytes)].map((b) => b.toString(16).padStart(2, "0")).join("");
  return record({ summary_proposed: { call: call.call, summary: { text, language }, digest } }, t("ui.done.summary"));
}

export const broadcast = (fields, asked) =>
  record(
    {
      broadcast_sent: {
        broadcast: asked.id,
        reality: store.screen.header.reality,
        sent_at: [new Date(asked.at).toISOString()],
        ...fields,
      },
    },
    t("ui.done.broadcast"),
    asked,
  );

export const heard = (broadcast, heard_by, source) =>
  record({ broadcast_heard: { broadcast, heard_by, source } }, t("ui.done.heard"));

export const logVoice = (account, call, asked) =>
  record({ voice_logged: { log: asked.id, account, call: call && entry(call.ref) } }, t("ui.done.logged"), asked);
export const correctLog = (log, account, why, asked) =>
  record({ voice_log_corrected: { log, account, reason: { text: why, language: document.documentElement.lang } } }, t("ui.done.logcorrected"), asked);
export const duress = (log) => {
  const asked = askedOf(log, "duress_heard");
  return record({ duress_heard: { log, heard_at: new Date(asked.at).toISOString() } }, t("ui.done.duress"), asked);
};

export const file = (notice, asked) => record({ notice_filed: notice }, t("ui.done.filed"), asked);
export const withdraw = (notice, reason) =>
  record({ notice_withdrawn: { notice: notice.notice, version: notice.version, reason } }, t("ui.done.withdrawn"));
/** The version that is shown goes out under the terms; what is kept here stays as it is. */
export const release = (item, terms, asked) =>
  record({ item_released: { release: asked.id, kind: item.kind, item: entry(item.ref), ...terms } }, t("ui.done.released"), asked);
export const makeCopy = (refs, terms, asked) => record({ copy_made: { items: refs.map(entry), ...terms } }, t("ui.done.copy"), asked);

export const reportTrack = (report, asked) =>
  record({ track_reported: { ...report, received_at: new Date(asked.at).toISOString() } }, t("ui.done.reported"), asked);
export const endTrack = ({ track, source }, reason) => {
  const asked = askedOf(track, reason);
  return record({ track_ended: { track, source, received_at: new Date(asked.at).toISOString(), reason } }, t("ui.done.trackended"), asked);
};

/** One object of ours to those in the terms, until then: granted once a second person confirms it. */
export const share = (track, terms, asked) => record({ track_shared: { share: asked.id, track: track.track, terms } }, t("ui.done.shared"), asked);
export const revokeShare = (share, reason) => record({ share_revoked: { share, reason } }, t("ui.done.revoked"));

export const declareRole = (role) => record({ role_declared: role }, t("ui.done.role"));
export const withdrawRole = (role, reason) => record({ role_withdrawn: { role, reason } }, t("ui.done.rolewithdrawn"));

/** Said of the document that this node holds, by its digest. */
const ofProtocol = (kind, more, done) => record({ [kind]: { protocol: store.screen.protocol.digest, ...more } }, done);
export const sign = () => ofProtocol("protocol_signed", {}, t("ui.done.protocolsigned"));
export const suspend = (text) => ofProtocol("protocol_suspended", { text }, t("ui.done.suspended"));
export const resume = (text) => ofProtocol("protocol_resumed", { text }, t("ui.done.resumed"));
export const useInPractice = (text) => ofProtocol("used_in_practice", { text }, t("ui.done.said"));
export const stateReading = (rule, text, minima) => ofProtocol("understanding_stated", { rule, text, minima }, t("ui.done.reading"));
export const withdrawReading = (rule) => ofProtocol("understanding_withdrawn", { rule }, t("ui.done.readingwithdrawn"));

export const status = (notice, what, scope, text) =>
  record({ status_stated: { notice: entry(notice.ref), status: what, scope, text } }, t("ui.done.status"));

export const ownership = (track, what, scope, { text, reason } = {}) => {
  const said = { subject: { own_track: { track: track.track } }, answer: what, scope };
  const body = reason ? { ownership_corrected: { ...said, reason } } : { ownership_stated: { ...said, text } };
  return record(body, t("ui.done.ownership"));
};

export const reportLine = (line, report) => {
  const asked = askedOf(line, report);
  return record({ line_reported: { line, report, since: new Date(asked.at).toISOString() } }, t("ui.done.line"), asked);
};

export const takeMatter = (ladder) =>
  record({ ladder_ended: { matter: ladder.matter, end: "acknowledged" } }, t("ui.done.taken"));

export async function confirmPending(one) {
  if (isPast()) return;
  try {
    const told = api.recordedOf(await api.post(`/acts/pending/${one.id}/confirm`, {}, api.SOON));
    set({ told: { kind: "ok", text: t("ui.told.recorded", { what: t("ui.done.second"), n: told.recorded?.[0]?.seq ?? "" }) } });
  } catch (no) {
    set({ told: { kind: "bad", text: noOfOther(no) } });
  }
  await refreshPending();
}

export async function dropPending(one) {
  if (isPast()) return;
  try {
    await api.del(`/acts/pending/${one.id}`);
    awaited.delete(one.id);
    set({ told: { kind: "ok", text: t("ui.told.dropped") } });
  } catch (no) {
    set({ told: { kind: "bad", text: noOfOther(no) } });
  }
  await refreshPending();
}

export const filePaper = (paper, asked) => record({ paper_filed: paper }, t("ui.done.paper"), asked);
export const withdrawPaper = (paper, version, reason) =>
  record({ paper_withdrawn: { paper, version, reason } }, t("ui.done.withdrawnpaper"));
export const stateClaim = (claim, asked) => record({ claim_stated: claim }, t("ui.done.claim"), asked);
export const reviseClaim = (claim, asked) => record({ claim_revised: claim }, t("ui.done.claim"), asked);
export const withdrawClaim = (claim, reason) => record({ claim_withdrawn: { claim, reason } }, t("ui.done.withdrawnclaim"));
export const signJoint = (ref) => record({ joint_text_signed: { paper: entry(ref) } }, t("ui.done.signed"));
export const declineJoint = (ref, reason) => record({ joint_text_declined: { paper: entry(ref), reason } }, t("ui.done.said"));
export const undertake = (ref, due) => record({ action_undertaken: { paper: entry(ref), due } }, t("ui.done.said"));
export const declineAction = (ref, reason) => record({ action_declined: { paper: entry(ref), reason } }, t("ui.done.said"));
export const moveAction = (ref, due, reason) => record({ action_due_moved: { paper: entry(ref), due, reason } }, t("ui.done.said"));
export const completeAction = (ref, evidence) => record({ action_done: { paper: entry(ref), evidence } }, t("ui.done.said"));
