/** The window from which is printed: it asks the page that opened it for what, draws it, prints, and closes. */

import { render } from "../vendor/lit.mjs";
import * as api from "./api.js";
import { t, use } from "./i18n.js";
import { latOf, lonOf } from "./map/geo.js";
import { labelOf } from "./map/package.js";
import { MapView } from "./map/view.js";
import { channel } from "./print.js";
import { store } from "./store.js";
import { scale } from "./views/on_map.js";

const COMES_MS = 10_000;
const root = document.getElementById("app");

/** What is to be printed; null where no page has it any more, as after a reload. */
function asked(id) {
  const line = new BroadcastChannel(channel(id));
  return new Promise((done) => {
    const end = (what) => (line.close(), done(what));
    const late = setTimeout(() => end(null), COMES_MS);
    line.onmessage = ({ data }) => (clearTimeout(late), end(data));
    line.postMessage("");
  });
}

function say(text) {
  const line = document.createElement("p");
  line.role = "alert";
  line.textContent = text;
  root.replaceChildren(line);
}

/** Prints what stands in `view`, and closes the window: whoever is on watch has the page again. */
function print(view) {
  view.addEventListener("afterprint", () => globalThis.close());
  view.print();
}

async function paper(path) {
  const frame = document.createElement("iframe");
  frame.title = t("ui.print.paper");
  frame.src = api.BASE + path;
  const come = new Promise((done) => frame.addEventListener("load", done, { once: true }));
  root.replaceChildren(frame);
  await come;
  const view = frame.contentDocument && frame.contentWindow; // a *no* of the node stands in no frame
  if (!view) {
    const why = await api.get(path).then(() => "", (no) => no.message);
    say(t("ui.print.failed", { why: why || t("ui.told.unreachable") }));
    return;
  }
  document.title = view.document.title;
  leaves(view);
  view.focus();
  print(view);
}

async function page({ page: html, title, shown, map: { kind, camera, size, own } }) {
  Object.assign(store, shown);
  document.title = title;
  root.replaceChildren(...new DOMParser().parseFromString(html, "text/html").body.children);
  const holder = document.getElementById("map");
  const smaller = Math.min(holder.clientWidth / size[0], holder.clientHeight / size[1]); // all that was in view
  const view = { lon: lonOf(camera.x), lat: latOf(camera.y), zoom: camera.z + Math.log2(smaller) };
  const map = new MapView(holder);
  map.onUnread = () => map.setPackage(null);
  await map.start(kind, view, own);
  await map.drawn();
  document.querySelector(".reference").replaceChildren(labelOf(map.own, map.manifest).join(" · "));
  const place = document.getElementById("scale");
  place.replaceChildren();
  render(scale(map), place);
  await document.fonts.ready;
  print(globalThis);
}

const leaves = (view) => view.addEventListener("keydown", (e) => e.key === "Escape" && globalThis.close());

async function main() {
  leaves(globalThis);
  await use(store.lang).catch(() => use("en"));
  const what = await asked(location.hash.slice(1));
  if (!what) say(t("ui.print.none"));
  else if (what.paper) await paper(what.paper);
  else await page(what);
}

main();
