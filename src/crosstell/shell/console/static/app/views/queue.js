/** The queue: needs you now, waiting on the counterpart, monitoring; and what is said side by side. */

import { html, nothing, repeat } from "../../vendor/lit.mjs";
import * as acts from "../acts.js";
import { FIELDS, aboutText, answerWord, fieldText, summary } from "../content.js";
import * as f from "../format.js";
import { kindOf } from "./history.js";
import { latin, t, word } from "../i18n.js";
import { isRung } from "../sound.js";
import { dueOf, find, isPossible, left, offersOf, own, set, store, title } from "../store.js";
import { cameUnder, seenOf } from "../top.js";
import { askedAct } from "./asked_act.js";
import { button, entered, icon, made, mono, said, voice } from "./parts.js";
import { pointAt, silenced, topLine } from "./ringing.js";

/** What only looks: it works for who is not on watch too, and in a past moment. */
export const READS = ["↵", "W"];
const PARTS = ["needs-you", "waiting", "monitoring"];
const WHOLE_MAX = 20; // cards of a part that are whole; of more, one line until they are chosen
export const LEVEL = { critical: "critical", urgent: "urgent", advisory: "notice" };

/** Which panel shows a matter whole: of what has none of its own, the one where it stands with more. */
const ELSEWHERE = { suspension: "protocol", "former-feed": "lines" };
export const opened = (key) => {
  const name = ELSEWHERE[key.split(" ", 1)[0]];
  return { selected: key, panel: name ? { name } : { name: "detail", key } };
};
const open = (key) => set(opened(key));

let past = false;

/** The present's queue and a past moment's begin at their top, where the most urgent stands. */
export function fromItsTop() {
  const is = store.replay !== null;
  if (is !== past) document.querySelector(".queue")?.scrollTo({ top: 0 });
  past = is;
}

export function queue(s, keys) {
  const groups = PARTS.map((part) => [part, s.queue.filter((one) => one.part === part)]);
  return html`<aside class="queue" aria-label=${t("ui.queue")} @scroll=${pointAt}>
    ${topLine(keys)} ${pendingCard(keys)}
    ${groups.map(([part, items]) => group(part, items, keys))} ${sides(s)}
  </aside>`;
}

function group(part, items, keys) {
  const hot = part === "needs-you" && items.length;
  const compact = part === "monitoring";
  const who = store.screen.header.counterparts.length === 1 ? store.screen.header.counterparts[0].who.title : t("ui.others");
  return html`<section aria-labelledby="part-${part}">
    <div class="part">
      <h2 id="part-${part}">${t(`ui.part.${part}`, { who })}</h2>
      <span class="count ${hot ? "hot" : ""}">${items.length}</span>
    </div>
    ${items.length === 0
      ? html`<p class="quiet">${t(store.replay && !store.screen.arrivals ? "ui.empty.before" : `ui.empty.${part}`)}</p>`
      : compact
        ? html`<ul class="rows">
            ${repeat(items, (one) => one.key, row)}
          </ul>`
        : html`<ul class="cards">
            ${repeat(items, (one) => one.key, (one, i) => card(one, keys, i < WHOLE_MAX))}
          </ul>`}
  </section>`;
}

/** An act on a waiting one, unless its card came under the hand that meant another. */
const onWaiting = (one, keys, act) => (e) => {
  const item = { key: waitingKey(one) };
  return cameUnder(e, item) ? keys.named(item, "ui.press.moved", kindOf(one.kind)) : act(one);
};

const waitingKey = (one) => `pending ${one.id}`;

