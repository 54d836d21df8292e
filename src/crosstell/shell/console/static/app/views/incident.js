/** One incident: its timeline, the accounts side by side, readouts, the pack, actions, joint texts. */

import { html, nothing } from "../../vendor/lit.mjs";
import * as acts from "../acts.js";
import * as api from "../api.js";
import * as f from "../format.js";
import { language, t } from "../i18n.js";
import { printPaper } from "../print.js";
import { now, own, set, store, title } from "../store.js";
import { parties, say } from "./claim_kinds.js";
import { typedTime } from "./content_fields.js";
import { entryLinks, release, releasedTo } from "./incidents.js";
import { askedOf, sending } from "./kept.js";
import { packTab } from "./pack.js";
import { button, emptied, entered, facts, field, input, made, mono, namesOf, quoting, read, select, asking as smallForm, voicePlainly } from "./parts.js";
import { readoutTab } from "./readout_form.js";
import { releaseButton } from "./release_form.js";

/** Where the node has its words for a row, by what the row is read from. */
const ROWS = { record: "clauses", alert: "rows-alert", claim: "rows-claim", paper: "rows-paper", action: "rows-action" };
export const TABS = ["timeline", "sides", "readout", "pack", "actions", "joint"];

/** Whether entries came, or words of earlier ones, that what was told may not have. */
const isOld = (told) => told && (store.newest > told.arrivals || store.read_at > Date.parse(told.at));

export function incident(s, open) {
  if (!open.loaded) reload(open);
  const told = open.told;
  const go = (tab) => set({ panel: { ...open, tab } });
  const views = { timeline, sides, readout: readoutTab, pack: packTab, actions, joint };
  return {
    title: told ? entered(told.row.file.title) : t("ui.inc.incident"),
    body: html`
      ${open.fault ? html`<p class="told bad" role="alert">${open.fault}</p>` : nothing}
      <nav class="tabs" aria-label=${t("ui.inc.parts")}>
        ${button(`← ${t("ui.inc.list")}`, () => set({ panel: { name: "incidents" } }), { kind: "plain" })}
        ${TABS.map((tab, i) => button(t(`ui.inc.tab.${tab}`), () => go(tab), { key: String(i + 1), pressed: String(open.tab === tab) }))}
        <span class="grow"></span>
        ${isOld(told) ? nothing : button(t("ui.inc.renew"), () => reload(store.panel))}
      </nav>
      ${isOld(told) ? html`<p class="told since" role="status">${t("ui.inc.since")} ${button(t("ui.inc.renew"), () => reload(store.panel), { kind: "strong" })}</p>` : nothing}
      ${told ? html`<p class="law">${t("ui.inc.rule")}</p>${views[open.tab](s, open, told)}` : html`<p class="quiet">${t("ui.loading")}</p>`}
    `,
  };
}

/** Asks for the incident anew; what is open stays open. */
export async function reload(open) {
  open.loaded = true;
  try {
    const told = await api.get(`/incidents/${encodeURIComponent(open.party)}/${encodeURIComponent(open.id)}`);
    answered(open, { told, fault: null });
  } catch (no) {
    answered(open, { fault: no.message || t("ui.told.unreachable") });
  }
}

/** What the node told of the incident, if it is still the open one: an answer closes nobody's form. */
function answered(open, what) {
  const here = store.panel;
  if (here?.name === "incident" && here.id === open.id && here.party === open.party) set({ panel: { ...here, loaded: true, ...what } });
}

/** After an act of ours the incident is asked for anew. */
export const then = async (recorded) => {
  const told = await recorded;
  if (told && store.panel?.name === "incident") reload(store.panel);
  return told;
};

const claimForm = (open, more = {}) => set({ panel: { name: "claim", party: open.party, id: open.id, told: open.told, ...more } });

