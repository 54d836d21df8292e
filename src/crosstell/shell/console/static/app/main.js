/** The page: who is there, what is shown, what the keys do. It talks to its own node and no other. */

import { html, nothing, render } from "../vendor/lit.mjs";
import * as acts from "./acts.js";
import * as api from "./api.js";
import { t, use } from "./i18n.js";
import { keyboard } from "./keys.js";
import { askStatus, isLooking, start, take } from "./live.js";
import { MapView } from "./map/view.js";
import * as geo from "./map/geo.js";
import * as past from "./past.js";
import { printPage } from "./print.js";
import * as session from "./session.js";
import * as sound from "./sound.js";
import { find, holding, isRelieved, isStale, mayRecord, onceDrawn, set, store, tagged, watch } from "./store.js";
import { drawn, isFresh } from "./top.js";
import { alarmLine } from "./views/alarms.js";
import { bar } from "./views/bar.js";
import { again } from "./views/call_form.js";
import { askToLift } from "./views/detail.js";
import { banner, halfTold, header, staleness } from "./views/header.js";
import { setKeys } from "./views/keys_of_page.js";
import { TABS } from "./views/incident.js";
import { incidentOf } from "./views/incidents.js";
import { holds } from "./views/kept.js";
import { login, takeTheWatch } from "./views/login.js";
import { close, follow, keepInSight, keepKeyboard, noteFocus, panel, toast } from "./views/panel.js";
import { chips, mapName, outOfView, readout, scale } from "./views/on_map.js";
import { sweep } from "./views/parts.js";
import { READS, actionsOf, fromItsTop, queue } from "./views/queue.js";
import { rail } from "./views/rail.js";
import { announced, goTo, itemName, mostUrgent, pointAt, strips } from "./views/ringing.js";
import { goOn, unlogged } from "./views/voice_form.js";
import { seal, sealed, sessionBox, sessionLine } from "./views/session_box.js";

const DIMS = 4;
const STATUS_MS = 5000;
const VIEW_MS = 150;
const AGAIN_MS = 2000; // the session is asked for where the node did not answer
const [BLINK_MS, SECOND_MS] = [500, 950]; // clocks go on by themselves where no screen comes
const root = document.getElementById("app");
let map = null;
let swept = null; // the screen of which nothing is left that went
let drawn_at = 0;

const open = (name, more = {}) => () => set({ panel: { name, ...more } });

