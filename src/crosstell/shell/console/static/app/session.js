/**
 * How long the session goes on, and what is done when it does not: the page stays as it stood, locked,
 * until the same account proves itself again. One that a person or an administrator ended leaves nothing.
 */

import * as api from "./api.js";
import { meantBy } from "./keys.js";
import { onceDrawn, set, store } from "./store.js";

const BEGUN = "crosstell.begun";
const ENDS_SOON_MS = 30 * 60_000;
const IDLES_SOON_MS = 5 * 60_000;
const COVERED_AFTER_MS = 15 * 60_000;
const USE_MS = 60_000; // that somebody is there is told so often and no more
const UNTOLD_MS = 10_000; // and so long after no answer came to it
const PAUSE_MS = 1000; // whoever pressed nothing for so long has seen what stands there
const MIND_MS = 5000;
const LATE_MS = 5000; // past the end by the page's own count, where the node says nothing

let locked = null; // {why: "idle" | "lapsed", at}, by this page's clock
let isAsking = false; // the password is asked for though the session stands
let unsure = false; // no answer came to who came in: the session before may be ended by that
let before = null; // what had the keyboard
let left = null; // the same, where a button that goes with what it does took it from there
let used_at = 0;
let took_at = 0; // when the box took the keyboard, unasked
const NO_WORD = { at: 0, begun_at: 0 };
let word = NO_WORD; // the keys that were pressed without a pause
const refused = []; // acts that wait for a person's word: {body, at, send, leave}

let lapse = () => {};
let goesOn = () => {};
export const onLapse = (fn) => (lapse = fn);
export const onGoesOn = (fn) => (goesOn = fn);

/** Why the page is locked: `idle`, where the picture goes on, or `lapsed`; null where it is not. */
export const why = () => locked?.why ?? null;
/** Since when, by the node's time. */
export const since = () => locked.at + store.skew_ms;
/** Whether the password is asked for. */
export const isAsked = () => !!locked || isAsking;
/** The acts that were refused for want of a session; told once there is one again. */
export const unsent = () => (locked ? [] : refused);

const until = (s) => store.session.told_at + s * 1000 - Date.now();
const ends = () => until(store.session.ends_in_s);

/** Seconds until the session ends, from half an hour before; else null. */
export const endsSoon = () => (!locked && ends() < ENDS_SOON_MS ? ends() / 1000 : null);

/** The same until nobody will have used it for too long, from five minutes before. */
export function idlesSoon() {
  const ms = until(store.session.idles_in_s);
  return !locked && ms < IDLES_SOON_MS ? ms / 1000 : null;
}

/** Whether nothing of the picture is to be seen any more. */
export const isCovered = () => why() === "lapsed" && Math.max(Date.now() - locked.at, -ends()) > COVERED_AFTER_MS;

/** The password is asked for, or no longer, while the session stands. */
export function ask(on) {
  if (on && !isAsked()) before = place();
  isAsking = on;
  set({});
  onceDrawn(on ? toPassword : back);
}

const place = () => (document.activeElement.closest(".session-line") ? left : document.activeElement);
const toPassword = () => document.querySelector(".lock [name=password]")?.focus();
const back = () => (refused.length ? document.querySelector(".lock")?.focus() : before?.isConnected && before.focus({ preventScroll: true }));

function lock(reason) {
  if (!store.screen) return begin(reason);
  if (why() === reason) return null;
  if (!isAsked()) [before, took_at] = [place(), Date.now()];
  locked = { why: reason, at: Date.now() };
  if (reason === "lapsed") lapse();
  set({});
  onceDrawn(toPassword);
  return null;
}

let begins = false;
/** Whether the page goes by itself: nobody is asked then whether what is unsent may go. */
export const isBeginning = () => begins;
/** Whether acts wait for a person's word. */
export const holdsBack = () => refused.length > 0;

/** The page begins anew: nothing of this person stays for whoever comes in next, who reads why. */
export function begin(why = "") {
  begins = true;
  api.forget();
  if (why) sessionStorage.setItem(BEGUN, why);
  location.reload();
}

