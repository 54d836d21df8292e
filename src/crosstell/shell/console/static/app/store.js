/** What the page knows and what the officer has chosen. One object, one list of listeners. */

const KEPT = "crosstell.console";
const CHOICES = ["lang", "dim", "base", "units", "package"];

/** How each watch begins: what one officer turned off is not off for the next. */
export const AT_WATCH = {
  sound: true,
  layers: { ours: true, others: true, unknown: true, notices: true, grid: false, trails: true, labels: true },
};

function kept() {
  try {
    const held = JSON.parse(localStorage.getItem(KEPT) ?? "{}");
    return Object.fromEntries(CHOICES.filter((name) => name in held).map((name) => [name, held[name]]));
  } catch {
    return {};
  }
}

export const store = {
  session: null,
  screen: null,
  status: null,
  status_at: 0, // page time at which it came
  pending: [],
  arrivals: 0,
  reads: 0, // how often the node had read its record
  read_at: 0, // the node's time of the screen that first told of the newest reading
  newest: 0, // local number of the newest entry that an open incident might show
  skew_ms: 0,
  alive_at: 0, // page time of the newest sign of life
  cut: false, // the connection to the node broke and no other stands yet
  received_at: 0, // page time of the newest screen
  selected: null, // key of the selected matter or object
  panel: null, // {name, ...} of the open panel
  tool: "select",
  measured: null,
  drawn: null, // what is being drawn for a notice
  cursor: null,
  told: null, // {kind, text} of the last answer
  silenced: new Map(), // by key: what it rang as, and until when it makes no sound, in page time
  rings: new Map(),
  replay: null,
  lang: "en",
  dim: 1,
  ...AT_WATCH,
  base: "auto",
  units: "mgrs",
  packages: [], // the operator's own maps that the node has
  packages_missing: [], // those whose file is gone
  package: null, // the id of the one that is drawn
  ...kept(),
};

const listeners = new Set();

/** Calls `listener` after each change, at most once a frame. */
export const watch = (listener) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

/** Calls `then` once what was changed up to now is drawn. */
export const onceDrawn = (then) => {
  const stop = watch(() => (stop(), then()));
};

let due = false;
let rendered = false;

/** Whether the page is rendered in this frame: what else is long is better done in another. */
export const rendering = () => due || rendered;

/** Changes the store and tells every listener. */
export function set(change) {
  Object.assign(store, change);
  if (CHOICES.some((name) => name in change)) keep();
  if (due) return;
  due = true;
  requestAnimationFrame(flush);
  setTimeout(flush, 60); // a hidden page has no frames
}

function flush() {
  if (!due) return;
  due = false;
  rendered = true;
  requestAnimationFrame(() => (rendered = false));
  for (const listener of listeners) listener(store);
}

function keep() {
  const held = Object.fromEntries(CHOICES.map((name) => [name, store[name]]));
  try {
    localStorage.setItem(KEPT, JSON.stringify(held));
  } catch {
    // a private window keeps nothing; the choices hold until it is closed
  }
}

/** The node's time: the page's clock corrected by the newest screen. */
export const present = () => Date.now() + store.skew_ms;

/** The same; in a replay, that moment. */
export const now = () => (store.replay ? store.replay.at : present());

/** Seconds until an instant of the node. */
export const left = (t, from = now()) => (new Date(t).getTime() - from) / 1000;

/**
 * How long the node has been silent, in ms, where that is too long to trust what is shown: no sign
 * of life for five seconds, or three where the connection is cut as well, or signs of life and no screen for three times the longest wait for one.
 */