function pendingCard(keys) {
  const waiting = store.pending;
  if (!waiting.length) return nothing;
  return html`<section aria-labelledby="part-second">
    <div class="part"><h2 id="part-second">${t("ui.second")}</h2><span class="count hot">${waiting.length}</span></div>
    <ul class="cards">
      ${repeat(
        waiting,
        (one) => one.id,
        (one) => html`<li class="card urgent ${store.selected === waitingKey(one) ? "selected" : ""}" data-key=${waitingKey(one)}>
          <div class="head"><span class="word">${t("ui.second.waits")}</span><span class="seen">${word(one.role)} ${mono(one.watch)}</span></div>
          <h3>${kindOf(one.kind)}</h3>
          ${one.given ? html`<p class="c-urgent given"><strong>${t("ui.second.given")}</strong> ${made(one.given, "given")}</p>` : nothing}
          ${one.relieved_by ? html`<p class="c-urgent">${t("ui.second.relieved", { watch: one.relieved_by })}</p>` : nothing}
          ${one.own ? html`<details><summary>${t("ui.second.look")}</summary>${askedAct(one)}</details>` : askedAct(one)}
          <div class="buttons">
            ${one.own ? nothing : button(t("ui.second.confirm"), onWaiting(one, keys, acts.confirmPending), { kind: "urgent", disabled: !!one.no })}
            ${button(one.own ? t("ui.second.back") : t("ui.second.down"), onWaiting(one, keys, acts.dropPending))}
          </div>
        </li>`,
      )}
    </ul>
  </section>`;
}

const dueText = (item) => {
  const due = dueOf(item);
  if (!due.at) return nothing;
  const s = left(due.at);
  return html`<span class="n">${f.countdown(s)}</span><span class="of">${t(`ui.due.${due.of}${s < 0 ? ".past" : ""}`)}</span>`;
};

function look(item) {
  if (item.kind === "alert") return LEVEL[item.level];
  if (item.kind === "duress") return "critical";
  if (item.kind in ELSEWHERE) return item.part === "needs-you" ? "urgent" : "notice";
  if (item.kind === "notice") return "notice";
  const call = find.callAt(item.call);
  if (!call) return "notice";
  if (call.kind === "stop") return "critical";
  if (item.part === "needs-you") return { flash: "critical", immediate: "urgent" }[call.precedence] ?? "notice";
  return "notice";
}

function card(item, keys, whole) {
  const kind = look(item);
  const ringing = store.rings.has(item.key);
  const chosen = store.selected === item.key;
  const inside = whole || chosen ? html`${body(item, kind, ringing)} ${ladder(item)} ${buttons(item, keys)}` : oneLine(item, kind, ringing);
  return html`<li
    class="card ${kind} ${chosen ? "selected" : ""} ${ringing ? "ringing" : ""}"
    tabindex="0"
    data-key=${item.key}
    aria-current=${chosen ? "true" : nothing}
    @focus=${() => store.selected !== item.key && set({ selected: item.key })}
    @click=${() => set({ selected: item.key })}
  >
    ${inside}
  </li>`;
}

/** A card in one line: what, about whom, by when, and until when it is silenced. Chosen, it is whole. */
function oneLine(item, kind, ringing) {
  const alert = item.kind === "alert" ? find.alert(item.alert) : null;
  const call = item.kind === "call" ? find.callAt(item.call) : null;
  const label = alert ? word(alert.level) : call ? `${word(call.precedence)} · ${word(call.kind)}` : word(item.kind);
  const due = dueOf(item);
  return html`<div class="head c-${kind}">
    ${icon(call && kind !== "critical" ? "call" : kind)}
    <span class="word">${label}</span> <strong>${mono(alert ? aboutText(alert.about) : call ? call.call : item.notice ?? item.log)}</strong>
    <span class="seen">${due.at ? mono(f.countdown(left(due.at))) : nothing}</span>
  </div>
  ${ringing ? silenced(item.key) : nothing}`;
}

/** A made id is long and says nothing: its first figures tell it from the others, its title is whole. */
const brief = (id) => id.replace(/^([a-z]+-[0-9a-f]{4})[0-9a-f]{8,}/, "$1…");

const head = (item, kind, label, id, seen, ringing) => html`<div class="head c-${kind}">
  ${icon(item.kind === "call" && kind !== "critical" ? "call" : kind)}
  <span class="word">${label}</span> <span class="id" title=${id}>${mono(brief(id))}</span>
  <span class="seen">${seen}</span>
</div>
${ringing ? silenced(item.key) : nothing}`;

