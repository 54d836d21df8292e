/** The time bar: four lanes, the line of now, what is predicted ahead of it; and the replay. */

import { html, nothing, svg } from "../../vendor/lit.mjs";
import * as f from "../format.js";
import { t, word } from "../i18n.js";
import { now, own, present, set, store } from "../store.js";
import { button, mono, read } from "./parts.js";

const LANES = ["notices", "zones", "conflicts", "calls"];
const BACK_S = 3600;
const AHEAD_S = 3600;
const STEP_MS = 5000; // about one pixel: the bar moves by whole pixels, and is else left as it stands
const [TOP, LEFT] = [20, 74];
let ROW = 24;

/** The room that the bar has: measured where it is drawn, so that nothing is stretched. */
function barSize() {
  const box = document.querySelector(".bar .lanes")?.getBoundingClientRect();
  const high = box?.height || 147;
  ROW = (high - TOP - 4) / LANES.length;
  return [Math.max(400, box?.width || 900), high];
}

const ROWS_MAX = 2;
const NAMED_PX = 7.5; // so high is a row of two at 1366 x 768, with its name over its edges

export function bar(s, acts) {
  const here = Math.floor(now() / STEP_MS) * STEP_MS;
  const t0 = here - BACK_S * 1000;
  const t1 = here + AHEAD_S * 1000;
  const [width, H] = barSize();
  const x = (at) => Math.round(LEFT + ((new Date(at).getTime() - t0) / (t1 - t0)) * (width - LEFT - 8));
  return html`<footer class="bar" aria-label=${t("ui.bar")}>
    <div class="controls">
      ${store.replay
        ? html`<strong class="c-urgent">${t("ui.replay.mark", { at: f.moment(store.replay.at, present()) })}</strong>
            <div class="buttons">
              ${button("−5", () => acts.replay(-300))}
              ${button(store.replay.playing ? "❚❚" : "▶", () => acts.play(), { pressed: String(!!store.replay.playing) })}
              ${button("+5", () => acts.replay(300))}
              ${button(t("ui.replay.live"), () => acts.live(), { kind: "urgent" })}
            </div>
            ${moment(acts)}`
        : html`<strong class="c-ok">● ${t("ui.live")}</strong>
            <div class="buttons" title=${t("ui.replay.hint")}>
              ${button(t("ui.replay.back"), () => acts.replay(-600))}
            </div>
            ${moment(acts)}
            <small class="quiet">${t("ui.replay.hint")}</small>`}
    </div>
    <div class="lanes">
      <svg viewBox="0 0 ${width} ${H}" preserveAspectRatio="none" role="img" aria-label=${t("ui.bar.alt", { n: s.bar.length })}>
        ${ticks(t0, t1, x, [width, H])} ${LANES.map((lane, i) => laneOf(s, lane, i, x, width))}
        ${svg`<line x1=${x(here)} x2=${x(here)} y1="14" y2=${H} stroke="var(--text)" stroke-width="2"/>
          <rect x=${x(here) - 34} y="0" width="68" height="16" rx="3" fill="var(--text)"/>
          <text class="t inverse" x=${x(here)} y="12" text-anchor="middle">${f.zulu(now())}</text>`}
      </svg>
    </div>
  </footer>`;
}

/** Any moment of the past, as it is typed. */
const moment = (acts) => html`<form class="moment" title=${t("ui.replay.to.hint")} @submit=${(e) => (e.preventDefault(), acts.jump(read(e.target).moment))}>
  <input name="moment" class="mono" required autocomplete="off" spellcheck="false" aria-label=${t("ui.replay.to")} placeholder="14:30Z" />
  <button>${t("ui.replay.go")}</button>
</form>`;

function ticks(t0, t1, x, [width, H]) {
  const found = [];
  const step = 15 * 60 * 1000;
  for (let at = Math.ceil(t0 / step) * step; at < t1; at += step) {
    const hour = at % (30 * 60 * 1000) === 0;
    found.push(svg`<line x1=${x(at)} x2=${x(at)} y1=${TOP} y2=${H} stroke="var(--line)" stroke-width=${hour ? 1 : 0.4}/>
      ${hour ? svg`<text class="t" x=${Math.min(x(at), width - 24)} y="12" text-anchor="middle">${f.zulu(at, { seconds: false })}</text>` : nothing}`);
  }
  return found;
}

