/**
 * What is printed goes to a window of its own, which has no way back to this page: a browser that shows
 * its print box stops every page that belongs together with the one that asked for it, its clocks and
 * its tones. What is to be printed is handed over once, by a channel of this origin that the window names.
 */

import { newKey } from "./api.js";
import { t } from "./i18n.js";
import { now, set, store } from "./store.js";

const OPENS_MS = 20_000;
const WINDOW = "noopener,popup,width=860,height=960";
const UNPRINTED = "#map > *, #readout, .rail, .bar, .chips, .choose, .toast, form";

export const channel = (id) => `crosstell.print.${id}`;

function handOver(what) {
  const id = newKey();
  const line = new BroadcastChannel(channel(id));
  const late = setTimeout(() => {
    line.close();
    set({ told: { kind: "bad", text: t("ui.print.unopened") } });
  }, OPENS_MS);
  line.onmessage = () => {
    line.postMessage(what);
    line.close();
    clearTimeout(late);
  };
  globalThis.open(`/console/print.html#${id}`, "_blank", WINDOW);
}

/** A paper of the node, for A4. It has no script; the window in which it stands prints it. */
export function printPaper(path, params = new URLSearchParams()) {
  if (store.package) params.set("map", store.package);
  params.set("lang", document.documentElement.lang === "tr" ? "tr" : "en");
  handOver({ paper: `${path}?${params}` });
}

/** The page as it stands at this moment, with all that its map is drawn from. */
export function printPage(map) {
  if (!map?.base) return;
  const page = document.querySelector(".page").cloneNode(true);
  for (const one of page.querySelectorAll(UNPRINTED)) one.remove();
  const { screen, layers, selected, measured, drawn } = store;
  const { base, own } = map;
  handOver({
    page: page.outerHTML,
    title: document.title,
    shown: { screen, layers, selected, measured, drawn, replay: { at: now() } }, // its clocks stand still
    map: { kind: base.kind, camera: { ...base.camera }, size: [base.w, base.h], own },
  });
}