const page = {
  select: () => set({ tool: "select", measured: null, drawn: null }),
  measure: () => set({ tool: store.tool === "measure" ? "select" : "measure", measured: null }),
  notice: open("notice"),
  voice: open("voice"),
  plan: open("plan"),
  search: open("search", { q: "" }),
  grid: () => set({ layers: { ...store.layers, grid: !store.layers.grid } }),
  fit: () => store.screen && map?.fitAll(store.screen),
  sides: open("sides"),
  protocol: open("protocol"),
  incidents: open("incidents"),
  /** The incident of the chosen matter, or all of them where none is chosen. */
  incident: () => incidentOf(store.panel?.name === "detail" ? store.panel.key : store.selected),
  tab: (n) => (store.panel?.name === "incident" && TABS[n - 1] ? set({ panel: { ...store.panel, tab: TABS[n - 1] } }) : why(t("ui.key.tab"))),
  entries: open("entries"),
  given: open("given"),
  lines: open("lines"),
  help: open("help"),
  print: () => printPage(map),
  handover: open("handover"),
  close,
  /** On, with its test tone, where nothing could be heard: off only where it was on to the ear. */
  sound: () => {
    const was = store.sound && sound.isOpen();
    if (!was) sound.unlock();
    set({ sound: !was });
  },
  silence: () => sound.silence() || why(t("ui.key.quiet")),
  /** To what is most urgent now: from a past moment, or one that is still asked for, back to it. */
  now: () => {
    past.live();
    const item = mostUrgent();
    if (!item) return why(t("ui.key.nothing"));
    set({ selected: item.key });
    onceDrawn(() => goTo(item.key));
    return null;
  },
  dim: () => {
    set({ dim: (store.dim + 1) % DIMS });
    dress();
  },
  language: async (lang) => {
    await use(lang);
    set({ lang });
  },
  move: (step) => {
    const keys = store.screen?.queue.map((one) => one.key) ?? [];
    if (!keys.length) return why(t("ui.key.empty"));
    const at = keys.indexOf(store.selected);
    const next = keys[at < 0 ? 0 : (at + step + keys.length) % keys.length];
    set({ selected: next });
    onceDrawn(() => document.querySelector(`[data-key="${CSS.escape(next)}"]`)?.focus());
    return null;
  },
  /**
   * The action of the chosen matter, or of the first where none is chosen, that has this key. What came
   * to the top under the hand is chosen and named: only a second press acts on it.
   */
  onChosen: (key) => {
    const item = store.selected ? find.item(store.selected) : store.screen?.queue[0];
    if (!item) return why(t(store.selected ? "ui.key.nomatter" : "ui.key.empty"));
    if (!store.selected && isFresh(item) && !READS.includes(key)) return matters.named(item, "ui.key.fresh");
    const actions = actionsOf(item, matters);
    const found = actions.find((one) => one.key === key);
    if (!found) return why(t("ui.key.notnow", { key, offers: actions.map((one) => `${one.label}${one.key ? ` (${one.key})` : ""}`).join(", ") }));
    if (matters.allowed || READS.includes(key)) return found.act();
    return why(store.replay ? t("ui.told.replaying") : isRelieved() ? t("ui.watch.relieved.told", { n: holding().watch }) : t("ui.key.nowatch"));
  },
  why: (name) => why(t(name)),
  entered: () => {
    goOn();
    start();
  },
  /** Whoever comes in has pressed a button: the browser allows sound from then on. */
  sounds: () => sound.open(),
  take: async (how) => {
    sound.unlock();
    try {
      await api.takeWatch({ how });
      set({ session: (await api.session()) ?? store.session, told: null });
      start({ looked: true });
    } catch (no) {
      const session = await api.session().catch(() => null);
      set({ session: session ?? store.session, told: { kind: "bad", text: acts.noOfOther(no) } });
    }
  },
  look: () => {
    sound.unlock();
    set({ told: null });
    start({ looked: true });
  },
  /** A held watch is relieved beside what it must tell. */
  read: () => {
    page.look();
    page.handover();
  },
  map: () => map,
  replay: past.replay,
  jump: past.jump,
  play: past.play,
  live: past.live,
};

/** Why a key did nothing. What was refused before stands beside it: it may still have to be read. */
const why = (text) => set({ told: store.told?.kind === "bad" ? { ...store.told, why: text } : { kind: "why", text } });

/** What a card's buttons open. `allowed` is false while nothing may be recorded. */
const matters = {
  get allowed() {
    return mayRecord();
  },
  /** What was not meant is chosen and named, and nothing is done with it. */
  named: (item, name, what = itemName(item)) => {
    set({ selected: item.key });
    return why(t(name, { what }));
  },
  call: (alert) => set({ panel: { name: "call", alert: alert.alert, kind: alert.draft?.kind ?? "warn" } }),
  stop: (alert) =>
    set({ panel: { name: "call", alert: alert.alert, kind: "stop", precedence: "flash", then: { name: "broadcast", alert: alert.alert } } }),
  broadcast: (alert) => set({ panel: { name: "broadcast", alert: alert.alert } }),
  incident: (key) => incidentOf(key),
  show: (points) => map?.fit(beside(points)),
  towns: (name) => map?.base?.towns.named(name) ?? [],
  again,
  now: page.now,
  answer: (call) => set({ panel: { name: "answer", party: call.party, call: call.call } }),
  lift: askToLift,
};
setKeys(matters);