function timeline(s, open, told) {
  const { row } = told;
  const mine = row.kept_by === own();
  return html`
    <div class="buttons">
      ${button(t("ui.inc.claim"), () => claimForm(open), { kind: "strong", disabled: !store.session?.watch })}
      ${button(t("ui.inc.assessment"), () => claimForm(open, { kind: "judgement" }), { disabled: !store.session?.watch })}
      ${button(t("ui.inc.incoming"), () => claimForm(open, { incoming: true }), { disabled: !store.session?.watch })}
      ${button(t("ui.inc.report"), () => printPaper(`/print/report/${open.party}/${open.id}`))}
      ${mine ? button(t("ui.inc.nextversion"), () => set({ panel: { name: "incident-file", of: row } }), { disabled: !store.session?.watch }) : nothing}
      ${mine ? html`${releaseButton({ ...paper(row, row.incident, row.file.title), two: !!(row.file.place || row.file.reference) }, open)} ${withdrawFile(row)}` : nothing}
    </div>
    ${facts([
      [t("ui.inc.keptby"), html`${title(row.kept_by)} · ${mono(open.id)} ${t("ui.inc.version", { n: row.version })} ${entryLinks([row.entry])}`],
      [t("ui.inc.parties"), row.file.parties.map(title).join(", ")],
      [t("ui.inc.matters"), mono(row.file.matters.join(" "))],
      [t("ui.inc.time"), html`${mono(f.dtg(row.file.start))} – ${row.file.end ? mono(f.dtg(row.file.end)) : t("ui.inc.goeson")}`],
      row.file.entries.length && [t("ui.inc.named"), entryLinks(row.file.entries.map((one) => one.entry_ref ?? one))],
    ])}
    <table class="timeline">
      <caption class="visually-hidden">${t("ui.inc.tab.timeline")}</caption>
      <thead><tr><th scope="col">${t("ui.inc.when")}</th><th scope="col">${t("ui.inc.kind")}</th><th scope="col">${t("ui.inc.row")}</th><th scope="col">${t("ui.inc.entries")}</th></tr></thead>
      <tbody>
        ${told.timeline.map((one) => html`<tr>
          <td>${mono(f.dtg(one.at).slice(0, 2))} ${mono(f.zulu(one.at))}</td>
          <td><span class="tag k-${one.kind}">${t(`ui.inc.kind.${one.kind}`)}</span></td>
          <td>${made(one.text, ROWS[one.kind])}</td>
          <td>${one.alert ? html`<button class="link" type="button" @click=${() => set({ selected: `alert ${one.alert}`, panel: { name: "detail", key: `alert ${one.alert}` } })}>${t("ui.do.open")}</button> ` : nothing}${entryLinks(one.entries, 2)}</td>
        </tr>`)}
      </tbody>
    </table>
    ${told.left_out ? html`<p class="quiet">${t("ui.inc.leftout", { n: told.left_out })}</p>` : nothing}
    ${told.timeline.length ? nothing : html`<p class="quiet">${t("ui.inc.emptytimeline")}</p>`}
    ${lineList(t("ui.secondlook"), told.questions, "queries")} ${lineList(t("ui.inc.frompoint"), told.from_point, "distances")}
    ${told.precedents.length ? html`<h3>${t("ui.inc.precedents")}</h3><ul class="lines">${told.precedents.map((one) => html`<li>${entered(one.title)}: ${one.shares.map(say).join(", ") || t("ui.inc.namedinfile")} ${entryLinks([one.entry])}</li>`)}</ul>` : nothing}
  `;
}

/** A paper of ours as it is released: the version that is shown, and how it is told. */
export const paper = (one, id, text) => ({ kind: "paper", id, version: one.version, ref: one.entry, marking: one.marking, releasable_to: one.releasable_to, text });

/** The file goes from the list once it is withdrawn: there is no page of it to stay on. */
const withdrawFile = (row) =>
  asking(t("ui.do.withdraw"), "withdraw", reasonField(), async (v) => {
    const told = await acts.withdrawPaper(row.incident, row.version, v.reason);
    if (told) set({ panel: { name: "incidents" } });
    return told;
  });

/** A paper that was put forward by us and stands: it goes to more parties, or goes. */
const putForward = (one, text, open) =>
  one.proposed_by === own() && one.newest === "latest"
    ? html`${releaseButton(paper(one, one.paper, text), open)} ${asking(t("ui.do.withdraw"), `withdraw-${one.paper}`, reasonField(), (v) => acts.withdrawPaper(one.paper, one.version, v.reason))}`
    : nothing;

const lineList = (head, lines, section) =>
  lines.length ? html`<h3>${head}</h3><ul class="lines">${lines.map((one) => html`<li>${made(one.text, section)} ${entryLinks(one.entries)}</li>`)}</ul>` : nothing;