function body(item, kind, ringing) {
  if (item.kind === "alert") return alertBody(item, find.alert(item.alert), kind, ringing);
  if (item.kind === "call") return callBody(item, find.callAt(item.call), kind, ringing);
  if (item.kind === "notice") return noticeBody(item, kind);
  if (item.kind === "suspension") return suspensionBody(item, kind);
  if (item.kind === "former-feed")
    return html`${head(item, kind, word("former-feed"), item.party, "", false)}
      <h3>${formerBy(item)}</h3>
      <p>${said(item.why)}</p>`;
  return html`${head(item, kind, t("ui.duress"), item.log, "", ringing)}
    <p>${said(item.why)}</p>`;
}

/** The words of an alert that a person needs first: what, how far, when, why it is not sure. */
export function verdict(one) {
  const at = mono(f.zulu(one.nominal_at ?? one.infringement_at));
  const near = one.nearest_m == null ? f.length(Math.max(0, one.distance_m)) : f.length(one.nearest_m);
  if (one.words === "cleared") return html`${word("cleared")}: ${word(one.cleared_because)}`;
  if (one.assessed === "infringes")
    return html`<bdi>${t(left(one.nominal_at ?? one.infringement_at) > 0 ? "ui.alert.predicted" : "ui.alert.is")} ${at}</bdi>
      · <bdi>${t(one.nearest_m == null ? "ui.alert.away" : "ui.alert.closest")} ${mono(near)}</bdi>`;
  return html`${word(one.assessed)} · <bdi>${t("ui.alert.earliest")} ${mono(f.zulu(one.infringement_at))}</bdi>`;
}

function alertBody(item, one, kind, ringing) {
  if (!one) return nothing;
  const past = offersOf(one).includes("stop");
  return html`${head(item, kind, word(one.level), one.alert, t("ui.seen", { span: f.span(-left(one.finding_at)) }), ringing)}
    <div class="main">
      <div>
        <h3>${mono(aboutText(one.about))}</h3>
        <p>${verdict(one)}</p>
        <p class="quiet">
          <bdi dir=${latin()}>${t("ui.rule")} ${mono(one.rule)}</bdi>${one.reading ? html` · ${t("ui.reading", { who: title(one.reading) })}` : nothing}
          · ${said(item.why)}
        </p>
        ${calledAbout(one)}
        ${one.doubted_since ? html`<p class="c-urgent">${t("ui.alert.doubted", { at: f.zulu(one.doubted_since) })}</p>` : nothing}
      </div>
      <div class="due c-${kind}">${dueText(item)}</div>
    </div>
    ${past ? html`<p class="c-critical"><strong>${t(isPossible(one) ? "ui.callby.past.possible" : "ui.callby.past")}</strong></p>` : nothing}`;
}

/** The party at the other end of a call. */
const other = (call) => (call.direction === "taken" ? call.party : call.to_party);

/** What stands as answered to a call, in words; else how far it is said to have got. */
const answered = (call) => (call.answers.length ? call.answers.map((one) => answerWord(one.answer.kind, call.to_party)).join(" · ") : word(call.stage));

/** The newest call of ours about an alert, and what came of it: so that none is made twice unknowingly. */
function calledAbout(alert) {
  const call = alert.calls.map((id) => find.call(own(), id)).filter(Boolean).at(-1);
  if (!call) return nothing;
  const shown = (e) => (e.stopPropagation(), open(`call ${own()}/${call.call}`));
  return html`<p class="called">${icon("call")} <button class="link" type="button" @click=${shown}>${t("ui.alert.called", { who: title(call.to_party) })} ${mono(f.zulu(call.placed_at, { seconds: false }))}</button> · <strong>${answered(call)}</strong></p>`;
}

function callBody(item, one, kind, ringing) {
  if (!one) return nothing;
  const taken = one.direction === "taken";
  const label = `${word(one.precedence)} · ${word(one.kind)}`;
  const whom = taken ? t("ui.call.from", { who: title(one.party) }) : t("ui.call.to", { who: title(one.to_party) });
  return html`${head(item, kind, label, one.call, f.zulu(one.placed_at, { seconds: false }), ringing)}
    <div class="main">
      <div>
        <h3>${whom}</h3>
        <p>${f.unbroken(summary(one.content)) || t("ui.call.empty")}</p>
        <p class="quiet">${word(one.stage)} · ${said(item.why)}</p>
        ${one.answers.map((a) => html`<p>${answerWord(a.answer.kind, one.to_party)}${a.answer.until ? ` → ${f.zulu(a.counts_until ?? a.answer.until)}` : ""}</p>`)}
      </div>
      <div class="due c-${kind}">${dueText(item)}</div>
    </div>`;
}

