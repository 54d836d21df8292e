/** A past moment as this party knew it then, and how it plays on from there. What rings now still rings. */

import * as api from "./api.js";
import { t } from "./i18n.js";
import { now, set, store } from "./store.js";
import { typedTime } from "./views/content_fields.js";

const [PLAY_MS, PLAY_RATE] = [1000, 10];
let turns = 0;
let asks = 0; // what was asked for before the newest of them, or before the present, comes too late

export const replay = (seconds) => replayTo((store.replay?.at ?? now()) + seconds * 1000);

/** To a moment as it was typed, a clock's time the last such; what is none the node refuses. */
export function jump(typed) {
  const asked = typedTime(typed, Date.now() + store.skew_ms, { past: true });
  return asked && replayTo(Date.parse(asked), asked);
}

export function play() {
  set({ replay: { ...store.replay, playing: !store.replay.playing } });
  playOn();
}

export function live() {
  asks += 1;
  set({ replay: null, screen: store.live ?? store.screen, told: apartFromReplay() });
}

/** While it plays, the moment goes on: ten seconds of the past in each, as fast as the node tells it. */
async function playOn() {
  const turn = (turns += 1); // pressed again, another turn goes on from here
  while (store.replay?.playing) {
    await new Promise((done) => setTimeout(done, PLAY_MS));
    if (!store.replay?.playing || turn !== turns) return null;
    const at = store.replay.at + PLAY_MS * PLAY_RATE;
    if (at >= Date.now() + store.skew_ms) return live();
    await replayTo(at);
  }
  return null;
}

/** What was told last, unless it says why a past moment was not shown: another one is, or the present. */
const apartFromReplay = () => (store.told?.of === "replay" ? null : store.told);

async function replayTo(at, asked = new Date(Math.round(at)).toISOString()) {
  const ask = (asks += 1);
  try {
    const screen = await api.get(`/screen?at=${encodeURIComponent(asked)}`);
    if (ask !== asks) return;
    if (Math.abs(new Date(screen.at).getTime() - at) > 5000) throw new Error(t("ui.replay.none"));
    set({ live: store.live ?? store.screen, screen, replay: { at, playing: store.replay?.playing ?? false }, told: apartFromReplay() });
  } catch (no) {
    if (ask !== asks) return;
    set({ told: { kind: "bad", of: "replay", text: `${t("ui.replay.none")} ${no.message}` }, replay: store.replay && { ...store.replay, playing: false } });
  }
}
