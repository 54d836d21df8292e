/** The node's interface. Every act is a POST with a key of its own, so asking twice does it once. */

import { fieldName } from "./i18n.js";

export const BASE = "/api/v1";
const CAME_IN = "crosstell.came-in";
const ANSWER_MS = 35_000; // the node itself gives up after 30 s
/** For what the page asks by itself, and for an act: one that hangs is given up, and holds no connection. */
export const SOON = { within: 10_000 };
const SILENT_MS = 10_000; // of a stream that says something every two seconds
const BEGIN_MS = 5_000; // until one begins: the browser may take a line for it that is dead too
let csrf = "";
let coming = false; // the node is asked for a session
let comings = 0; // how often it has answered: what was asked before tells nothing of the session by now

/** A field of a list by its number: `volumes[0]`. */
const placeName = (part) => part.replace(/^\w+/, fieldName);

/** A place in what was sent, by its last two names: a person filled in a form, not a document. */
const brief = (text) => text.replace(/\bbody(?:\.\w+|\[\d+\])+/g, (path) => path.split(".").slice(-2).map(placeName).join(" › "));

/** A *no* of the node, with what to do about it (RFC 9457). */
export class Problem extends Error {
  /** @param {{title?: string, detail?: string, status: number, code?: string, type?: string, faults?: object[]}} told */
  constructor(told) {
    super(told.status ? brief(told.detail || told.title || `HTTP ${told.status}`) : ""); // no answer: the page has words for it
    this.told = told;
    this.status = told.status;
  }
}

/** What kind of *no* it is, by the last word of its type. */
export const nameOf = (told) => told.type?.split(":").at(-1) ?? "";

let lost = () => {};
/** Told of each answer that the session asked under is none any more, by its kind. */
export const onLost = (fn) => (lost = fn);
let isSentAgain = async () => false;
/** What waits, with an act that was refused for want of a session, until a person says whether it is sent again. */
export const onRefusedAct = (fn) => (isSentAgain = fn);

let inWords = async (told) => told;
/** What makes a *no* of the node readable before it is shown. */
export const onProblem = (fn) => (inWords = fn);

/** What was answered; nothing where it is none of the node's: a page of something between, say. */
function answerOf(text) {
  try {
    const told = JSON.parse(text);
    if (told && typeof told === "object") return told;
  } catch {
    // said below
  }
  throw new Problem({ status: 0 });
}

/** Whether it is that *no* of the node. */
export const isNamed = (no, name) => no instanceof Problem && nameOf(no.told) === name;

/** Whether it is not known what became of what was asked: of a node at fault it is, by what it says. */
export const isDoubtful = (no) => no instanceof Problem && (no.status === 0 || no.status >= 500) && !isNamed(no, "at-fault");

async function ask(method, path, { body, key, within = ANSWER_MS, reads = true } = {}) {
  const headers = { Accept: "application/json" };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  if (method === "GET") headers["Crosstell-Attended"] = "no"; // a press of a person is told by itself
  else headers["X-CSRF-Token"] = csrf;
  if (key) headers["Idempotency-Key"] = key;
  const before = comings;
  let got;
  let text;
  try {
    got = await fetch(BASE + path, {
      method,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
      credentials: "same-origin",
      cache: "no-store",
      signal: AbortSignal.timeout(within),
    });
    text = await got.text();
  } catch {
    throw new Problem({ status: 0 });
  }
  const told = answerOf(text);
  if (!got.ok) {
    const no = { ...told, status: got.status };
    const isLost = got.status === 401 || nameOf(no) === "forged"; // its value is of a session before
    if (isLost && path !== "/session" && !coming && before === comings) lost(nameOf(no));
    throw new Problem(reads ? await inWords(no) : no);
  }
  return { status: got.status, told };
}

export const newKey = () =>
  [...crypto.getRandomValues(new Uint8Array(16))].map((b) => b.toString(16).padStart(2, "0")).join("");

export const get = async (path, how) => (await ask("GET", path, how)).told;
export const post = async (path, body, how) => (await ask("POST", path, { body, ...how })).told;
export const del = async (path) => (await ask("DELETE", path, SOON)).told;

/** The session as it was told, and when by this page's clock. */
function known(told) {
  csrf = told.csrf;
  return { ...told, told_at: Date.now() };
}

/** Opens a session. */
export async function comeIn(account, password, code) {
  const body = { account, password };
  if (code) body.code = code;
  coming = true;
  try {
    const told = await post("/session", body);
    sessionStorage.setItem(CAME_IN, "1");
    return known(told);
  } finally {
    coming = false;
    comings += 1;
  }
}

/** The session that the browser holds, or null; not asked for where nobody came in by this page. */
export async function session() {
  if (!sessionStorage.getItem(CAME_IN)) return null;
  try {
    return known(await get("/session", SOON));
  } catch (no) {
    if (!(no instanceof Problem) || (no.status !== 401 && no.status !== 403)) throw no;
    forget();
    return null;
  }
}