const SILENT_MS = 5000;
const CUT_MS = 3000;
const NO_SCREEN_MS = 15000;
export function silent_ms() {
  if (!store.screen) return 0;
  const [alive, drawn] = [performance.now() - store.alive_at, performance.now() - store.received_at];
  if (alive > (store.cut ? CUT_MS : SILENT_MS)) return alive;
  return drawn > NO_SCREEN_MS ? drawn : 0;
}
/** Whether anything may be recorded: by who is on watch and was not relieved, and not out of a past moment. */
export const mayRecord = () => !!store.session?.watch && !store.replay && !isRelieved();
/** The watch that holds the session's role now, whatever past moment is shown. */
export const holding = () => (store.live ?? store.screen)?.watches.find((one) => one.role === store.session?.role);
/** Whether the session's watch was relieved by the one that holds the role now. */
export const isRelieved = () => !!store.session?.watch && !!holding() && holding().watch !== store.session.watch;
export const isStale = () => silent_ms() > 0;

export const own = () => store.screen?.party ?? store.session?.party ?? "";
const indexes = new WeakMap(); // of each list that a screen brought

/** The first of a list by its key; a screen is asked hundreds of times, and never changes. */
function first(list, key, of) {
  if (!list) return undefined;
  let index = indexes.get(list);
  if (!index) {
    index = new Map();
    for (const one of list) if (!index.has(of(one))) index.set(of(one), one);
    indexes.set(list, index);
  }
  return index.get(key);
}

export const find = {
  alert: (name, s = store.screen) => first(s?.alerts, name, (one) => one.alert),
  call: (party, name) => store.screen?.calls.find((one) => one.party === party && one.call === name),
  callAt: (ref, s = store.screen) => s?.calls.find((one) => one.ref.feed === ref?.feed && one.ref.seq === ref?.seq),
  log: (party, name) => store.screen?.voice_logs.find((one) => one.party === party && one.log === name),
  notice: (party, name) => store.screen?.notices.find((one) => one.party === party && one.notice === name),
  track: (name) => first(store.screen?.tracks, name, (one) => one.track),
  item: (key) => first(store.screen?.queue, key, (one) => one.key),
  party: (id) =>
    [store.screen?.header.own, ...(store.screen?.header.counterparts.map((c) => c.who) ?? [])].find(
      (one) => one?.party === id,
    ),
};

/**
 * What is offered of an alert at this moment. A screen is a second old or five: past the call-by the
 * page says so itself, since a minute later the offer of a call would be wrong.
 */
export function offersOf(alert) {
  if (alert.words === "cleared") return [];
  const by = alert.call_by[0];
  if (by && left(by.at) <= 0) return ["stop", "broadcast"];
  return alert.offers;
}

/** Whether anybody of our party said one of these of whose the object is. */
export const isSaid = (track, ...answers) => answers.includes(track.whose) || track.said.some((row) => answers.includes(row.answer));

/** Whether by nothing that is reported it infringes: it only cannot be ruled out. */
export const isPossible = (alert) => alert.assessed === "cannot-be-ruled-out";

/** The clock of a matter at this moment: past its call-by an alert's counts to the infringement. */
export function dueOf(item, s = store.screen, at = now()) {
  const alert = item.kind === "alert" ? find.alert(item.alert, s) : null;
  const past = alert && item.due_of === "call-by" && left(item.due_at, at) <= 0;
  const due = past ? { at: alert.infringement_at, of: "infringement" } : { at: item.due_at, of: item.due_of };
  // what only cannot be ruled out is not counted down to as if it would happen
  if (due.of === "infringement" && alert && isPossible(alert)) due.of = "could-infringe";
  return due;
}

/** Whom to call where nothing else says it: the first party with whom the protocol is in force. */
export function nearest() {
  const all = store.screen?.header.counterparts ?? [];
  return (all.find((one) => one.in_force_since) ?? all[0])?.who.party;
}

export const title = (party) => find.party(party)?.title ?? party;
/** The one member of a tagged value: `{circle: {...}}` gives `["circle", {...}]`. */
export const tagged = (value) => {
  if (value == null) return [null, null];
  if (typeof value === "string") return [value, {}];
  const [[tag, inner]] = Object.entries(value);
  return [tag, inner];
};