/** A place, and as much again on the side where the panel covers the map. */
function beside(points) {
  const [west, south, east, north] = geo.bounds(points);
  const wide = Math.max(0.4, (east - west) * 2);
  const covered = document.documentElement.dir === "rtl" ? west - wide : east + wide;
  return [...points, { lat_deg: (south + north) / 2, lon_deg: covered }, { lat_deg: north + wide / 4, lon_deg: east }, { lat_deg: south - wide / 4, lon_deg: west }];
}

/** On paper the page has its brightest level, and the map the size that it has there. */
function printing(on) {
  document.documentElement.classList.toggle("printing", on);
  if (map?.base?.kind === "canvas") document.documentElement.dataset.dim = on ? "0" : String(store.dim);
  map?.dim();
  map?.base?.resize();
  map?.overlay?.resize();
}

function dress() {
  document.documentElement.dataset.dim = String(store.dim);
  map?.dim();
}

/** The name of the page among others in a browser: how much waits, real or exercise, whose it is. */
function entitle() {
  const { session: mine, screen } = store;
  const hot = !screen || session.isCovered() ? 0 : (store.live ?? screen).queue.filter((one) => one.part === "needs-you").length;
  const is = mine?.reality && [t(mine.reality === "real" ? "ui.real" : "ui.exercise"), mine.title];
  const name = [...(is ?? []), "Crosstell"].join(" · ");
  const whole = hot ? `(${hot}) ${name}` : name;
  if (document.title !== whole) document.title = whole;
}

function draw() {
  const s = store.screen;
  entitle();
  if (isUnreached) return render(html`<main class="gate"><p role="status">${t("ui.told.unreachable")}</p></main>`, root);
  if (!store.session) return render(login(page), root);
  if (!isLooking() && store.session.role && !store.session.watch) return render(takeTheWatch(page), root);
  if (!s) return render(html`<main class="gate"><p>${store.told?.text ?? t("ui.loading")}</p></main>`, root);
  render(
    html`<div class="page ${isStale() ? "stale" : ""} ${store.replay ? "replaying" : ""} ${sealed()}">
      <h1 class="visually-hidden">Crosstell</h1>
      ${banner(s)} ${alarmLine()} ${sessionLine()} ${strips(page)} ${halfTold()} ${header(s, page)} ${rail(page)}
      <main class="map" aria-label=${t("ui.map")}>
        <div class="holder" id="map" tabindex="0" role="application" aria-label=${t("ui.map.keys")}></div>
        ${chips(s)} ${staleness()} ${store.panel ? nothing : toast()}
        ${mapName(map, choosePackage)}
        <div id="readout"></div>
        <div id="scale"></div>
        <div id="outside"></div>
        ${panel(s)}
      </main>
      ${queue(s, matters)} ${bar(s, page)}
      <div class="visually-hidden" aria-live="assertive" id="announce">${announced()}</div>
      ${sessionBox(page)}
    </div>`,
    root,
  );
  seal(root.querySelector(".page"));
  if (swept !== s) for (const list of root.querySelectorAll(".queue ul.cards, .queue ul.rows")) sweep(list);
  swept = s;
  drawn(s);
  follow();
  keepKeyboard();
  keepInSight();
  fromItsTop();
  pointAt();
  drawn_at = performance.now();
  drawReadout();
  drawScale();
  drawOutside();
  if (!map) startMap();
  else map.overlay?.soon(100);
  sound.heed();
  return null;
}

const drawReadout = () => render(readout(), document.getElementById("readout"));
const drawScale = () => render(scale(map), document.getElementById("scale"));

const drawOutside = () => render(outOfView(map, page), document.getElementById("outside"));
let due = null;
/** The view moves in each frame; what lies outside is told once it has not for a moment. */
function viewed() {
  drawScale();
  clearTimeout(due);
  due = setTimeout(drawOutside, VIEW_MS);
}

async function startMap() {
  map = new MapView(document.getElementById("map"));
  const wanted = new URLSearchParams(location.search).get("map") ?? store.base;
  await map.start(wanted);
  map.onPick = (key) => set(key ? { selected: key, panel: { name: "detail", key } } : { selected: null });
  map.onPoint = point;
  map.onCursor = drawReadout;
  map.onView = viewed;
  map.onUnread = (fault) => noPackage(fault);
  dress();
  if (store.screen) map.fitAll(store.screen);
  await map.drawn();
  document.body.dataset.ready = "1";
  await listPackages();
  if (store.package) choosePackage(store.package);
}

