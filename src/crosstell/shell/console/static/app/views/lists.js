/** Pages of lists: search, lines, accounts side by side, the handover of the watch, the keys. */

import { html, nothing } from "../../vendor/lit.mjs";
import * as acts from "../acts.js";
import * as api from "../api.js";
import { aboutText, summary } from "../content.js";
import * as f from "../format.js";
import { latin, t, word } from "../i18n.js";
import * as geo from "../map/geo.js";
import { begin } from "../session.js";
import { dueOf, find, holding, left, own, set, store, title } from "../store.js";
import { changed } from "./changed.js";
import { placeOf, placesIn } from "./content_fields.js";
import { nextTest } from "./header.js";
import { keysOfPage } from "./keys_of_page.js";
import { callSides, ofParty, opened, suspension } from "./queue.js";
import { button, dot, entered, field, input, made, mono, namesOf, quoting, said, scope, submitAnew, voice, voicePlainly } from "./parts.js";

const open = (key) => set(opened(key));

const LENGTH_MAX = 200; // what the node takes

/** What the page itself holds, by any word of it. */
export function hits(s, q) {
  const words = q.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  if (!words.length) return [];
  const rows = [
    ...s.alerts.map((one) => [`alert ${one.alert}`, word(one.level), aboutText(one.about), one.alert]),
    ...s.calls.map((one) => [`call ${one.party}/${one.call}`, word(one.kind), `${title(one.party)} → ${title(one.to_party)}`, one.call, summary(one.content)]),
    ...s.notices.map((one) => [`notice ${one.party}/${one.notice}`, word(one.kind ?? "general-notice"), title(one.party), one.notice, JSON.stringify(one.content)]),
    ...s.former.map((one) => [`former-feed ${one.feed}`, t("ui.former.mark"), title(one.party), one.notice, JSON.stringify(one.content)]),
    ...s.tracks.map((one) => [`track ${one.track}`, word("track"), one.track, one.source, one.hints.map((h) => h.value).join(" ")]),
    ...s.voice_logs.map((one) => [`log ${one.party}/${one.log}`, word("voice-log"), title(one.party), one.log]),
  ];
  return rows.filter((row) => words.every((w) => row.some((cell) => String(cell ?? "").toLocaleLowerCase().includes(w)))).slice(0, 60);
}

