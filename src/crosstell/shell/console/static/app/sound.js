/**
 * Sound until acknowledged. Tones are made here, no file: two alternating for critical, one
 * repeating for urgent, a chime for the rest. Silencing stops the sound of what rings now and
 * acknowledges nothing; whatever rings anew sounds again.
 */

import { store } from "./store.js";

let audio = null;
let timer = null;
let playing = null;

/** Opens the sound; browsers allow it only after a person's act. */
export function open() {
  try {
    audio ??= new AudioContext();
    audio.resume();
    return true;
  } catch {
    return false; // no sound on this machine: the screen says so by its own signs
  }
}

/** Opens the sound and plays a test tone. */
export function unlock() {
  if (!open()) return false;
  try {
    tone(880, 0, 0.12, 0.12);
    tone(1320, 0.14, 0.12, 0.12);
    return true;
  } catch {
    return false;
  }
}

export const isOpen = () => audio?.state === "running";

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

const PATTERNS = {
  critical: [900, () => [0, 1, 2].forEach((i) => (tone(960, i * 0.3, 0.14), tone(720, i * 0.3 + 0.15, 0.14)))],
  urgent: [2400, () => [0, 1].forEach((i) => tone(740, i * 0.25, 0.18))],
  call: [2600, () => [0, 1, 2, 3].forEach((i) => tone(i % 2 ? 620 : 520, i * 0.12, 0.1))],
  notice: [0, () => tone(660, 0, 0.2, 0.15)],
};

/** What the sound should be for what rings: the loudest. */
export function soundFor(items) {
  const rings = items.filter((one) => !store.silenced.has(one.key));
  const order = ["critical", "urgent", "call", "notice"];
  const kinds = rings.map((one) => one.sound);
  return order.find((one) => kinds.includes(one)) ?? null;
}

/** Plays that pattern until told otherwise; the same again changes nothing. */
export function play(kind) {
  if (!store.sound || !audio) kind = null;
  if (kind === playing) return;
  playing = kind;
  clearInterval(timer);
  timer = null;
  if (!kind) return;
  const [every, pattern] = PATTERNS[kind];
  pattern();
  if (every) timer = setInterval(pattern, every + 1000);
}

/** Items of the queue that ring until a person takes them. */
const RINGS = {
  "queue.duress": "critical",
  "queue.alert-ringing": null,
  "queue.call-not-received": "call",
  "queue.stop-expiring": "urgent",
  "queue.own-owed-late": "urgent",
  "queue.own-checking-late": "urgent",
  "queue.own-stand-by-expired-late": "urgent",
  "queue.answer-stand-by-expired": "urgent",
};

/**
 * Whether this page may sound and show that a duress word rings: only for a role that is rung
 * about it. At the desk that noted it the line may still be open, and whoever listens hears a tone.
 */
export const isRung = (ladder) => ladder?.rungs.some((rung) => rung.means === "ring" && rung.role === store.session?.role) ?? false;

export function ringing({ queue, ladders }) {
  const rung = (item) => isRung(ladders.find((one) => one.log === item.log && one.state !== "ended"));
  return queue
    .filter((one) => one.part === "needs-you" && one.why.code in RINGS)
    .filter((one) => one.kind !== "duress" || rung(one))
    .map((one) => ({ key: one.key, sound: RINGS[one.why.code] ?? (one.level === "advisory" ? "notice" : one.level) }))
    .filter((one) => one.sound !== "notice" || store.sound);
}