function noticeBody(item, kind) {
  const one = find.notice(item.party, item.notice);
  if (!one) return nothing;
  return html`${head(item, kind, word(one.kind ?? "general-notice"), one.notice, f.zulu(one.filed_at, { seconds: false }), false)}
    <p>${title(one.party)} · ${mono(f.window(one.starts, one.ends, { seconds: false }))}</p>
    <p class="quiet">${said(item.why)}</p>`;
}

/** What a party said when it suspended the protocol: in force, suspended and used are three facts. */
export const suspension = (party) => store.screen.protocol.suspended_by.find((one) => one.party === party);

/** Whose feed was left: that party goes on in a new one. */
/** What a call about a feed that its party left is about; `feed` alone where the matter is over. */
export const formerOf = (feed) => t("ui.former.of", { who: title(find.item(`former-feed ${feed}`)?.party) ?? feed.slice(0, 8) });
const formerBy = (item) => t("ui.former.by", { who: title(item.party) });

/** A matter of a party, by what a person calls it; nothing for any other. */
export const ofParty = (item) =>
  item.kind === "suspension" ? t("ui.suspended.by", { who: title(item.party) }) : item.kind === "former-feed" ? formerBy(item) : null;

function suspensionBody(item, kind) {
  const one = suspension(item.party);
  if (!one) return nothing;
  return html`${head(item, kind, word("suspension"), store.screen.protocol.name, f.zulu(one.at, { seconds: false }), false)}
    <h3>${t("ui.suspended.by", { who: title(item.party) })}</h3>
    <p>${entered(one.text)}</p>
    <p class="quiet">${said(item.why)}</p>`;
}

export const ladderOf = (item) =>
  store.screen.ladders.find(
    (one) =>
      one.state !== "ended" &&
      ((item.alert && one.alert === item.alert) ||
        (item.log && one.log === item.log) ||
        (item.call && one.entry?.hash === item.call.hash) ||
        (item.call && one.call && find.callAt(item.call)?.call === one.call && find.callAt(item.call)?.direction === "placed")),
  );

function ladder(item) {
  const one = ladderOf(item);
  if (!one || (item.kind === "duress" && !isRung(one))) return nothing;
  return html`<ul class="ladder" aria-label=${t("ui.ladder")}>
    ${one.rungs.map(
      (rung) => html`<li class=${rung.reached}>
        ${word(rung.role)}<br />${rung.reached === "reached"
          ? t(rung.means === "ring" ? "ui.rung.rung" : "ui.rung.drafted")
          : html`${t(rung.means === "ring" ? "ui.rung.rings" : "ui.rung.drafts")} ${mono(f.countdown(left(rung.due_at)))}`}
      </li>`,
    )}
  </ul>`;
}

/** What can be done with a matter at once; the keys work on the chosen card. */
export function buttons(item, keys, { opened = false } = {}) {
  const found = actionsOf(item, keys).filter((a) => !opened || !READS.includes(a.key));
  const press = (a) => (set({ selected: item.key }), a.act()); // what is answered is what is framed
  return found.length
    ? html`<div class="buttons">
        ${repeat(found, (a) => a.label, (a) => button(a.label, (e) => (!opened && cameUnder(e, item) ? keys.named(item, "ui.press.moved") : press(a)), { key: a.key, kind: a.kind, disabled: !keys.allowed && !READS.includes(a.key) }))}
      </div>`
    : nothing;
}

