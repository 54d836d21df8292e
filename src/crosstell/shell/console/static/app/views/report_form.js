/**
 * An object that somebody told us of: who told it, how they know, their words, and where it was seen
 * where that was said. It stays at home. What was not said is unknown, never nought.
 */

import { html } from "../../vendor/lit.mjs";
import * as acts from "../acts.js";
import * as f from "../format.js";
import { t, word } from "../i18n.js";
import { find, mayRecord, now, set } from "../store.js";
import { OPEN_M_MAX, parseSpot, typedTime } from "./content_fields.js";
import { field, input, mono, number, read, select } from "./parts.js";

const KINDS = ["aeroplane", "rotorcraft", "small-drone", "ship", "vehicle"];

/** `of` is the track that is told of anew: by the same teller, who knows it in the same way. */
export function reportForm(_s, open) {
  const one = open.of && find.track(open.of);
  open.minted ??= open.of ?? f.mint("obj", now());
  open.seen ??= f.zulu(now(), { seconds: false });
  return {
    title: one ? html`${t("ui.report.anew")} ${mono(one.track)}` : t("ui.report"),
    body: html`<form class="form" data-keep="report" @submit=${(e) => send(e, open)}>
      <p class="quiet">${t("ui.report.what")}</p>
      <div class="line">
        ${field(t("ui.report.teller"), html`<input name="reporter" .value=${one?.reporter ?? ""} ?readonly=${!!one} required maxlength="200" autocomplete="off" />`, t("ui.report.teller.hint"))}
        ${field(t("ui.report.source"), html`<input name="source" .value=${one?.source ?? ""} ?readonly=${!!one} required maxlength="200" autocomplete="off" />`, t("ui.report.source.hint"))}
      </div>
      ${field(t("ui.report.words"), input("text", "", { required: true, max: 2000 }))}
      <div class="line">
        ${field(t("ui.field.place"), input("place", "", { mono: true }), t("ui.report.place.hint"))}
        ${field(t("ui.report.within"), input("within_m", "", { figure: "m" }), t("ui.report.within.hint"))}
        ${field(t("ui.track.seen"), input("at", open.seen, { mono: true }), t("ui.time.hint"))}
      </div>
      <div class="line">
        ${field(t("ui.report.altitude"), input("altitude_ft", "", { figure: "ft" }))}
        ${field(t("ui.datum"), select("datum", f.DATUMS, "msl-egm96"))}
        ${field(t("ui.report.altitudewithin"), input("altitude_within_ft", "", { figure: "ft" }))}
      </div>
      <div class="line">
        ${field(t("ui.report.course"), input("track_deg", "", { figure: true }))}
        ${field(t("ui.report.speed"), input("speed_kt", "", { figure: "kt" }))}
        ${field(t("ui.track.kind"), select("kind", [["", "—"], ...KINDS.map((kind) => [kind, word(kind)])], one?.kind ?? ""))}
      </div>
      <div class="buttons"><button class="strong" ?disabled=${!mayRecord()}>${t("ui.report.do")}</button></div>
    </form>`,
  };
}

async function send(e, open) {
  e.preventDefault();
  const v = read(e.target);
  const motion = v.place && (await motionOf(v));
  if (motion === null) return;
  const asked = (open.asked ??= acts.asking("obj"));
  const report = { track: open.minted, reporter: v.reporter, source: v.source, text: v.text, kind: v.kind, motion: motion || undefined };
  if ((await acts.reportTrack(report, asked)) && acts.isOpen(asked)) set({ panel: { name: "detail", key: `track ${open.minted}` } });
}

/** What was said of where it was, or null where the reference cannot be taken. */
async function motionOf(v) {
  const spot = await parseSpot(v.place);
  if (!spot) return null;
  const left = spot.accuracy_m ?? 0;
  const within = number(v.within_m);
  if (within === undefined && left > OPEN_M_MAX) {
    set({ told: { kind: "bad", text: t("ui.report.coarse", { m: f.length(left) }) } });
    return null;
  }
  return {
    position: spot.position,
    at: typedTime(v.at, now(), { past: true }),
    altitude: v.altitude_ft && { value_ft: number(v.altitude_ft), datum: v.datum },
    velocity: v.track_deg || v.speed_kt ? { track_deg: number(v.track_deg), speed_kt: number(v.speed_kt) } : undefined,
    position_accuracy_m: typeof within === "number" ? within + left : within,
    altitude_accuracy_ft: number(v.altitude_within_ft),
  };
}