function sides(s, open, told) {
  const columns = parties();
  const ids = columns.map(([id]) => id);
  const others = told.topics.some((topic) => topic.claims.some((one) => !ids.includes(one.column)));
  const heads = others ? [...columns, ["", t("ui.inc.others")]] : columns;
  return html`
    <div class="buttons">${button(t("ui.inc.claim"), () => claimForm(open), { kind: "strong", disabled: !store.session?.watch })}
      ${button(t("ui.inc.assessment"), () => claimForm(open, { kind: "judgement" }), { disabled: !store.session?.watch })}</div>
    <p class="quiet">${t("ui.sides.rule")}</p>
    ${told.topics.length
      ? html`<table class="by-side">
          <thead><tr><th scope="col">${t("ui.inc.topic")}</th>${heads.map(([, name]) => html`<th scope="col">${name}</th>`)}</tr></thead>
          <tbody>${told.topics.map((topic) => topicRows(topic, heads, ids, open))}</tbody>
        </table>`
      : html`<p class="quiet">${t("ui.sides.none")}</p>`}
    <h3>${t("ui.inc.agreed")}</h3>
    ${told.agreed.length
      ? html`<ul class="lines">${told.agreed.map((one) => html`<li><span class="tag k-${one.standing}">${say(one.standing)}</span> <q>${one.text}</q>
          <br /><span class="quiet">${one.lines.slice(1).map((line, i) => html`${i ? "; " : ""}${made(line, "agreed")}`)}</span> ${entryLinks(one.claims)}</li>`)}</ul>`
      : html`<p class="quiet">${t("ui.inc.noagreed")}</p>`}
  `;
}

function topicRows(topic, heads, ids, open) {
  return html`<tr>
      <th scope="row">${say(topic.kind)}${topic.names.length ? html` · ${namesOf(topic)}` : nothing}<br /><span class="quiet">${mono(topic.matter)}</span></th>
      ${heads.map(([id]) => html`<td>${topic.claims.filter((one) => (ids.includes(one.column) ? one.column : "") === id).map((one) => claimCell(one, open, topic.kind))}</td>`)}
    </tr>
    ${topic.differences.length || topic.alone || topic.not_compared
      ? html`<tr class="between"><td colspan=${heads.length + 1}>
          ${topic.alone ? html`<p class="quiet">${t("ui.sides.one", { who: voicePlainly(topic, topic.alone) })}</p>` : nothing}
          ${topic.differences.map((one) => html`<p class=${one.relation === "differs" ? "differs" : ""}>${made(one.text, "difference")} ${entryLinks([one.first, one.second])}</p>`)}
          ${topic.not_compared ? html`<p class="quiet">${t("ui.inc.notcompared", { n: topic.not_compared })}</p>` : nothing}
        </td></tr>`
      : nothing}`;
}

function claimCell(one, open, kind) {
  const newest = one.versions.at(-1);
  const before = one.versions.slice(0, -1);
  const mine = one.recorded_by === own() && !one.withdrawn;
  return html`<div class="said ${one.withdrawn ? "gone" : ""}">
    <p><strong>${made(one.words, "voices")}</strong>: ${made(newest.text, `claims-${kind}`)}</p>
    <p class="quiet">${say(newest.confidence)} · ${say(newest.source)}: ${entered(newest.source_words)}${newest.said_at ? html` · ${mono(f.dtg(newest.said_at))}` : nothing} ${entryLinks([newest.entry])}</p>
    ${one.withdrawn ? html`<p class="quiet">${quoting("ui.inc.withdrawn", "why", one.withdrawn)}</p>` : nothing}
    ${before.length
      ? html`<details><summary>${t("ui.inc.before", { n: before.length })}</summary><ol>${before.map((v) => html`<li>${made(v.text, `claims-${kind}`)} ${entryLinks([v.entry])}</li>`)}</ol>${newest.reason ? html`<p class="quiet">${quoting("ui.inc.why", "why", newest.reason)}</p>` : nothing}</details>`
      : nothing}
    ${one.disputed.map((d) => html`<p class="differs ${d.withdrawn ? "gone" : ""}">${t("ui.inc.disputedby", { who: d.words })} ${entered(d.text)} ${entryLinks([d.entry])}
      ${d.disputes.seq === newest.entry.seq && d.disputes.feed === newest.entry.feed ? nothing : html`<span class="tag">${t("ui.inc.ofearlier")}</span>`} ${d.withdrawn ? html`<span class="quiet">${quoting("ui.inc.withdrawn", "why", d.withdrawn)}</span>` : nothing}</p>`)}
    <div class="buttons small">
      ${mine ? button(t("ui.inc.revise"), () => claimForm(open, { of: one }), { disabled: !store.session?.watch }) : nothing}
      ${!mine && !one.withdrawn ? button(t("ui.inc.dispute"), () => claimForm(open, { kind: "disputes", disputes: newest.entry }), { disabled: !store.session?.watch }) : nothing}
      ${mine ? releaseButton(claim(one, kind), open) : nothing}
      ${mine ? asking(t("ui.do.withdraw"), `withdraw-${one.claim}`, reasonField(), (v) => acts.withdrawClaim(one.claim, v.reason)) : nothing}
    </div>
  </div>`;
}

