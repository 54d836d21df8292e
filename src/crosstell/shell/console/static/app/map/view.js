/** The map of the page: one base, one overlay, the pointer and the keyboard over both. */

import { t } from "../i18n.js";
import { store } from "../store.js";
import { CanvasBase } from "./canvas_base.js";
import * as geo from "./geo.js";
import { hasGraphics, hasWebGl, maplibreBase } from "./maplibre_base.js";
import { Overlay } from "./overlay.js";

const MAP = "/console/map/reference";
const AT_FIRST = { lon: 40.5, lat: 36.3, zoom: 5 };
let data = null;

async function load() {
  if (data) return data;
  const read = async (name) => (await fetch(`${MAP}/${name}.json`)).json();
  const [manifest, world, region, places] = await Promise.all(
    ["manifest", "world", "region", "places"].map(read),
  );
  data = { manifest, world, region, places };
  return data;
}

const NAMES = ["water", "land", "coast", "river", "province", "border", "place", "halo", "grid", "text", "text2", "text3", "panel", "own", "other", "unknown", "civil", "zone", "critical", "urgent", "notice", "select"];

/** The colours of the page's dim level, for what is drawn and not styled. */
export function colours() {
  const css = getComputedStyle(document.documentElement);
  return Object.fromEntries(NAMES.map((name) => [name, css.getPropertyValue(`--${name}`).trim()]));
}

export class MapView {
  constructor(holder) {
    this.holder = holder;
    this.onPick = () => {};
    this.onPoint = () => {};
  }

  async start(kind = "auto", view = AT_FIRST, own = null) {
    const found = await load();
    this.manifest = found.manifest;
    const gl = kind === "maplibre" || (kind === "auto" && hasGraphics());
    if (gl) {
      try {
        await this.take(await maplibreBase(this.holder, found, view, colours(), own));
        this.own = own;
      } catch (fault) {
        console.warn("the map goes on without WebGL:", fault.message);
      }
    }
    if (!this.base) await this.take(new CanvasBase(this.holder, found, view));
    new ResizeObserver(() => {
      this.base.resize();
      this.overlay.resize();
    }).observe(this.holder);
    this.pointer();
    this.keys();
    return this;
  }

  /** Draws on that base from now on, in the view of the one before. */
  take(base) {
    const before = this.base;
    this.base = base;
    before?.destroy();
    if (this.overlay) this.overlay.rebase(base);
    else this.overlay = new Overlay(this.holder, base);
    base.on("view", () => this.onView?.());
    base.onFault?.(
      () => this.base === base && this.fallBack(),
      (fault) => this.base === base && this.onUnread?.(fault),
    );
    this.dim();
    this.overlay.resize();
  }

  /** The screen is never without a map: the plain one is drawn where the other cannot be. */
  fallBack() {
    this.own = null;
    this.take(new CanvasBase(this.holder, data, this.base.view));
  }

  /** The operator's package under everything, or the reference map alone for null. */
  async setPackage(own) {
    if (own && this.base.kind !== "maplibre") {
      if (!hasWebGl()) throw new Error(t("ui.map.noweb"));
      const { view } = this.base;
      this.take(await maplibreBase(this.holder, data, { lon: view.lon ?? geo.lonOf(view.x), lat: view.lat ?? geo.latOf(view.y), zoom: view.zoom ?? view.z }, colours()));
    }
    this.own = own;
    this.base.setPackage?.(own);
  }

  get canDraw() {
    return this.base?.kind === "maplibre" || (this.webGl ??= hasWebGl());
  }

  dim() {
    if (!this.base) return; // it begins in the colours of then
    const c = colours();
    if (this.base.kind === "canvas" || !document.documentElement.classList.contains("printing")) this.base.setColours(c);
    this.overlay.setColours(c);
  }

  /** True once base and overlay show all that is held: nothing of it waits for a frame. */
  async drawn() {
    await this.base.drawn();
    this.overlay.draw();
  }

  redraw() {
    this.overlay?.soon(0);
  }

  local(e) {
    const r = this.holder.getBoundingClientRect();
    return [e.clientX - r.left, e.clientY - r.top];
  }

  pointer() {
    let down = null;
    this.holder.addEventListener("pointerdown", (e) => (down = this.local(e)));
    this.holder.addEventListener("pointerup", (e) => {
      const at = this.local(e);
      const still = down && Math.hypot(at[0] - down[0], at[1] - down[1]) < 4;
      down = null;
      if (still && e.button === 0) this.click(at);
    });
    this.holder.addEventListener("pointermove", (e) => {
      store.cursor = this.base.unproject(this.local(e));
      this.onCursor?.();
      if (store.measured?.from && !store.measured.to) this.overlay.soon(0);
    });
  }

  click(at) {
    const p = this.base.unproject(at);
    if (store.tool !== "select") this.onPoint(p);
    else this.onPick(this.overlay.hit(...at));
  }

  /** Arrows pan, plus and minus zoom, Enter gives the point under the cross. */
  keys() {
    this.holder.addEventListener("keydown", (e) => {
      const pan = { ArrowLeft: [-80, 0], ArrowRight: [80, 0], ArrowUp: [0, -80], ArrowDown: [0, 80] }[e.key];
      if (pan) this.base.panBy(...pan);
      else if (e.key === "+" || e.key === "=") this.base.zoomBy(0.5);
      else if (e.key === "-") this.base.zoomBy(-0.5);
      else if (e.key === "Enter" && store.tool !== "select") {
        const r = this.holder.getBoundingClientRect();
        this.onPoint(this.base.unproject([r.width / 2, r.height / 2]));
      } else return;
      e.preventDefault();
      e.stopPropagation();
    });
  }

  /** Whether a place lies within what is shown now. */
  sees(p) {
    return this.overlay.sees(...this.base.project(p), 0);
  }

  fit(points) {
    const b = geo.bounds(points);
    if (!b) return;
    const pad = 0.02;
    this.base?.fit([b[0] - pad, b[1] - pad, b[2] + pad, b[3] + pad]);
  }

  /** The area of the protocol and everything that is held. */
  fitAll(screen) {
    const near = [
      ...screen.tracks.map((one) => one.position).filter(Boolean),
      ...[...screen.notices, ...screen.former].flatMap((one) => footprints(one)).flatMap((s) => geo.rings(s)[0] ?? []),
    ];
    this.fit(near.length ? near : geo.rings(screen.protocol.area).flat());
  }
}

/** Every footprint that a notice declares, or declared in a former feed. */
function footprints(notice) {
  const [[, content]] = Object.entries(notice.content ?? { none: {} });
  const volumes = content.volumes ?? (content.volume ? [content.volume] : []);
  return volumes.map((v) => v.footprint);
}
