/**
 * What this party gives to whom, what for and until when, what it received, and who held which version
 * from when. Shares stand in words: where one was told to be is seen in its own panel, one at a time.
 */

import { html, nothing } from "../../vendor/lit.mjs";
import * as acts from "../acts.js";
import { asked, changedBy, changedByAny } from "../asked.js";
import * as f from "../format.js";
import { t, word } from "../i18n.js";
import { left, mayRecord, own, set, title } from "../store.js";
import { bracket } from "./bracket.js";
import { entryLink, thing } from "./detail.js";
import { entryLinks } from "./incidents.js";
import { button, entered, facts, input, mono, placed, submit } from "./parts.js";
import { granted, steps } from "./share_form.js";

const VOIDS = ["revoke", "body_erased"]; // an entry that is void, or whose words are erased, tells no more
/** What changes the shares, and the versions and copies. */
export const SHARES = [...VOIDS, "share_granted", "share_revoked", "share_updated", "track_shared"];
export const GIVEN = [...VOIDS, "claim_revised", "claim_stated", "claim_withdrawn", "copy_made", "item_released", "notice_filed", "notice_withdrawn", "paper_filed", "paper_withdrawn"];
/** While it counts, updates of it go out. */
const counts = (share) => share.standing === "open" && left(share.terms.until) > 0;
const standing = (share) => t(share.revoked ? "ui.share.revoked" : counts(share) ? "ui.share.open" : "ui.share.over");
const heads = (...names) => html`<thead><tr>${names.map((name) => html`<th scope="col">${name}</th>`)}</tr></thead>`;
const none = (text) => html`<p class="quiet">${text}</p>`;

export function given(_s, open) {
  const [shares, all] = [asked("/shares", changedBy(SHARES)), asked("/given", changedBy(GIVEN))];
  const fault = shares.fault ?? all.fault;
  const mine = (one) => one.by === own();
  return {
    title: t("ui.given"),
    body: html`
      <p class="quiet">${t("ui.given.what")}</p>
      ${fault ? html`<p class="told bad" role="alert">${fault}</p>` : nothing}
      ${shares.told ? sharesOf(shares.told.shares, mine) : nothing}
      ${all.told ? versionsOf(all.told, mine, open) : nothing}
      ${fault || (shares.told && all.told) ? nothing : none(t("ui.loading"))}
    `,
  };
}

const openShare = (one) => set({ panel: { name: "share", key: `${one.by}/${one.share}` } });

function sharesOf(all, mine) {
  const [ours, theirs] = [all.filter(mine), all.filter((one) => !mine(one))];
  const row = (one, who) => html`<tr>
    <th scope="row"><button class="link" type="button" @click=${() => openShare(one)}>${entered(one.called)}</button></th>
    <td>${who}</td><td>${entered(one.terms.purpose)}</td><td>${mono(f.dtg(one.terms.until))}</td><td>${steps(one.terms.coarsened)}</td><td>${standing(one)}</td>
  </tr>`;
  const table = (rows, who, of) => html`<table>
    ${heads(t("ui.share.called"), who, t("ui.release.purpose"), t("ui.until"), t("ui.share.steps"), t("ui.given.standing"))}
    <tbody>${rows.map((one) => row(one, of(one)))}</tbody>
  </table>`;
  return html`<h3>${t("ui.given.shares")}</h3>
    ${ours.length ? table(ours, t("ui.release.to"), (one) => one.terms.to.map(title).join(", ")) : none(t("ui.given.noshares"))}
    <h3>${t("ui.given.sharedbyothers")}</h3>
    ${theirs.length ? table(theirs, t("ui.given.by"), (one) => title(one.by)) : none(t("ui.given.noshared"))}`;
}