/** The operator's own maps that the node has; none where it keeps none. */
async function listPackages() {
  const told = await api.get("/maps").catch(() => null);
  set({ packages: told?.maps ?? [], packages_missing: told?.missing ?? [] });
}

/** Draws the map of that id, or the reference map; what cannot be drawn says so and changes nothing. */
async function choosePackage(id) {
  const own = store.packages.find((one) => one.id === id) ?? null;
  if (id && !own) {
    const title = store.packages_missing.find((one) => one.id === id)?.title ?? id.slice(0, 8);
    set({ package: null, told: { kind: "bad", text: t("ui.map.gone", { title }) } });
    return;
  }
  try {
    await map.setPackage(own);
    set({ package: own?.id ?? null });
  } catch (fault) {
    noPackage(fault, own);
  }
}

function noPackage(fault, own = map.own) {
  if (!own) return;
  map.setPackage(null).catch(() => {});
  set({ package: null, told: { kind: "bad", text: t("ui.map.failed", { title: own.title, why: fault?.message ?? "" }) } });
}

/** A point given on the map, to the tool that waits for it. */
function point(p) {
  if (store.tool === "measure") {
    const m = store.measured;
    set({ measured: !m?.from || m.to ? { from: p, to: null } : { from: m.from, to: p } });
  } else if (store.tool === "draw") {
    const d = store.drawn ?? { shape: "polygon", points: [] };
    if (d.shape === "circle" && d.points.length === 1) {
      const { m } = geo.rangeBearing(d.points[0], p);
      set({ drawn: { ...d, radius_m: Math.max(100, Math.round(m / 100) * 100) }, tool: "select" });
    } else set({ drawn: { ...d, points: [...d.points, p] } });
  }
}

/** Whether something is typed, stamped or held back that would go with the page: the browser asks before. */
const isUnsent = () => !session.isBeginning() && (holds() || !!unlogged() || session.holdsBack());

/** The first act of a person opens the sound, unless it is the one that turns it on. */
function wake(e) {
  if (store.session && !sound.isOpen() && !e.target.closest?.("[data-sound]")) sound.open();
}

let isUnreached = false;
/** The session that the browser holds: asked for until it is known whether there is one. */
async function held() {
  for (;;) {
    try {
      return await api.session();
    } catch (no) {
      if (!api.isDoubtful(no)) return null;
    } finally {
      isUnreached = false;
    }
    isUnreached = true;
    set({});
    await new Promise((done) => setTimeout(done, AGAIN_MS));
  }
}

async function main() {
  document.documentElement.dataset.dim = String(store.dim);
  await use(store.lang).catch(() => use("en"));
  keyboard(page);
  addEventListener("beforeprint", () => printing(true));
  addEventListener("afterprint", () => printing(false));
  watch(draw);
  setInterval(() => performance.now() - drawn_at > SECOND_MS && set({}), SECOND_MS / 4);
  setInterval(() => document.documentElement.classList.toggle("blink"), BLINK_MS);
  setInterval(askStatus, STATUS_MS);
  setInterval(() => store.session && !session.why() && acts.refreshPending(), 10000);
  for (const act of ["pointerdown", "keydown"]) addEventListener(act, wake, { capture: true, passive: true }); // also of what the box keeps for itself
  session.watchOver();
  document.addEventListener("visibilitychange", () => set({}));
  document.addEventListener("focusin", (e) => noteFocus(e.target));
  addEventListener("pointerdown", () => noteFocus(null), { capture: true, passive: true });
  addEventListener("beforeunload", (e) => isUnsent() && e.preventDefault());
  set({ session: await held() });
  goOn();
  if (store.session) sound.open(); // a page that is loaded again has its session, and nobody presses anything
  start();
}

main();
export { page, tagged, take };
