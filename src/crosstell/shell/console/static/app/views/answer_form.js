/** Read back and answer a call to us: typed fields, one answer, its scope, its reason. */

import { html, nothing } from "../../vendor/lit.mjs";
import * as acts from "../acts.js";
import { rows } from "../content.js";
import * as f from "../format.js";
import { t, word } from "../i18n.js";
import { find, mayRecord, now, set, store, title } from "../store.js";
import { contentFields, readContent, typedTime } from "./content_fields.js";
import { own_scope } from "./detail.js";
import { changedSince } from "./kept.js";
import { facts, field, input, read, scope, select } from "./parts.js";

const KINDS = ["will-comply", "noted", "unable", "will-not", "stand-by", "ours", "not-ours", "checking", "disputed"];
const ENDED = ["lifted", "closed", "disregarded"];
const NEED_REASON = ["unable", "will-not", "disputed"];

export function answerForm(s, open) {
  const call = find.call(open.party, open.call);
  if (!call) return { title: open.call, body: html`<p>${t("ui.gone")}</p>` };
  const kind = open.kind ?? "noted";
  return {
    title: html`${t("ui.answer.title")} · ${title(call.party)} · ${word(call.kind)}`,
    body: html`
      <h3>${t("ui.answer.said")}</h3>
      ${changedSince(open, [call.content_ref.hash, ENDED.includes(call.state), call.in_force])}
      ${facts(rows(call.content).map(([k, v]) => [t(`ui.field.${k}`), v]))}
      <details class="fold">
        <summary><strong>${t("ui.do.readback")}</strong> <span class="quiet">${t("ui.readback.hint")}</span></summary>
        <form class="form" data-keep="read-back" @submit=${(e) => readBack(e, call, open)}>
          ${contentFields({})}
          <div class="buttons"><button>${t("ui.do.readbacksend")}</button></div>
        </form>
      </details>
      <h3>${t("ui.answer.ours")}</h3>
      <form class="form" data-keep="answer" @submit=${(e) => answer(e, call, open)}>
        ${field(t("ui.answer.kind"), select("kind", KINDS, kind, (e) => set({ panel: { ...open, kind: e.target.value } })))}
        ${kind === "stand-by" ? field(t("ui.answer.until"), input("until", "", { mono: true, required: true }), t("ui.answer.untilhint", { min: Math.floor(s.protocol.stand_by_s_max / 60) })) : nothing}
        ${field(t("ui.reason"), input("reason", "", { required: NEED_REASON.includes(kind), max: 2000 }))}
        ${scopeFields()}
        ${call.in_force.length ? field(t("ui.answer.corrects"), select("corrects", [["", t("ui.answer.new")], ...call.in_force.map((id) => [id, id])], "")) : nothing}
        <p class="quiet">${t("ui.answer.hint")}</p>
        <div class="buttons"><button class="strong big" ?disabled=${!mayRecord()}>${t("ui.do.answersend")}</button></div>
      </form>
    `,
  };
}

/** For whom the answer speaks: our role's own scope, which may be narrowed. */
function scopeFields() {
  const mine = own_scope();
  const components = store.screen.header.own.components.map((one) => one.id);
  if (!components.length) return html`<p class="quiet">${scope(mine)}</p>`;
  return html`<fieldset>
    <legend>${t("ui.answer.scope")}</legend>
    ${components.map((id) => {
      const cannot = mine.cannot_speak_for.includes(id) || (mine.speaks_for.length && !mine.speaks_for.includes(id));
      return html`<label class="check"><input type="checkbox" name="for_${id}" ?checked=${!cannot} ?disabled=${cannot} /> <bdi class="mono">${id}</bdi>
        ${cannot ? html`<span class="quiet">${t("ui.scope.cannot")}</span>` : nothing}</label>`;
    })}
  </fieldset>`;
}

function scopeOf(v) {
  const mine = own_scope();
  const components = store.screen.header.own.components.map((one) => one.id);
  const chosen = components.filter((id) => v[`for_${id}`]);
  if (!components.length || (!mine.speaks_for.length && chosen.length === components.length - mine.cannot_speak_for.length)) return mine;
  return { speaks_for: chosen, cannot_speak_for: mine.cannot_speak_for };
}

async function readBack(e, call, open) {
  e.preventDefault();
  const content = await readContent(e.target, read(e.target), "", now());
  if (content) await acts.readBack(call, content, (open.reading ??= acts.asking("")));
}

async function answer(e, call, open) {
  e.preventDefault();
  const v = read(e.target);
  const until = v.kind === "stand-by" ? typedTime(v.until, now()) : undefined;
  const last = now() + store.screen.protocol.stand_by_s_max * 1000;
  if (Date.parse(until) > last) {
    set({ told: { kind: "bad", text: t("ui.answer.toolong", { at: f.zulu(last) }) } });
    return;
  }
  const given = {
    kind: v.kind,
    scope: scopeOf(v),
    until,
    reason: v.reason ? { text: v.reason, language: document.documentElement.lang } : undefined,
  };
  const asked = (open.asked ??= acts.asking("a"));
  if ((await acts.answer(call, given, v.corrects, asked)) && acts.isOpen(asked)) set({ panel: null });
}
