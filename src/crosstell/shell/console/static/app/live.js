/**
 * The present, as the node tells it: each screen, what came between two of them, how the node does, and
 * whether it is there at all.
 */

import * as acts from "./acts.js";
import * as api from "./api.js";
import * as asking from "./asked.js";
import { t } from "./i18n.js";
import * as session from "./session.js";
import * as sound from "./sound.js";
import { AT_WATCH, holding, isRelieved, set, store, watch } from "./store.js";

let stream = null;
let looking = false;

/** Whether the screen is looked at, and not the gate. */
export const isLooking = () => looking;

/** A new screen: the present one. While an hour is replayed, what rings now still breaks in. */
export function take(screen) {
  const skew_ms = new Date(screen.at).getTime() - Date.now();
  const rings = new Map(sound.ringing(screen).map((one) => [one.key, one]));
  const silenced = sound.stillSilenced(rings);
  const stood = holding()?.watch === store.session?.watch;
  const { arrivals = store.arrivals, reads = store.reads } = screen;
  if (store.reads !== reads) readAgain(screen);
  set({ skew_ms, received_at: performance.now(), arrivals, reads, rings, silenced });
  if (store.replay) set({ live: screen });
  else set({ screen, live: null });
  sound.heed(); // a page that is hidden is drawn late
  if (stood && isRelieved()) set({ told: { kind: "bad", at: "", text: t("ui.watch.relieved.told", { n: holding().watch }) } });
}

let begun = null; // the watch for which the page stands as each begins

watch(() => {
  const stands = store.session?.watch;
  if (!stands || stands === begun) return;
  begun = stands;
  set(AT_WATCH);
});

/** The node read its record again: the words of entries that came before may have come now. */
function readAgain({ at }) {
  store.read_at = Date.parse(at);
  asking.arrived();
}

/** What comes by itself, in every minute, and tells nothing that an open incident would show. */
const ROUTINE = ["observation", "observation_faulty", "line_sample", "journal_committed", "alert_watched"];

function arrived(number, kind) {
  store.arrivals = Math.max(store.arrivals, number);
  if (ROUTINE.includes(kind)) return;
  store.newest = Math.max(store.newest, number);
  asking.arrived(kind);
  if (store.pending.length) acts.refreshPending(); // it may be what a second person has confirmed
  if (store.panel) set({});
}

function onEvent(event, told, id) {
  if (event === "screen") take(told);
  else if (event === "entry" && id) arrived(Number(id) || 0, told.kind);
}

function onLife(alive, status) {
  if (alive && store.cut) {
    askStatus(); // the node may be another than it was
    asking.arrived(); // and have read what was not told to this page
    session.mind(); // another page of this browser may have renewed it
  }
  store.cut = !alive;
  if (alive) store.alive_at = performance.now();
  else if (status === 401 || status === 403) session.mind();
}

session.onLapse(() => {
  stream?.close();
  store.cut = true;
});

/** The session goes on: so does the stream, after the last entry that came. */
session.onGoesOn(() => {
  stream?.close();
  if (stream) stream = new api.Stream(onEvent, onLife, stream.last);
  acts.refreshPending();
  askStatus();
});

async function refresh() {
  try {
    const screen = await api.get("/screen", api.SOON);
    store.alive_at = performance.now();
    const shown = store.live ?? store.screen;
    if (!shown || new Date(screen.at) >= new Date(shown.at)) take(screen); // else the stream's is newer
  } catch {
    // the stream brings the next one
  }
}
acts.onRecorded(refresh);

/** What is shown to who came in: the gate at which a watch is taken, or the screen, `looked` at. */
export async function start({ looked = false } = {}) {
  looking ||= looked;
  const s = store.session;
  if (!s) return set({});
  if (s.role && !s.watch && !looking) {
    askStatus(); // the gate has the node's time
    return set({});
  }
  looking = true;
  set({});
  try {
    const screen = await api.get("/screen", api.SOON);
    store.alive_at = performance.now();
    take(screen);
  } catch (no) {
    set({ told: { kind: "bad", text: no.message || t("ui.told.unreachable") } });
  }
  if (!stream) {
    store.newest = store.arrivals; // what came before was told to no panel
    asking.arrived();
    stream = new api.Stream(onEvent, onLife, store.screen ? String(store.arrivals) : "");
  }
  acts.refreshPending();
  askStatus();
  return null;
}

export const askStatus = () => store.session && session.why() !== "lapsed" && api.get("/status", api.SOON).then((status) => set({ status, status_at: performance.now() }), () => {});