function laneOf(s, lane, i, x, width) {
  const y = TOP + i * ROW;
  const seen = (one) => x(one.end ?? one.ahead_at ?? now()) > LEFT && x(one.start) < width;
  const items = packed(s.bar.filter((one) => one.lane === lane && seen(one)), lane, x);
  return svg`<text x="6" y=${y + ROW * 0.66}>${t(`ui.lane.${lane}`)}</text>
    <line x1=${LEFT} x2=${width} y1=${y + ROW} y2=${y + ROW} stroke="var(--line)" stroke-width="0.5"/>
    ${items.map((one) => itemOf(one, lane, x, y, width))}`;
}

/** Spans that overlap get a row each, as far as the lane has room; the rest share the last, and say over what they lie. */
function packed(items, lane, x) {
  if (lane === "conflicts") return items.map((one) => ({ ...one, row: 0, of: 1 }));
  const ends = [];
  const last = []; // what stands in the last row
  const rows = items.map((one) => {
    const from = x(one.start);
    const end = one.end ? x(one.end) : lane === "calls" ? x(now()) : from + 8;
    let row = ends.findIndex((last) => last <= from);
    const isShared = row < 0 && ends.length === ROWS_MAX;
    if (row < 0) row = Math.min(ends.length, ROWS_MAX - 1);
    const over = isShared ? last.filter((before) => before.end > from).map((before) => before.label) : [];
    if (row === ROWS_MAX - 1) last.push({ label: one.label, end });
    ends[row] = Math.max(ends[row] ?? 0, end + 2);
    return { ...one, row, over };
  });
  return rows.map((one) => ({ ...one, of: Math.max(1, ends.length) }));
}

const COLOUR = { critical: "var(--critical)", urgent: "var(--urgent)", advisory: "var(--notice)", cleared: "var(--text3)" };

function itemOf(one, lane, x, y, width) {
  const from = Math.max(LEFT, x(one.start));
  const chosen = store.selected === one.key;
  const pick = () => set({ selected: one.key, panel: { name: "detail", key: one.key } });
  const mid = y + ROW / 2;
  if (lane === "conflicts") {
    if (x(one.start) < LEFT && !one.ahead_at) return nothing;
    const c = COLOUR[one.word] ?? "var(--notice)";
    const ahead = one.ahead_at ? Math.min(width - 8, x(one.ahead_at)) : null;
    return svg`<g @click=${pick} class="pick">
      <title>${one.label} ${word(one.word)}</title>
      ${ahead && ahead > from ? svg`<line x1=${from} x2=${ahead} y1=${mid} y2=${mid} stroke=${c} stroke-dasharray="4 3" stroke-width="1.5"/>
        <path d="M${ahead} ${mid - 7}l7 7l-7 7l-7 -7Z" fill="var(--panel2)" stroke=${c} stroke-width="2"/>` : nothing}
      <path d=${one.word === "urgent" ? `M${from} ${mid - 6}l7 12h-14Z` : one.word === "critical" ? `M${from} ${mid - 7}l7 7l-7 7l-7 -7Z` : `M${from - 5} ${mid}a5 5 0 1 0 10 0a5 5 0 1 0 -10 0Z`} fill=${c}/>
    </g>`;
  }
  const end = one.end ? x(one.end) : lane === "calls" ? x(now()) : from + 8;
  if (end < LEFT || x(one.start) > width) return nothing;
  const w = Math.max(5, Math.min(width - 4, end) - from);
  const high = (ROW - 4) / one.of - (one.of > 1 ? 1 : 0);
  const top = y + 2.5 + ((ROW - 4) / one.of) * one.row;
  const c = lane === "zones" ? "var(--zone)" : lane === "calls" ? "var(--text3)" : one.party === own() ? "var(--own)" : "var(--other)";
  const full = one.word === "in-window" || lane === "calls"; // a pale bar carries light text
  const [more, room] = [one.over?.length ? `+${one.over.length} ` : "", Math.floor(w / 7.4)];
  const name = w > 46 ? `${more}${one.label}`.slice(0, room) : more.slice(0, room);
  return svg`<g @click=${pick} class="pick">
    <title>${one.label} ${word(one.word)} ${f.zulu(one.start)}–${one.end ? f.zulu(one.end) : ""}${more ? ` · ${more}${one.over.join(", ")}` : ""}</title>
    <rect x=${from} y=${top} width=${w} height=${high} rx="2" fill=${c} fill-opacity=${full ? 0.75 : 0.3}
      stroke=${chosen ? "var(--select)" : c} stroke-width=${chosen ? 2 : 1}/>
    ${name && high >= NAMED_PX ? svg`<text class="t ${full ? "inverse" : "edged"} ${one.of > 1 ? "small" : ""}" x=${from + 5} y=${top + high / 2 + 3.8}>${name}</text>` : nothing}
  </g>`;
}

export { mono };
