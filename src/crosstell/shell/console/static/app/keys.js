/** The keyboard: every act has a key; none works while a person types; one that does nothing says why. */

import { store } from "./store.js";

const typing = (e) => e.target.closest?.("input, textarea, select, [contenteditable]");

/**
 * What a key means, in small letters: the sign that it writes, or, where that is of another script, the one
 * that stands in its place on a Latin keyboard, so that a command is where its key is under any layout.
 */
export function meantBy({ key, code, shiftKey }) {
  if (key.length !== 1) return key;
  const written = key.toLowerCase().charAt(0); // a Turkish capital with its dot is two signs when it is small
  if (written === "ı") return "i"; // Turkish has both, and the command has either
  if (written <= "~" || /\p{Script=Latin}/u.test(written)) return written;
  if (code === "Slash") return shiftKey ? "?" : "/";
  return /^(?:Key|Digit)(.)$/.exec(code)?.[1].toLowerCase() ?? written;
}

/** @param {object} page what each key does */
export function keyboard(page) {
  const plain = {
    v: page.select,
    d: page.measure,
    n: page.notice,
    t: page.voice,
    x: page.plan,
    "/": page.search,
    g: page.grid,
    f: page.fit,
    i: page.sides,
    p: page.protocol,
    z: page.incident,
    ...Object.fromEntries([1, 2, 3, 4, 5, 6].map((n) => [String(n), () => page.tab(n)])),
    y: page.print,
    7: page.given,
    0: page.now,
    o: page.entries,
    l: page.lines,
    h: page.handover,
    m: page.dim,
    u: page.sound,
    q: page.silence,
    "?": page.help,
    j: () => page.move(1),
    k: () => page.move(-1),
    ArrowDown: () => page.move(1),
    ArrowUp: () => page.move(-1),
  };
  const chosen = { a: "A", c: "C", s: "S", b: "B", w: "W", r: "R", e: "E" };
  addEventListener("keydown", (e) => {
    if (!store.session || !store.screen || e.altKey) return;
    if (e.ctrlKey || e.metaKey) {
      if (meantBy(e) !== "p" || e.shiftKey) return;
      e.preventDefault(); // the browser's own box would stand over the page
      page.print();
      return;
    }
    if (e.key === "Escape") {
      page.close();
      return;
    }
    if (typing(e)) return;
    if (e.repeat && e.key === "Enter" && e.target.closest?.("button, summary")) {
      e.preventDefault();
      return;
    }
    if (e.key === "Enter") {
      if (e.target.closest?.("button, a, summary, .panel")) return;
      e.preventDefault();
      if (e.target.closest?.(".holder")) page.why("ui.key.point");
      else page.onChosen("↵");
      return;
    }
    const key = meantBy(e);
    if (e.shiftKey && key !== "?" && key !== "/") return;
    if (e.key.startsWith("Arrow") && e.target.closest(".panel, .holder")) return;
    if (!chosen[key] && !plain[key]) return;
    e.preventDefault();
    if (!chosen[key]) plain[key]();
    else if (!e.repeat) page.onChosen(chosen[key]);
  });
}
