/**
 * Sound until acknowledged. Tones are made here, no file: each kind has its own, the loudest of what rings
 * goes on, and whatever begins to ring is heard once by its own. Silencing stops the sound of what rings
 * now for a while and acknowledges nothing; what rings anew sounds again at once.
 */

import { failing } from "./failing.js";
import { isCovered } from "./session.js";
import { find, set, store } from "./store.js";

const QUIET_MS = { stop: 60_000, critical: 60_000, lapsed: 900_000 }; // how long it can be silenced
const LONGER_MS = 120_000; // and all else
const OPENS_MS = 1000; // a browser that allows sound has opened it by then

let audio = null;
let asked_at = null; // page time at which sound was asked for first
let refused = false; // this machine or browser has none
let timer = null;
let playing = null;
let heard = new Map(); // by key: as what it was heard last

/** Opens the sound; a browser may allow it only after a person's act. */
export function open() {
  asked_at ??= performance.now();
  try {
    if (!audio) {
      audio = new AudioContext();
      audio.onstatechange = () => set({});
    }
    audio.resume().catch(() => {}); // what is not open, the page says by `missing`
    return true;
  } catch {
    refused = true;
    return false;
  }
}

/** Opens the sound and plays a test tone. */
export function unlock() {
  if (!open()) return false;
  tone(880, 0, 0.12, 0.12);
  tone(1320, 0.14, 0.12, 0.12);
  return true;
}

export const isOpen = () => audio?.state === "running";

/** Why nothing could be heard though sound is wanted: "waits" for a person's act, or there is "none". */
export function missing() {
  if (!store.sound || isOpen()) return null;
  if (refused) return "none";
  return asked_at !== null && performance.now() - asked_at > OPENS_MS ? "waits" : null;
}

function tone(hz, after, lasts, loud = 0.25) {
  if (!audio) return;
  const [o, g] = [audio.createOscillator(), audio.createGain()];
  const at = audio.currentTime + after;
  o.frequency.value = hz;
  o.type = "square";
  g.gain.setValueAtTime(0, at);
  g.gain.linearRampToValueAtTime(loud * 0.5, at + 0.01);
  g.gain.setValueAtTime(loud * 0.5, at + lasts - 0.02);
  g.gain.linearRampToValueAtTime(0, at + lasts);
  o.connect(g).connect(audio.destination);
  o.start(at);
  o.stop(at + lasts);
}

const fails = (s) => (tone(440, s, 0.25), tone(330, s + 0.27, 0.5));

/** The loudest first: how long each lasts, in s, after how long it comes again (never: once), and its tones. */
const PATTERNS = {
  stop: [1.2, 2.2, (s) => [[0, 0.7], [0.8, 0.14], [1.02, 0.14]].forEach(([at, lasts]) => tone(1180, s + at, lasts))],
  critical: [0.9, 1.9, (s) => [0, 1, 2].forEach((i) => (tone(960, s + i * 0.3, 0.14), tone(720, s + i * 0.3 + 0.15, 0.14)))],
  urgent: [0.45, 3.4, (s) => [0, 1].forEach((i) => tone(740, s + i * 0.25, 0.18))],
  failure: [0.8, 8, fails],
  call: [0.5, 3.6, (s) => [0, 1, 2, 3].forEach((i) => tone(i % 2 ? 620 : 520, s + i * 0.12, 0.1))],
  lapsed: [0.8, 60, fails],
  notice: [0.2, 0, (s) => tone(660, s, 0.2, 0.15)],
};
const LOUDEST = Object.keys(PATTERNS);
const NEW_S = 0.4; // three rising tones before what begins while another goes on, and a pause
const rising = () => [1, 1.25, 1.5].forEach((by, i) => tone(800 * by, i * 0.09, 0.07));

const isLouder = (a, b) => LOUDEST.indexOf(a) < LOUDEST.indexOf(b);
const loudest = (kinds) => LOUDEST.find((one) => kinds.includes(one)) ?? null;

/** Whether it rings anew: not as `was`, louder than that, back again, or for another reason. */
const isAnew = (was, one) => !was || was.as !== one.as || isLouder(one.sound, was.sound);

const untilOf = (key) => store.silenced.get(key)?.until ?? -Infinity;
export const isSilenced = (key) => untilOf(key) > performance.now();

/** In how many seconds what is silenced sounds again. */
export const quietFor = (key) => (untilOf(key) - performance.now()) / 1000;

/** What the sound should be for what rings: the loudest. */
export const soundFor = (items) => loudest(items.filter((one) => !isSilenced(one.key)).map((one) => one.sound));