/** Why this page began anew; told to the first who asks. */
export function whyBegun() {
  const why = sessionStorage.getItem(BEGUN);
  sessionStorage.removeItem(BEGUN);
  return why;
}

/** What the node said: there is no session, it is idle, or it is another than this page's acts name. */
function over(name) {
  if (!store.session) return null;
  if (name === "idle") return lock("idle");
  return name === "lapsed" || (unsure && name === "no-session") ? lock("lapsed") : mind();
}
api.onLost(over);

let minding = false;

/** Whose the session is by now, and whether it stands; where no answer comes, nothing is changed. */
export async function mind() {
  if (!store.session || minding) return;
  minding = true;
  try {
    const told = await api.whose();
    if (told.account !== store.session.account) begin("other");
    else if (told.opened_at !== store.session.opened_at || why() === "lapsed") goOn(told);
    else lasts(told);
  } catch (no) {
    if (no.status === 401 && (unsure || api.nameOf(no.told) === "lapsed")) lock("lapsed");
    else if (no.status === 401 || no.status === 403) begin("ended");
  } finally {
    minding = false;
  }
}

/** The session stands: how long it is to its ends, as told just now. */
function lasts({ ends_in_s, idles_in_s }) {
  unsure = false;
  set({ session: { ...store.session, ends_in_s, idles_in_s, told_at: Date.now() } });
}

/** The same account comes in again, and everything stays. Rejects with the node's *no*. */
export async function comeAgain(password, code) {
  try {
    goOn(await api.comeIn(store.session.account, password, code));
  } catch (no) {
    unsure ||= no.status === 0;
    throw no;
  }
}

function goOn(told) {
  [locked, isAsking, unsure] = [null, false, false];
  word = NO_WORD;
  set({ session: told });
  goesOn();
  onceDrawn(back);
}

/** An act was refused for want of a session: true once a person sends it again, false once they leave it. */
api.onRefusedAct((body) => {
  if (!store.session || !store.screen) return false;
  set({ told: null });
  return new Promise((done) => {
    const settled = (sent) => () => {
      refused.splice(refused.indexOf(one), 1);
      set({});
      onceDrawn(back);
      done(sent);
    };
    const one = { body, at: Date.now() + store.skew_ms, send: settled(true), leave: settled(false) };
    refused.push(one);
  });
});

/** A press of a key or of the pointer: somebody is there, and the session is used. */
function touched(e) {
  if (!e.isTrusted || !store.session || locked || Date.now() - used_at < USE_MS) return;
  used_at = Date.now();
  api.use().then(lasts, () => (used_at += UNTOLD_MS - USE_MS));
}

const QUIET = ["q", "m"]; // silence and brightness: they tell nothing and send nothing

/** Whether the key goes on, without a pause, with what was typed when the page was locked. */
function isMidWord() {
  const at = Date.now();
  word = { at, begun_at: at - word.at < PAUSE_MS ? word.begun_at : at };
  return !!locked && word.begun_at < took_at;
}

/** While the page is locked, and within the box, no key of the page does anything; what is typed on does not in the box either. */
function barred(e) {
  const within = e.target.closest?.(".lock");
  const typesOn = isMidWord();
  if (!isAsked() && !within) return;
  if (within && typesOn) e.preventDefault();
  else if (isAsking && !locked && e.key === "Escape") ask(false);
  else if ((!within && !locked) || QUIET.includes(meantBy(e))) return;
  e.stopImmediatePropagation();
}

/** From now on it is seen to that the session goes on, or the page is locked. */
export function watchOver() {
  for (const name of ["keydown", "pointerdown", "wheel"]) addEventListener(name, touched, { capture: true, passive: true });
  addEventListener("keydown", barred, { capture: true });
  addEventListener("focusin", (e) => e.target.closest(".session-line") && (left = e.relatedTarget));
  setInterval(() => {
    if (store.session && !locked && ends() < -LATE_MS) lock("lapsed");
    if (locked) mind();
  }, MIND_MS);
}