export function actionsOf(item, keys) {
  const details = { label: t("ui.do.open"), key: "↵", act: () => open(item.key) };
  if (item.kind === "suspension") return [...suspensionActions(item), details];
  if (item.kind === "former-feed") return [...formerActions(item), details];
  if (item.kind === "alert") return [...alertActions(item, keys), details];
  if (item.kind === "call") return [...callActions(item, keys), details];
  if (item.kind === "duress") return [...duressActions(item), details];
  return [details];
}

/** Their suspension is asked about by a call; our own is ended where the protocol stands. */
const suspensionActions = ({ party }) =>
  party === own() ? [] : [{ label: t("ui.do.call", { who: short(party) }), key: "C", kind: "strong", act: () => set({ panel: { name: "call", to: party } }) }];

/** What still holds of a former feed is asked or told by telephone; the log says that it was about that. */
const formerActions = ({ ask, feed }) =>
  ask.length ? [{ label: t("ui.do.logvoice"), key: "T", kind: "strong", act: () => set({ panel: { name: "voice", to: ask[0], about_feed: feed } }) }] : [];

/** A party's name for a button: its title, or its id where that is long. */
const short = (party) => (title(party).length > 16 ? party.toUpperCase() : title(party));

/** What was just born, nobody has seen: it is named, and nothing is recorded of it. */
function acknowledge(one, item, keys) {
  const seen = seenOf(one);
  return seen ? acts.acknowledge(seen) : keys.named(item, "ui.press.young");
}

function alertActions(item, keys) {
  const one = find.alert(item.alert);
  if (!one) return [];
  const found = [];
  if (one.attention === "ringing" || one.attention === "unacknowledged")
    found.push({ label: t("ui.do.acknowledge"), key: "A", kind: `big ${LEVEL[one.level] === "notice" ? "strong" : LEVEL[one.level]}`, act: () => acknowledge(one, item, keys) });
  if (one.words === "cleared") return found;
  const offers = offersOf(one);
  if (offers.includes("stop")) {
    const kind = isPossible(one) ? undefined : "critical";
    found.push({ label: t("ui.do.stop"), key: "S", kind, act: () => keys.stop(one) });
    found.push({ label: t("ui.do.broadcast"), key: "B", kind, act: () => keys.broadcast(one) });
  }
  if (offers.includes("call") || one.call_by.length) {
    const who = one.call_by[0] ? short(one.call_by[0].party) : "";
    found.push({ label: t("ui.do.call", { who }), key: "C", act: () => keys.call(one) });
  }
  found.push({ label: t("ui.do.why"), key: "W", act: () => open(item.key) });
  return found;
}

function callActions(item, keys) {
  const one = find.callAt(item.call);
  if (!one) return [];
  const found = [];
  if (one.acts.includes("receive"))
    found.push({ label: t("ui.do.receive"), key: "A", kind: `big ${look(item) === "notice" ? "strong" : look(item)}`, act: () => acts.receive(one) });
  else if (one.acts.includes("answer") && ["owed", "checking", "stand-by-expired", "standing-by"].includes(one.clock.standing))
    found.push({ label: t("ui.do.answer"), key: "R", kind: "urgent", act: () => keys.answer(one) });
  if (one.acts.includes("renew")) found.push({ label: t("ui.do.renew"), key: "E", act: () => acts.renew(one) });
  if (one.acts.includes("lift")) found.push({ label: t("ui.do.lift"), act: () => keys.lift(item.key) });
  if (!one.acts.includes("receive"))
    found.push({ label: t(one.direction === "taken" ? "ui.do.call" : "ui.do.callagain", { who: short(other(one)) }), key: "C", act: () => keys.again(one) });
  const matter = item.part === "needs-you" && one.direction === "placed" ? ladderOf(item) : null;
  if (matter) found.push({ label: t("ui.do.take"), key: "A", act: () => acts.takeMatter(matter) });
  return found;
}

/** Who is rung about a duress word takes it; at the desk that noted it nothing says that it rings. */
function duressActions(item) {
  const matter = ladderOf(item);
  return isRung(matter) ? [{ label: t("ui.do.take"), key: "A", kind: "big critical", act: () => acts.takeMatter(matter) }] : [];
}