/** What rings and what fails; under a cover nothing rings that nobody sees, and that nothing tells is over. */
const sounding = () => [...(isCovered() ? [] : store.rings.values()), ...failing()];

const goingOn = () => sounding().filter((one) => !one.once);

/** The key of what sounds now, or first of all that is silenced; null where nothing can be silenced. */
export function soonest() {
  const keys = store.sound ? goingOn().map((one) => one.key) : [];
  return keys.find((key) => !isSilenced(key)) ?? keys.sort((a, b) => untilOf(a) - untilOf(b))[0] ?? null;
}

/** Silences what rings now; false where nothing does. */
export function silence() {
  const rings = goingOn();
  const until = (one) => performance.now() + (one.sound === "notice" ? Infinity : (QUIET_MS[one.sound] ?? LONGER_MS));
  if (!rings.length) return false;
  set({ silenced: new Map(rings.map((one) => [one.key, { ...one, until: until(one) }])) });
  heed();
  return true;
}

/** What stays silenced of what rings by a new screen: neither what rings anew nor what has been quiet for long enough. */
export function stillSilenced(rings) {
  const still = [...store.silenced].filter(([key, was]) => isSilenced(key) && rings.has(key) && !isAnew(was, rings.get(key)));
  return new Map(still.map(([key, was]) => [key, { ...rings.get(key), until: was.until }]));
}

/** Sounds what there is to be heard now. What begins while nothing can be heard is heard once that is over. */
export function heed() {
  if (!store.sound || !isOpen()) return goOn(null);
  const all = sounding();
  const anew = all.filter((one) => isAnew(heard.get(one.key), one));
  heard = new Map(all.map((one) => [one.key, one]));
  const goes = loudest(all.filter((one) => !one.once && PATTERNS[one.sound][1] && !isSilenced(one.key)).map((one) => one.sound));
  const first = soundFor(anew);
  if (first) return begin(first, goes);
  return goes === playing ? undefined : goOn(goes);
}

/** What begins is heard at once by its own tone, and told from what goes on. */
function begin(kind, goes) {
  const [lasts, , tones] = PATTERNS[kind];
  const lead = playing ? NEW_S : 0;
  if (playing) rising();
  tones(lead);
  goOn(goes, lead + lasts + 1);
}

function goOn(kind, after_s = 0) {
  playing = kind;
  clearTimeout(timer);
  if (!kind) return;
  if (after_s) timer = setTimeout(turn, after_s * 1000);
  else turn();
}

function turn() {
  const [, again, tones] = PATTERNS[playing];
  tones(0);
  timer = setTimeout(turn, again * 1000);
}

/** Items of the queue that ring until a person takes them. */
const RINGS = {
  "queue.duress": "critical",
  "queue.alert-ringing": null,
  "queue.call-not-received": null,
  "queue.stop-expiring": "urgent",
  "queue.own-owed-late": "urgent",
  "queue.own-checking-late": "urgent",
  "queue.own-stand-by-expired-late": "urgent",
  "queue.answer-stand-by-expired": "urgent",
};
const BY_PRECEDENCE = { flash: "critical", immediate: "urgent" };

/** A call to us: a stop that stands interrupts everything; of the others, by how soon they must be heard. */
const ofCall = (call) => (["stands", "declined"].includes(call?.stop) ? "stop" : (BY_PRECEDENCE[call?.precedence] ?? "call"));
const ofAlert = ({ level }) => (level === "advisory" ? "notice" : level);

/**
 * Whether this page may sound and show that a duress word rings: only for a role that is rung
 * about it. At the desk that noted it the line may still be open, and whoever listens hears a tone.
 */
export const isRung = (ladder) => ladder?.rungs.some((rung) => rung.means === "ring" && rung.role === store.session?.role) ?? false;

/** What rings by a screen: its key, its kind of sound, and `as` what, which changes where it rings anew. */
export function ringing(screen) {
  const rung = (item) => isRung(screen.ladders.find((one) => one.log === item.log && one.state !== "ended"));
  const returns = (item) => find.alert(item.alert, screen)?.returns ?? "";
  return screen.queue
    .filter((one) => one.part === "needs-you" && one.why.code in RINGS)
    .filter((one) => one.kind !== "duress" || rung(one))
    .map((one) => ({
      key: one.key,
      sound: RINGS[one.why.code] ?? (one.kind === "alert" ? ofAlert(one) : ofCall(find.callAt(one.call, screen))),
      as: `${one.why.code} ${returns(one)}`,
    }));
}
