/**
 * The base map by MapLibre GL, for machines with a graphics card, and for the operator's own map
 * packages (PMTiles). Same interface as `canvas_base.js`. Loaded only where it is used.
 */

import { mx, my } from "./geo.js";
import { layersOfPackage, sourceOf } from "./package.js";
import { Towns } from "./towns.js";

const line = (lines) => ({
  type: "Feature",
  properties: {},
  geometry: { type: "MultiLineString", coordinates: lines },
});
const area = (rings) => ({
  type: "Feature",
  properties: {},
  geometry: { type: "MultiPolygon", coordinates: rings.map((ring) => [ring]) },
});

/** Whether WebGL2 is there and is not drawn by the processor. */
export function hasGraphics() {
  const gl = document.createElement("canvas").getContext("webgl2");
  if (!gl) return false;
  const info = gl.getExtension("WEBGL_debug_renderer_info");
  const name = info ? String(gl.getParameter(info.UNMASKED_RENDERER_WEBGL)) : "";
  gl.getExtension("WEBGL_lose_context")?.loseContext();
  return !/swiftshader|llvmpipe|software|basic render/i.test(name);
}

/** Whether WebGL2 is there at all, drawn by whatever. */
export function hasWebGl() {
  const gl = document.createElement("canvas").getContext("webgl2");
  gl?.getExtension("WEBGL_lose_context")?.loseContext();
  return !!gl;
}

let library = null;

/** The map's code, its styles, and the reader of packages: loaded once. */
async function load() {
  const [gl, { Protocol }] = await Promise.all([
    import("../../vendor/maplibre-gl.mjs"),
    import("../../vendor/pmtiles.mjs"),
    document.fonts.load("14px 'IBM Plex Sans'"),
  ]);
  gl.addProtocol("pmtiles", new Protocol().tile);
  const css = document.createElement("link");
  css.rel = "stylesheet";
  css.href = "/console/vendor/maplibre-gl.css";
  document.head.append(css);
  return gl;
}

export async function maplibreBase(holder, data, view, colours, own = null) {
  library ??= load();
  const gl = await library;
  const div = document.createElement("div");
  div.className = "base";
  holder.prepend(div);
  const map = new gl.Map({
    container: div,
    style: style(data, colours, own),
    center: [view.lon, view.lat],
    zoom: view.zoom,
    minZoom: 1.2,
    maxZoom: 16,
    attributionControl: false,
    dragRotate: false,
    pitchWithRotate: false,
    touchPitch: false,
    keyboard: false,
    fadeDuration: 0,
    canvasContextAttributes: { preserveDrawingBuffer: true }, // else nothing is printed
  });
  map.touchZoomRotate.disableRotation();
  return new MapLibreBase(map, div, data, colours, own);
}

function style(data, c, own = null) {
  const sources = {};
  const layers = [{ id: "water", type: "background", paint: { "background-color": c.water } }];
  for (const [set, from] of [["world", 0], ["region", 4.2]]) {
    for (const [name, lines] of Object.entries(data[set])) {
      const id = `${set}-${name}`;
      const filled = name === "land" || name === "lakes";
      sources[id] = { type: "geojson", data: filled ? area(lines) : line(lines), tolerance: 0.5 };
      layers.push(...layersOf(id, name, c, from));
    }
  }
  if (own) {
    sources.package = sourceOf(own);
    layers.push(...layersOfPackage(own, c));
  }
  return { version: 8, sources, layers };
}

function layersOf(id, name, c, from) {
  const found = [];
  const base = { source: id, minzoom: from };
  if (name === "land") found.push({ id, ...base, type: "fill", paint: { "fill-color": c.land } });
  if (name === "lakes") found.push({ id, ...base, type: "fill", paint: { "fill-color": c.water } });
  const paint = {
    land: { "line-color": c.coast, "line-width": 1 },
    rivers: { "line-color": c.river, "line-width": 0.9 },
    provinces: { "line-color": c.province, "line-width": 0.8, "line-dasharray": [3, 4] },
    borders: { "line-color": c.border, "line-width": 1.2, "line-dasharray": [6, 3, 2, 3] },
  }[name];
  if (paint) found.push({ id: `${id}-line`, ...base, type: "line", paint });
  return found;
}

class MapLibreBase {
  kind = "maplibre";

  constructor(map, div, data, colours, own) {
    this.colours = colours;
    this.own = own;
    this.map = map;
    this.div = div;
    this.data = data;
    this.towns = new Towns(data.places);
    this.ready = new Promise((done) => map.once("idle", done));
  }

  get w() {
    return this.map.getContainer().clientWidth;
  }

  get h() {
    return this.map.getContainer().clientHeight;
  }

  get view() {
    const { lng, lat } = this.map.getCenter();
    return { lon: lng, lat, zoom: this.map.getZoom() };
  }

  get zoom() {
    return this.map.getZoom();
  }

  /** The middle of the view in Web Mercator, and its zoom. */
  get camera() {
    const { lon, lat, zoom } = this.view;
    return { x: mx(lon), y: my(lat), z: zoom };
  }

  /** The towns on the map, for whoever writes their names. */
  places() {
    return this.own?.kind === "vector" ? [] : this.towns.seen(this); // a package has its own names
  }

  on(_, listener) {
    this.map.on("move", listener);
    this.map.on("resize", listener);
  }

  project(p) {
    const { x, y } = this.map.project([p.lon_deg, p.lat_deg]);
    return [x, y];
  }

  unproject(at) {
    const { lng, lat } = this.map.unproject(at);
    return { lat_deg: lat, lon_deg: ((((lng + 180) % 360) + 360) % 360) - 180 };
  }

  fit([w, s, e, n], pad = 100) {
    this.map.fitBounds([[w, s], [e, n]], { padding: pad, maxZoom: 10.5, duration: 0 });
  }

  center(p, zoom) {
    this.map.jumpTo({ center: [p.lon_deg, p.lat_deg], ...(zoom ? { zoom } : {}) });
  }

  zoomBy(step) {
    this.map.jumpTo({ zoom: this.map.getZoom() + step });
  }

  panBy(dx, dy) {
    this.map.panBy([dx, dy], { duration: 0 });
  }

  metresPerPixel() {
    const lat = this.map.getCenter().lat;
    return (40075016.7 * Math.cos((lat * Math.PI) / 180)) / (512 * 2 ** this.map.getZoom());
  }

  set locked(on) {
    if (on) this.map.dragPan.disable();
    else this.map.dragPan.enable();
  }

  resize() {
    this.map.resize();
  }

  /** Waits for the first whole picture; later ones come as they come. */
  drawn() {
    return this.ready;
  }

  setColours(colours) {
    this.colours = colours;
    this.map.setStyle(style(this.data, colours, this.own));
  }

  /** The operator's package is drawn over the reference map; null takes it away. */
  setPackage(own) {
    this.own = own;
    this.map.setStyle(style(this.data, this.colours, own));
  }

  /** What to do where the map cannot be drawn any more, or a package cannot be read. */
  onFault(lost, unread) {
    this.map.on("webglcontextlost", () => lost());
    this.map.on("error", ({ error, sourceId }) => (sourceId === "package" || /pmtiles/i.test(error?.message ?? "") ? unread(error) : null));
  }

  destroy() {
    this.map.remove();
    this.div.remove();
  }
}