/** A claim of ours as it is released: its newest version. */
function claim(one, kind) {
  const newest = one.versions.at(-1);
  return { kind: "claim", id: one.claim, version: one.versions.length, ref: newest.entry, marking: one.marking, releasable_to: one.releasable_to, text: newest.text, section: `claims-${kind}`, two: "place" in newest.content };
}

const filed = (e, fn) => {
  e.preventDefault();
  const form = e.target;
  const done = sending(form);
  then(fn(read(form))).then((told) => told && (emptied(form), done()));
};

/** Files a paper that the form of this part has made; sent again because no answer came, it is the same one. */
async function filePaper(tab, prefix, paper) {
  const name = askedOf(tab);
  const asked = (store.panel[name] ??= acts.asking(prefix));
  const told = await acts.filePaper({ paper: asked.id, version: 1, ...paper }, asked);
  if (told && store.panel?.[name] === asked) delete store.panel[name];
  return told;
}

/** A small form of the incident, which is asked for anew after it; `keep` is what it does, and with what. */
export const asking = (label, keep, fields, fn) => smallForm(label, fields, (e) => filed(e, fn), { keep });
export const reasonField = () => field(t("ui.reason"), input("reason", "", { required: true, max: 2000 }));
const dueField = () => field(t("ui.inc.due"), input("due", "", { mono: true, required: true }), "2026-12-01T12:00Z");

function actions(s, open, told) {
  const names = parties();
  return html`
    ${told.actions.length
      ? html`<table>
          <thead><tr><th scope="col">${t("ui.inc.action")}</th><th scope="col">${t("ui.inc.owner")}</th><th scope="col">${t("ui.inc.due")}</th><th scope="col">${t("ui.inc.standing")}</th><th scope="col">${t("ui.do")}</th></tr></thead>
          <tbody>${told.actions.map((one) => actionRow(one, open))}</tbody>
        </table>`
      : html`<p class="quiet">${t("ui.inc.noactions")}</p>`}
    <h3>${t("ui.inc.propose")}</h3>
    <form class="form even" data-keep="action" @submit=${(e) =>
      filed(e, (v) =>
        filePaper(open.tab, "act", {
          content: { action_proposal: { incident: open.id, kept_by: open.party, text: v.text, owner: v.owner, due: typedTime(v.due, now()) } },
          marking: v.marking,
          releasable_to: releasedTo(s, v),
        }),
      )}>
      ${field(t("ui.inc.action"), html`<textarea name="text" rows="2" required maxlength="2000"></textarea>`)}
      <div class="line">
        ${field(t("ui.inc.owner"), select("owner", names, own()))}
        ${field(t("ui.inc.due"), input("due", "", { mono: true }), "2026-12-01T12:00Z")}
      </div>
      ${release(s)}
      <p class="quiet">${t("ui.inc.owner.hint")}</p>
      <div class="buttons"><button class="strong" ?disabled=${!store.session?.watch}>${t("ui.do.propose")}</button></div>
    </form>
  `;
}