/** The same, with why there is none; where somebody came in meanwhile, as if no answer had come. */
export async function whose() {
  const before = comings;
  const isLate = () => coming || before !== comings;
  try {
    const told = await get("/session", SOON);
    if (!isLate()) return known(told);
  } catch (no) {
    if (!isLate()) throw no;
  }
  throw new Problem({ status: 0 });
}

/** A person is at the page. */
export const use = () => post("/session/use", undefined, SOON);

/** The page forgets that it had a session, and what it kept with it. */
export const forget = () => sessionStorage.clear();

/** Ends the session; the page forgets that it had one. */
export function goOut() {
  forget();
  return del("/session");
}
export const takeWatch = (given) => post("/watch", given, SOON);

/** What was recorded, be it in the journal alone, or waits for its second person; an answer that says neither is none. */
export function recordedOf(told) {
  if (told.recorded || told.already || told.pending) return told;
  throw new Problem({ status: 0 });
}

/** Records an act. Answers `{recorded}` or `{pending, needs}`; the same key is used however often it is sent. */
export async function act(body, key = newKey()) {
  let begun = performance.now();
  for (let tries = 0; ; tries += 1) {
    const within = SOON.within - (performance.now() - begun);
    try {
      return recordedOf((await ask("POST", "/acts", { body: { body }, key, within: Math.max(0, within) })).told);
    } catch (no) {
      if (no.status === 401 && (await isSentAgain(body))) {
        [tries, begun] = [-1, performance.now()];
        continue;
      }
      const pause = 400 * (tries + 1);
      if (!isDoubtful(no) || tries >= 2 || performance.now() - begun + pause > SOON.within) throw no;
      await new Promise((done) => setTimeout(done, pause));
    }
  }
}

/**
 * The stream, read by hand so that a keepalive counts as life: a browser's own reader hides it.
 * Reconnects by itself, until it is closed, and resumes after the last entry that it saw.
 */
export class Stream {
  /**
   * @param {(event: string, data: any, id: string) => void} onEvent @param {(alive: boolean, status?: number) => void} onLife
   * @param {string} last the local number of the entry that it goes on after; "" for what comes from now on
   */
  constructor(onEvent, onLife, last) {
    this.onEvent = onEvent;
    this.onLife = onLife;
    this.last = last;
    this.stop = new AbortController();
    this.run();
  }

  close() {
    this.stop.abort();
    this.line?.abort();
  }

  /** Said at the start and at each sign of life: without another one the line is given up, as if it were cut. */
  lives(patience_ms = SILENT_MS) {
    clearTimeout(this.silence);
    this.silence = setTimeout(() => this.line.abort(), patience_ms);
  }

  async run() {
    let wait = 500;
    while (!this.stop.signal.aborted) {
      this.line = new AbortController();
      this.lives(BEGIN_MS);
      try {
        const headers = { Accept: "text/event-stream" };
        if (this.last) headers["Last-Event-ID"] = this.last;
        const got = await fetch(`${BASE}/stream`, {
          headers,
          credentials: "same-origin",
          cache: "no-store",
          signal: this.line.signal,
        });
        if (!got.ok || !got.headers.get("Content-Type")?.startsWith("text/event-stream")) {
          this.onLife(false, got.status);
          if (got.status === 400) this.last = ""; // the node is one that has fewer entries: begun anew
          throw new Error(`stream ${got.status}`);
        }
        wait = 500;
        await this.read(got.body.getReader());
      } catch {
        if (this.stop.signal.aborted) return;
        this.onLife(false);
      } finally {
        clearTimeout(this.silence);
        this.line.abort(); // what is left of it holds no connection
      }
      await new Promise((done) => setTimeout(done, wait));
      wait = Math.min(wait * 2, 4000);
    }
  }

  async read(reader) {
    const decoder = new TextDecoder();
    let text = "";
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      this.lives();
      this.onLife(true);
      const gap = /\r?\n\r?\n/g;
      gap.lastIndex = Math.max(0, text.length - 3); // what came before was looked through
      text += decoder.decode(value, { stream: true });
      let from = 0;
      for (let end = gap.exec(text); end; end = gap.exec(text)) {
        this.take(text.slice(from, end.index));
        from = gap.lastIndex;
      }
      text = text.slice(from);
    }
  }

  take(block) {
    let event = "message";
    let id = null;
    const data = [];
    for (const line of block.split(/\r?\n/)) {
      if (line.startsWith("event:")) event = line.slice(6).trim();
      else if (line.startsWith("id:")) id = line.slice(3).trim();
      else if (line.startsWith("data:")) data.push(line.slice(5).replace(/^ /, ""));
    }
    if (id !== null && id !== "") this.last = id;
    if (!data.length) return;
    let told;
    try {
      told = JSON.parse(data.join("\n"));
    } catch {
      return; // a broken event is one screen less; the next comes within a second
    }
    try {
      this.onEvent(event, told, this.last);
    } catch (fault) {
      reportError(fault); // one of the page, and none of the line
    }
  }
}