/** What may be a place: a grid reference, or figures with no letters but those of the four sides. */
const PLACE = /^\s*(?:\d{1,2}\s*[c-x]\s*[a-z]{2}[\d\s]*\d|(?=.*\d.*\d)(?!.*\p{L}{2})[-+0-9.,°'"′″:\sNSEWKGDBСЮВЗ]{5,})\s*$/iu;

/** What is meant as a place, and none of a figure alone, a date or an id: why it cannot be read is told. */
const MEANT = /\p{L}{2}|[°′″]|\d[\s'"]*[NSEWKGDBСЮВЗ]|[NSEWKGDBСЮВЗ]\s*\d|\d[.,]\d.*[\s,]\S*\d[.,]\d/iu;

function goTo(name, points) {
  set({ panel: null, told: { kind: "ok", text: t("ui.search.shown", { at: name }) } });
  keysOfPage().show(points);
}

/** The search of what stands in the box: a matter of the page, a place, else what the record has. */
async function seek(e) {
  e.preventDefault();
  const panel = store.panel; // as it is now: what was typed last may not be drawn yet
  const q = panel.q ?? "";
  const found = hits(store.screen, q);
  if (found.length === 1) return open(found[0][0]);
  let why = "";
  try {
    const places = PLACE.test(q) ? await placesIn(q) : [];
    if (store.panel !== panel) return null;
    if (places.length) return goTo(q.trim(), places.flatMap((one) => geo.rings(placeOf(one)).flat()));
  } catch (no) {
    if (MEANT.test(q)) why = no.message;
  }
  try {
    const told = await api.get(`/search?q=${encodeURIComponent(q)}`);
    if (store.panel !== panel) return null;
    if (why && !found.length && !told.hits.length) set({ told: { kind: "bad", text: why } });
    return set({ panel: { ...panel, told } });
  } catch (no) {
    return store.panel === panel ? set({ told: { kind: "bad", text: no.message || t("ui.told.unreachable") } }) : null;
  }
}

export function search(s, panel) {
  const q = panel.q ?? "";
  const found = hits(s, q);
  const towns = keysOfPage().towns(q);
  return {
    title: t("ui.tool.search"),
    body: html`<form class="form" role="search" @submit=${seek}>
        ${field(t("ui.search.what"), html`<input name="q" id="search-box" data-first required pattern=".*\\S.*" title=${t("ui.search.hint")} maxlength=${LENGTH_MAX} .value=${q} @input=${(e) => set({ panel: { ...panel, q: e.target.value, told: null } })} autocomplete="off" />`, t("ui.search.hint"))}
      </form>
      <div class="buttons">${button(t("ui.report"), () => set({ panel: { name: "report" } }))}</div>
      <ul class="rows">
        ${found.map(([key, kind, name, id]) => html`<li><button type="button" @click=${() => open(key)}><span></span><span>${mono(name)} <span class="quiet">${id}</span></span><span class="quiet">${kind}</span></button></li>`)}
        ${towns.map((one) => html`<li><button type="button" @click=${() => goTo(one.name, [one.at])}><span></span><span>${one.name} <span class="quiet">${mono(f.mgrs(one.at, 3))}</span></span><span class="quiet">${t("ui.search.town")}</span></button></li>`)}
      </ul>
      ${q && !found.length && !towns.length ? html`<p class="quiet">${t("ui.search.none")}</p>` : nothing}
      ${panel.told ? recorded(panel.told) : nothing}`,
  };
}

const HIT_KEYS = { alert: (one) => `alert ${one.id}`, track: (one) => `track ${one.id}`, call: (one) => `call ${one.party}/${one.id}`, notice: (one) => `notice ${one.party}/${one.id}` };

const HIT_WORDS = { alert: "reported", claim: "claim", track: "hits-track", call: "hits", notice: "hits", paper: "hits" };

/** What a search of the whole record found: what it is, whose, and the node's words of it. */
const recorded = (told) => html`<h3>${t("ui.search.record")}</h3>
  <ul class="lines">
    ${told.hits.map((one) => {
      const key = HIT_KEYS[one.kind]?.(one);
      return html`<li>${t(`ui.hit.${one.kind}`)} ${key ? html`<button class="link" type="button" @click=${() => open(key)}>${mono(one.id)}</button>` : mono(one.id)}${one.party ? ` · ${title(one.party)}` : ""}: ${one.lines.map((line, i) => html`${i ? "; " : ""}${made(line, HIT_WORDS[one.kind])}`)}</li>`;
    })}
  </ul>
  ${told.hits.length ? nothing : html`<p class="quiet">${t("ui.search.none")}</p>`}
  ${told.left_out ? html`<p class="quiet">${t("ui.search.left", { n: told.left_out })}</p>` : nothing}`;

/** What carries parcels to the other party's node, and what is wrong with it, as the node measured it. */
function carried(party) {
  const link = store.status?.running?.links.find((one) => one.party === party);
  if (!link) return nothing;
  const at = (moment) => (moment ? f.zulu(moment) : t("ui.never"));
  return html`<p class="quiet carried">${t("ui.lines.link", { answered: at(link.reached_at), heard: at(link.heard_at), n: link.backlog })}</p>
    ${link.fault ? html`<p class="told bad carried">${link.fault.split(" | AND: ").map((one, i) => html`${i ? html`<br />` : nothing}${made(one, "links")}`)}</p>` : nothing}`;
}

/** Notices of a feed that a party left: last known, and not standing, with what there is to say of each. */
function former(party) {
  const found = store.screen.former.filter((one) => one.party === party);
  if (!found.length) return nothing;
  return html`<table class="former">
    <caption class="c-urgent">${t("ui.former.table")}</caption>
    <thead><tr><th scope="col">${t("ui.notice.id")}</th><th scope="col">${t("ui.notice.kind")}</th><th scope="col">${t("ui.field.window")}</th><th scope="col">${t("ui.notice.filed")}</th></tr></thead>
    <tbody>${found.map(
      (one) => html`<tr>
        <th scope="row">? ${mono(one.notice)}</th>
        <td>${one.content ? word(one.kind ?? "general-notice") : t("ui.former.unkept")}</td>
        <td>${one.starts ? mono(f.window(one.starts, one.ends)) : one.ends ? mono(f.dtg(one.ends)) : "—"}</td>
        <td>${one.filed_at ? mono(f.dtg(one.filed_at)) : "—"}</td>
      </tr>`,
    )}</tbody>
  </table>`;
}

export function lines(s) {
  return {
    title: t("ui.lines"),
    body: html`
      ${former(own())}
      ${s.header.counterparts.map(
        (c) => html`<h3>${c.who.title}</h3>
          <p class="quiet">${t("ui.lines.chain", { s: f.figure(c.chain_s) })} ${c.in_force_since ? t("ui.lines.inforce", { at: f.dtg(c.in_force_since) }) : t("ui.protocol.notinforce")}</p>
          ${suspended(c.who.party)} ${former(c.who.party)}
          <table>
            <thead><tr><th scope="col">${t("ui.lines.line")}</th><th scope="col">${t("ui.lines.standing")}</th><th scope="col">${t("ui.lines.answered")}</th><th scope="col">${t("ui.lines.next")}</th><th scope="col">${t("ui.do")}</th></tr></thead>
            <tbody>
              ${c.lines.map((one) => html`<tr>
                <td>${word(one.medium)} · ${word(one.role)}</td>
                <td>${dot(one.standing)} ${word(one.standing)}<br /><span class="quiet">${said(one.said)}</span></td>
                <td>${one.last_answered_at ? html`${mono(f.zulu(one.last_answered_at))} ${word(one.answered_by)}` : t("ui.never")}</td>
                <td>${one.test_answer_by ? nextTest(one) : one.next_test_at ? (left(one.next_test_at) > 0 ? mono(f.zulu(one.next_test_at)) : nextTest(one)) : "—"}</td>
                <td>${button(t(one.standing === "down" ? "ui.do.reportup" : "ui.do.reportdown"), () => acts.reportLine({ party: c.who.party, role: one.role, medium: one.medium }, one.standing === "down" ? "up" : "down"))}</td>
              </tr>`)}
            </tbody>
          </table>
          ${carried(c.who.party)}
          <div class="buttons">${button(t("ui.do.testline"), () => acts.testLine(c.who.party, s.protocol.test_role), { kind: "strong" })}
            ${button(t("ui.do.call", { who: c.who.title }), () => set({ panel: { name: "call", to: c.who.party } }))}
            ${button(t("ui.do.logtest"), () => set({ panel: { name: "voice", kind: "test", to: c.who.party } }))}
            ${["telephone", "radio", "relay"].filter((m) => !c.lines.some((l) => l.medium === m)).map((m) => button(t("ui.do.reportdownby", { medium: word(m) }), () => acts.reportLine({ party: c.who.party, role: s.protocol.test_role, medium: m }, "down")))}</div>`,
      )}
      <div class="buttons">${button(t("ui.roles.open"), () => set({ panel: { name: "roles" } }))}</div>
      ${[s.header.own, ...s.header.counterparts.map((c) => c.who)].map(
        (party) => html`<h3>${t("ui.roles", { who: party.title })}</h3>
          <table><tbody>
            ${party.roles.map((r) => html`<tr><th scope="row">${entered(r.title)}</th><td>${scope(r)}</td><td>${mono(r.languages.join(" "))}</td></tr>`)}
            ${party.voices.filter((v) => !v.roles.length).map((v) => html`<tr><th scope="row">${v.component}</th><td class="differs" colspan="2">${t("ui.roles.nobody")}</td></tr>`)}
          </tbody></table>`,
      )}
      <h3>${t("ui.stops")}</h3>
      ${s.stops.length ? html`<table><tbody>${s.stops.map((one) => html`<tr><th scope="row">${title(one.by)} → ${title(one.to)}</th><td>${word(one.reality)}</td><td>${t("ui.stops.row", one)}</td></tr>`)}</tbody></table>` : html`<p class="quiet">${t("ui.stops.none")}</p>`}
      <h3>${t("ui.broadcasts")}</h3>
      ${s.broadcasts.length ? html`<ul>${s.broadcasts.map((b) => html`<li>${title(b.party)} ${mono(`${f.megahertz(b.sent.radio.frequency_hz)} ${f.zulu(b.sent.sent_at[0])}`)}: <q lang=${b.sent.text.language}>${b.sent.text.text}</q> ${b.heard.length ? quoting("ui.broadcast.heard", "who", ...b.heard.map((h) => h.heard_by)) : t("ui.broadcast.unheard")} ${b.party === own() ? heardForm(b) : nothing}</li>`)}</ul>` : html`<p class="quiet">${t("ui.broadcasts.none")}</p>`}
    `,
  };
}

/** Who of the two suspended the protocol, and in which words. */
const suspended = (party) =>
  [party, own()].map(suspension).filter(Boolean).map((one) => html`<p class="c-urgent"><strong>${t("ui.suspended.by", { who: title(one.party) })}</strong> ${mono(f.dtg(one.at))} ${entered(one.text)}</p>`);

/** Somebody is said to have heard it: a statement with its source, and no acknowledgement. */
const heardForm = (b) => html`<form
  class="line"
  data-keep=${`heard-${b.sent.broadcast}`}
  @submit=${submitAnew((v) => acts.heard(b.sent.broadcast, v.heard_by, v.source))}
>
  ${field(t("ui.broadcast.heardby"), input("heard_by", "", { required: true, max: 120 }))}
  ${field(t("ui.source"), input("source", "", { required: true, max: 120 }))}
  <button>${t("ui.do.heard")}</button>
</form>`;

export function sidesPage(s) {
  const calls = s.calls.filter((one) => one.read_back_content);
  return {
    title: t("ui.sides"),
    body: html`
      <p class="quiet">${t("ui.sides.rule")}</p>
      ${s.accounts.topics.map(
        (topic) => html`<h3>${word(topic.kind)} · ${namesOf(topic)} <span class="quiet">${topic.matter}</span></h3>
          <table>
            <thead><tr><th scope="col">${t("ui.voice")}</th><th scope="col">${t("ui.states")}</th><th scope="col">${t("ui.source")}</th></tr></thead>
            <tbody>${topic.claims.map((c) => html`<tr><th scope="row">${voice(c)}</th><td>${made(c.text, "claim")}</td><td>${word(c.source)} · ${word(c.confidence)} · <button class="link" type="button" @click=${() => set({ panel: { name: "entry", feed: c.entry.feed, seq: c.entry.seq, back: store.panel } })}>${t("ui.entry", { n: c.entry.seq })}</button></td></tr>`)}</tbody>
          </table>
          ${topic.voices.length === 1 ? html`<p class="quiet">${t("ui.sides.one", { who: voicePlainly(topic, topic.voices[0]) })}</p>` : nothing}
          <ul>${topic.compared.map((c) => html`<li class=${c.relation === "differs" ? "differs" : ""}>${made(c.text, "difference")}</li>`)}</ul>`,
      )}
      ${s.accounts.topics.length ? nothing : html`<p class="quiet">${t("ui.sides.none")}</p>`}
      ${calls.map(callSides)}
      ${s.accounts.second_look.length ? html`<h3>${t("ui.secondlook")}</h3><ul>${s.accounts.second_look.map((one) => html`<li>${made(one, "queries")}</li>`)}</ul>` : nothing}
      ${s.accounts.agenda.length ? html`<h3>${t("ui.agenda")}</h3><ul>${s.accounts.agenda.map((one) => html`<li>${t(`ui.inc.point.${one.point}`)}: ${made(one.text, "agenda")}</li>`)}</ul>` : nothing}
    `,
  };
}

/** A matter by what a person calls it. */
function matterName(item) {
  const alert = item.kind === "alert" ? find.alert(item.alert) : null;
  const call = item.kind === "call" ? find.callAt(item.call) : null;
  if (alert) return html`${word(alert.level)} ${mono(aboutText(alert.about))}`;
  if (call) return html`${word(call.kind)} ${title(call.party)} → ${title(call.to_party)}`;
  if (ofParty(item)) return ofParty(item);
  return html`${word(item.kind)} ${mono(item.notice ?? item.key)}`;
}

/** The clock of a matter, with what it counts to. */
function dueIn(item) {
  const due = dueOf(item);
  if (!due.at) return nothing;
  const s = left(due.at);
  return html`· <bdi>${mono(f.countdown(s))} ${t(`ui.due.${due.of}${s < 0 ? ".past" : ""}`)}</bdi>`;
}

/** What the next watch must be told: everything that is open, and what changed since the last. */
export function handover(s) {
  const mine = holding();
  const isMine = !!mine && mine.watch === store.session?.watch;
  const since = mine?.since;
  const items = s.queue.filter((one) => one.part !== "monitoring" || ["alert", "suspension", "former-feed"].includes(one.kind)).sort((a, b) => a.rank - b.rank);
  const take = async (how) => {
    if (acts.isPast()) return false;
    try {
      const brief = { relieves: mine?.watch, briefed: items.map((one) => one.key).slice(0, 200) };
      const told = await api.takeWatch(how === "take" && mine ? { how, ...brief } : { how });
      const session = await api.session();
      await acts.refreshed();
      set({ session: session ?? store.session, panel: null, told: { kind: "ok", text: t("ui.watch.taken", { role: word(told.role), n: told.watch }) } });
      return true;
    } catch (no) {
      set({ told: { kind: "bad", text: acts.noOfOther(no) } });
      return false;
    }
  };
  return {
    title: t("ui.handover"),
    take,
    body: html`
      <p><bdi dir=${latin()}>${store.session?.watch ? t("ui.watch.yours", { n: store.session.watch }) : t("ui.watch.none")}</bdi> ${mine ? html`<bdi dir=${latin()}>${t("ui.watch.held", { n: mine.watch })} ${mono(f.dtg(mine.since))}</bdi>` : nothing}</p>
      <div class="buttons">
        ${button(mine ? t("ui.watch.relieve", { n: mine.watch }) : t("ui.watch.take"), () => take("take"), { kind: isMine ? "big" : "strong big" })}
        ${mine && !isMine ? button(t("ui.watch.join"), () => take("join"), { kind: "big" }) : nothing}
        ${button(t("ui.logout"), logOut)}
      </div>
      ${isMine ? html`<p class="quiet">${t("ui.watch.next", { n: mine.watch })}</p>` : nothing}
      ${store.session?.rests ? html`<p class="c-urgent rests"><strong>${t("ui.rests")}</strong>: ${made(store.session.given)}</p>` : nothing}
      <div class="beside">
        <section>
          <h3>${t("ui.watch.open", { n: items.length })}</h3>
          <ul>${items.map((one) => html`<li><button class="link" type="button" @click=${() => open(one.key)}>${matterName(one)}</button> ${said(one.why)} ${dueIn(one)}</li>`)}</ul>
        </section>
        ${since ? html`<section>${changed(since)}</section>` : nothing}
      </div>
    `,
  };
}

export async function logOut() {
  await api.goOut().catch(() => {}); // the session ends by itself where the node is away
  begin();
}

const KEYS = [
  ["J K", "ui.key.move"], ["↵", "ui.do.open"], ["A", "ui.key.take"], ["C", "ui.key.call"], ["S", "ui.do.stop"], ["B", "ui.do.broadcast"],
  ["W", "ui.do.why"], ["R", "ui.do.answer"], ["E", "ui.do.renew"], ["Q", "ui.key.silence"], ["0", "ui.key.now"], ["M", "ui.key.dim"], ["U", "ui.sound"],
  ["N", "ui.tool.notice"], ["T", "ui.tool.voice"], ["X", "ui.tool.plan"], ["/", "ui.tool.search"], ["V", "ui.tool.select"], ["D", "ui.tool.measure"],
  ["G", "ui.tool.grid"], ["F", "ui.tool.fit"], ["I", "ui.tool.sides"], ["Z", "ui.key.incident"], ["1 – 6", "ui.key.tabs"], ["P", "ui.tool.protocol"], ["O", "ui.tool.entries"], ["7", "ui.given"], ["H", "ui.handover"],
  ["L", "ui.lines"], ["Y", "ui.tool.print"], ["Esc", "ui.close"], ["?", "ui.tool.help"],
];

export const help = () => ({
  title: t("ui.tool.help"),
  body: html`<table><tbody>${KEYS.map(([key, text]) => html`<tr><th scope="row"><kbd>${key}</kbd></th><td>${t(text)}</td></tr>`)}</tbody></table>
    <h3>${t("ui.help.signs")}</h3>
    <ul>
      <li>◆ ${word("critical")} · ▲ ${word("urgent")} · ● ${word("advisory")}</li>
      <li>${t("ui.help.frames")}</li>
      <li>◦ ${t("ui.mark.unreviewed")}</li>
      <li>${t("ui.help.silence")}</li>
    </ul>`,
});

export { find, own };