function versionsOf(told, mine, open) {
  const [ours, theirs] = [told.versions.filter(mine), told.versions.filter((one) => !mine(one))];
  return html`<h3>${t("ui.given.versions")}</h3>
    ${ours.length
      ? html`<table>
          ${heads(t("ui.given.version"), t("ui.release.to"), t("ui.release.purpose"), t("ui.notice.marking"), t("ui.share.steps"), t("ui.entry.at"), t("ui.given.standing"), t("ui.given.held"))}
          <tbody>${ours.map((one) => html`<tr>
              <th scope="row">${nameOf(one)}</th><td>${one.to.map(title).join(", ")}</td><td>${one.purpose ? entered(one.purpose) : "—"}</td><td>${one.marking}</td>
              <td>${steps(one.coarsened)}</td><td>${mono(f.dtg(one.at))}</td><td>${word(one.standing)}</td><td>${whoHeld(one.entry, open)}</td>
            </tr>
            ${isAsked(one.entry, open) ? html`<tr><td colspan="8">${held(one.entry, one.to)}</td></tr>` : nothing}`)}</tbody>
        </table>`
      : none(t("ui.given.noversions"))}
    ${told.versions_left_out ? none(t("ui.given.left", { n: told.versions_left_out })) : nothing}
    <h3>${t("ui.given.copies")}</h3>
    ${told.copies.length
      ? html`<table>
          ${heads(t("ui.given.copy"), t("ui.given.recipient"), t("ui.release.purpose"), t("ui.notice.marking"), t("ui.entry.at"), t("ui.given.entries"))}
          <tbody>${told.copies.map(({ event, stamp: made }) => html`<tr>
            <th scope="row"><a href="/api/v1/print/copy/${event.number}" target="_blank" rel="noopener">${t("ui.copy.number", { n: event.number })}</a></th><td>${entered(event.recipient)}</td><td>${entered(event.purpose)}</td><td>${event.marking}</td>
            <td>${mono(f.dtg(made.at))}</td><td>${entryLinks(event.items.map((one) => one.entry_ref ?? one))}</td>
          </tr>`)}</tbody>
        </table>`
      : none(t("ui.given.nocopies"))}
    ${told.copies_left_out ? none(t("ui.given.left", { n: told.copies_left_out })) : nothing}
    <h3>${t("ui.given.received")}</h3>
    ${theirs.length
      ? html`<table>
          ${heads(t("ui.given.version"), t("ui.given.by"), t("ui.notice.marking"), t("ui.share.steps"), t("ui.entry.at"), t("ui.given.standing"), t("ui.entry.number"))}
          <tbody>${theirs.map((one) => html`<tr>
            <th scope="row">${nameOf(one)}</th><td>${title(one.by)}</td><td>${one.marking}</td><td>${steps(one.coarsened)}</td>
            <td>${mono(f.dtg(one.at))}</td><td>${word(one.standing)}</td><td>${entryLink(one.entry, one.by)}</td>
          </tr>`)}</tbody>
        </table>`
      : none(t("ui.given.noreceived"))}`;
}

const nameOf = (one) => html`${t(`ui.hit.${one.kind}`)} ${one.kind === "notice" ? thing(`notice ${one.by}/${one.item}`, one.item) : mono(one.item)} ${mono(`v${one.version}`)}`;

const isAsked = (ref, open) => open.held === ref.seq;
const whoHeld = (ref, open) => button(t("ui.given.who"), () => set({ panel: { ...open, held: isAsked(ref, open) ? null : ref.seq } }), { pressed: isAsked(ref, open) ? "true" : "false" });

/** From when at the latest each of those who were told held it, and by whose clock. */
function held(ref, to) {
  const { told, fault } = asked(`/entries/${encodeURIComponent(ref.feed)}/${ref.seq}`, changedByAny());
  if (fault) return html`<p class="told bad">${fault}</p>`;
  return told ? to.map((party) => bracket(told, party)) : none(t("ui.loading"));
}

/** One share: the terms, where it was told to be while it counts, and its end before its time. */
export function share(_s, open) {
  const { told, fault } = asked("/shares", changedBy(SHARES));
  const one = told?.shares.find((each) => `${each.by}/${each.share}` === open.key);
  const back = html`<div class="buttons">${button(`← ${t("ui.given")}`, () => set({ panel: { name: "given" } }))}</div>`;
  if (!one) return { title: t("ui.share"), body: html`${back}${fault ? html`<p class="told bad">${fault}</p>` : none(t(told ? "ui.gone" : "ui.loading"))}` };
  const mine = one.by === own();
  return {
    title: html`${t("ui.share.one")} ${entered(one.called)}`,
    body: html`${back}
      <p><strong>${standing(one)}</strong> ${one.revoked ? entered(one.revoked) : nothing}</p>
      <p class="law">${t("ui.share.law")}</p>
      ${facts([
        [t("ui.given.by"), title(one.by)],
        mine && one.track && [t("ui.share.track"), thing(`track ${one.track}`, one.track)],
        ...granted(one.terms),
        [t("ui.share.granted"), html`${mono(f.dtg(one.granted.at))} ${entryLink(one.granted.ref, one.by)}`],
        counts(one) && [t("ui.share.where"), where(one)],
      ])}
      ${mine && counts(one) ? revoke(one) : nothing}
      ${mine ? html`<h3>${t("ui.given.held")}</h3>${held(one.granted.ref, one.terms.to)}` : nothing}`,
  };
}

const where = (one) =>
  one.volume
    ? html`${placed(one.volume.footprint)}<br />${one.terms.coarsened.altitude_m ? mono(`${f.altitude(one.volume.lower)} – ${f.altitude(one.volume.upper)}`) : t("ui.share.noheight")}<br />${mono(f.window(one.volume.window.start, one.volume.window.end))}
        ${one.contains === "position-alone" ? html`<br />${t("ui.share.outside")}` : nothing}`
    : t("ui.share.nothing");

const revoke = (one) => html`<form
  class="form"
  data-keep="revoke"
  @submit=${submit(({ reason }) => acts.revokeShare(one.share, reason))}
>
  <p>${t("ui.share.revoking")}</p>
  <label class="field"><span>${t("ui.reason")}</span>${input("reason", "", { required: true, max: 400 })}</label>
  <div class="buttons"><button class="urgent" ?disabled=${!mayRecord()}>${t("ui.share.revoke")}</button></div>
</form>`;