function row(item) {
  const one = item.kind === "alert" ? find.alert(item.alert) : null;
  const call = item.kind === "call" ? find.callAt(item.call) : null;
  const name = item.kind in ELSEWHERE ? ofParty(item) : one ? aboutText(one.about) : call ? `${word(call.kind)} · ${title(other(call))}` : (item.log ?? item.notice);
  const note = one ? word(one.words === "current" ? one.attention : one.words) : call ? (call.answers.length ? answered(call) : word(call.clock.standing)) : item.log ? t("ui.duress") : item.kind in ELSEWHERE ? "" : t("ui.row.nostatus");
  const chosen = store.selected === item.key;
  return html`<li class=${chosen ? "selected" : ""}>
    <button type="button" @click=${() => open(item.key)} data-key=${item.key} aria-current=${chosen ? "true" : nothing}>
      ${icon(one ? (one.words === "cleared" ? "clear" : one.level) : item.kind === "call" ? "call" : "notice")}
      <span>${mono(name)} <span class="quiet">${call ? html`${mono(call.call)} ` : nothing}${said(item.why)}</span></span>
      <span class="quiet">${dueOf(item).at ? mono(f.countdown(left(dueOf(item).at))) : note}</span>
    </button>
  </li>`;
}

/** Side by side: of the chosen call, what was said and what was read back; else the newest topic. */
function sides(s) {
  const item = find.item(store.selected ?? "") ?? null;
  const call = item?.call ? find.callAt(item.call) : null;
  if (call) return callSides(call);
  const topic = s.accounts.topics.at(-1);
  if (!topic) return nothing;
  return html`<section aria-labelledby="sides">
    <div class="part"><h2 id="sides">${t("ui.sides")} · ${word(topic.kind)}</h2>
      <span class="quiet">${t("ui.sides.each")}</span></div>
    <table>
      <tbody>
        ${topic.claims.slice(0, 4).map((c) => html`<tr><th scope="row">${voice(c)}</th><td>${made(c.text, "claim")}</td></tr>`)}
        ${topic.compared.slice(0, 2).map((c) => html`<tr><th scope="row">${word(c.relation)}</th><td class=${c.relation}>${made(c.text, "difference")}</td></tr>`)}
      </tbody>
    </table>
    <div class="buttons">${button(t("ui.sides.all"), () => set({ panel: { name: "sides" } }), { key: "I" })}</div>
  </section>`;
}

const SIGNS = { agree: "≈", differ: "≠", "stated-by-first": "≠", "stated-by-second": "≠", "wording-differs": "~", "stated-by-neither": "" };

export function callSides(call) {
  const found = Object.fromEntries((call.read_back_findings ?? []).map((one) => [one.field, one.finding]));
  return html`<section aria-labelledby="sides-call">
    <div class="part"><h2 id="sides-call">${t("ui.sides")} · ${mono(call.call)}</h2>
      <span class="quiet">${t("ui.sides.each")}</span></div>
    <table>
      <thead>
        <tr><th scope="col">${t("ui.field")}</th><th scope="col">${title(call.party)}</th><th scope="col">${title(call.to_party)}</th><th scope="col"><span class="visually-hidden">${t("ui.sides.sign")}</span></th></tr>
      </thead>
      <tbody>
        ${FIELDS.map((field) => [field, fieldText(call.content, field, call.read_back_content), fieldText(call.read_back_content, field, call.content)])
          .filter(([, a, b]) => a !== null || b !== null)
          .map(([field, a, b]) => {
            const finding = found[field];
            const bad = ["differ", "stated-by-first", "stated-by-second"].includes(finding);
            return html`<tr>
              <th scope="row">${t(`ui.field.${field}`)}</th>
              <td>${a ?? html`<span class="unsaid">${t("ui.unsaid")}</span>`}</td>
              <td class=${bad ? "differs" : ""}>${b ?? html`<span class="unsaid">${t(call.read_back_content ? "ui.unsaid" : "ui.notread")}</span>`}</td>
              <td class=${bad ? "differs" : "c-ok"} title=${finding ? word(finding) : ""}>${finding ? SIGNS[finding] : ""}</td>
            </tr>`;
          })}
      </tbody>
    </table>
  </section>`;
}
