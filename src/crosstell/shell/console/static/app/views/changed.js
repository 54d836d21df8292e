/** What changed since a watch began, the newest first, as the record has it: each opens. */

import { html, nothing } from "../../vendor/lit.mjs";
import { asked } from "../asked.js";
import { aboutText } from "../content.js";
import * as f from "../format.js";
import { t, word } from "../i18n.js";
import { find, now, own, set, store, tagged, title } from "../store.js";
import { kindOf } from "./history.js";
import { mono } from "./parts.js";

const NAMES = ["log", "broadcast", "role", "rule", "share", "claim", "paper", "track", "item", "to_watch", "watch", "recipient", "call"];
const ASKED_EVERY_MS = 10_000;

const known = (key, found) => (found ? key : null);

/** What an entry is about, in words, and the matter that the page has of it. */
function about(one, body) {
  const party = one.party ?? own();
  if (body.alert) {
    const found = find.alert(body.alert);
    return [found ? `${word(found.level)} ${aboutText(found.about)}` : body.alert, known(`alert ${body.alert}`, found)];
  }
  if (one.kind === "call_placed") return [`${word(body.kind)} ${title(party)} → ${title(body.to_party)}`, known(`call ${party}/${body.call}`, find.call(party, body.call))];
  if (typeof body.notice === "string") return [`${body.notice} v${body.version}`, known(`notice ${party}/${body.notice}`, find.notice(party, body.notice))];
  const name = NAMES.map((key) => body[key]).find((value) => typeof value === "string") ?? "";
  return [body.role ? word(name) : name, null];
}

const entryOf = (one) => ({ panel: { name: "entry", feed: one.entry.feed, seq: one.entry.seq, back: store.panel } });
const open = (one, key) => set(key ? { selected: key, panel: { name: "detail", key } } : entryOf(one));

function row(one) {
  const [what, key] = about(one, tagged(one.body)[1]);
  const party = one.party && one.party !== own() ? ` · ${title(one.party)}` : "";
  return html`<li>${mono(f.zulu(one.entry_at))} <button class="link" type="button" @click=${() => open(one, key)}>${kindOf(one.kind)}${what ? html` · <bdi>${what}</bdi>` : nothing}${party}</button></li>`;
}

/** @param {string} since when the watch that is relieved began */
export function changed(since) {
  const { told, fault } = asked(`/changed?since=${encodeURIComponent(since)}`, String(Math.floor(Date.now() / ASKED_EVERY_MS)));
  const rows = (told?.entries ?? []).filter((one) => new Date(one.entry_at).getTime() <= now());
  return html`<h3>${t("ui.watch.changed")}</h3>
    ${fault ? html`<p class="told bad" role="alert">${fault}</p>` : nothing}
    <ul class="changed">${rows.map(row)}</ul>
    ${told?.more_before ? html`<p class="quiet">${t("ui.watch.more", { at: f.dtg(told.more_before) })}</p>` : nothing}
    ${told ? (rows.length ? nothing : html`<p class="quiet">${t("ui.watch.nothing")}</p>`) : fault ? nothing : html`<p class="quiet">${t("ui.loading")}</p>`}`;
}