function actionRow(one, open) {
  const mine = one.owner === own() && one.newest !== "withdrawn";
  const openStill = ["unanswered", "undertaken"].includes(one.state);
  return html`<tr>
    <td>${entered(one.text)} ${entryLinks([one.entry])}<ul class="lines">${one.said.map((line) => html`<li class="quiet">${made(line.text, "actions")} ${entryLinks(line.entries)}</li>`)}</ul></td>
    <td>${title(one.owner)}<br /><span class="quiet">${t("ui.inc.proposedby", { who: title(one.proposed_by) })}</span></td>
    <td>${one.due ? mono(f.dtg(one.due)) : t("ui.inc.nodate")}${one.timeliness === "overdue" ? html`<br /><span class="tag c-urgent">${t("ui.inc.overdue")}</span>` : nothing}</td>
    <td>${say(one.state)}${one.newest === "latest" ? nothing : html`<br /><span class="quiet">${t("ui.inc.earlier")}</span>`}</td>
    <td><div class="buttons small">
      ${mine && (one.state === "unanswered" || one.state === "declined") ? asking(t("ui.inc.undertake"), `undertake-${one.paper}`, dueField(), (v) => acts.undertake(one.entry, typedTime(v.due, now()))) : nothing}
      ${mine && one.state === "undertaken" ? asking(t("ui.inc.move"), `move-${one.paper}`, html`${dueField()}${reasonField()}`, (v) => acts.moveAction(one.entry, typedTime(v.due, now()), v.reason)) : nothing}
      ${mine && one.state !== "done" ? asking(t("ui.inc.done"), `done-${one.paper}`, field(t("ui.inc.evidence"), input("evidence", "", { required: true, max: 2000 })), (v) => acts.completeAction(one.entry, v.evidence)) : nothing}
      ${mine && openStill ? asking(t("ui.inc.decline"), `decline-${one.paper}`, reasonField(), (v) => acts.declineAction(one.entry, v.reason)) : nothing}
      ${mine ? nothing : html`<span class="quiet">${t("ui.inc.ownersword")}</span>`}
      ${putForward(one, one.text, open)}
    </div></td>
  </tr>`;
}

function joint(s, open, told) {
  return html`
    <p class="quiet">${t("ui.inc.joint.rule")}</p>
    ${told.joint_texts.map((one) => {
      const all = !one.unanswered.length && !one.declined.length;
      const mine = one.parties.includes(own()) && !one.signed.includes(own()) && one.newest === "latest";
      return html`<section class="joint">
        <h3>${mono(one.paper)} <span class="tag k-${all ? "signed-by-all" : "stated-by-one"}">${t(all ? "ui.inc.joint.all" : "ui.inc.joint.notyet")}</span> ${one.newest === "latest" ? nothing : html`<span class="tag">${say(one.newest)}</span>`} ${entryLinks([one.entry])}</h3>
        <blockquote>${one.sentences.map((text) => html`<p>${text}</p>`)}</blockquote>
        ${facts([
          [t("ui.inc.parties"), one.parties.map(title).join(", ")],
          [t("ui.inc.joint.signed"), one.signed.map(title).join(", ") || "—"],
          [t("ui.inc.joint.unanswered"), one.unanswered.map(title).join(", ") || "—"],
          one.declined.length && [t("ui.inc.joint.declined"), one.declined.map((d, i) => html`${i ? "; " : ""}${title(d.party)}: ${entered(d.reason)}`)],
        ])}
        <div class="buttons">
          ${mine
            ? html`${asking(t("ui.inc.joint.sign"), `sign-${one.paper}`, html`<p>${t("ui.inc.joint.sure")}</p>`, () => acts.signJoint(one.entry))}
              ${asking(t("ui.inc.decline"), `decline-${one.paper}`, reasonField(), (v) => acts.declineJoint(one.entry, v.reason))}`
            : nothing}
          ${putForward(one, one.sentences.join(" "), open)}
        </div>
      </section>`;
    })}
    <h3>${t("ui.inc.joint.propose")}</h3>
    <form class="form even" data-keep="joint" @submit=${(e) =>
      filed(e, (v) =>
        filePaper(open.tab, "joint", {
          content: { joint_text: { incident: open.id, kept_by: open.party, language: v.language, parties: parties().map(([id]) => id).filter((id) => v[`party_${id}`]), sentences: v.text.split("\n").map((one) => one.trim()).filter(Boolean) } },
          marking: v.marking,
          releasable_to: releasedTo(s, v),
        }),
      )}>
      ${field(t("ui.inc.joint.text"), html`<textarea name="text" rows="3" required maxlength="4000"></textarea>`, t("ui.inc.rows.hint"))}
      <div class="line">${field(t("ui.language"), select("language", ["en", "tr", "ru", "ar"].map((one) => [one, one]), language()))}
        <fieldset class="grow inline"><legend>${t("ui.inc.parties")}</legend>${parties().map(([id, name]) => html`<label class="check"><input type="checkbox" name="party_${id}" checked /> ${name}</label>`)}</fieldset></div>
      ${release(s)}
      <div class="buttons"><button class="strong" ?disabled=${!store.session?.watch}>${t("ui.do.propose")}</button></div>
    </form>
  `;
}
