/**
 * The operator's own map package as layers of the map: vector tiles by the names of their layers,
 * in the colours of the dim level; or pictures. Nothing is read from it but to be drawn.
 */

import { t } from "../i18n.js";

const LOOKS = [
  [/water|ocean|lake|sea/i, (c) => ({ fill: c.water, line: c.river, width: 0.9 })],
  [/river|stream|canal/i, (c) => ({ line: c.river, width: 1 })],
  [/earth|land(?!use)|continent/i, (c) => ({ fill: c.land })],
  [/landuse|landcover|park|wood|forest|natural/i, (c) => ({ fill: c.province, opacity: 0.35 })],
  [/road|street|transport|highway|rail|path|way/i, (c) => ({ line: c.text3, width: 1.1, text: c.place })],
  [/bound|admin|border/i, (c) => ({ line: c.border, width: 1.2, dash: [6, 3] })],
  [/building/i, (c) => ({ fill: c.province, opacity: 0.8 })],
  [/place|poi|label|name|city|town/i, (c) => ({ text: c.place, point: c.place })],
];
const lookOf = (name, c) => LOOKS.find(([words]) => words.test(name))?.[1](c) ?? { line: c.text3, width: 0.8, point: c.text3, text: c.place };

export const urlOf = (one) => `${location.origin}/api/v1/maps/${one.id}/part`;

/** The source of the package for a style. */
export const sourceOf = (one) =>
  one.kind === "raster"
    ? { type: "raster", url: `pmtiles://${urlOf(one)}`, tileSize: 256 }
    : { type: "vector", url: `pmtiles://${urlOf(one)}` };

/** Its layers, in their order: areas, lines, points, names. */
export function layersOfPackage(one, c) {
  if (one.kind === "raster") return [{ id: "package", type: "raster", source: "package", paint: { "raster-opacity": 0.9 } }];
  const found = { fill: [], line: [], circle: [], symbol: [] };
  for (const name of one.layers) {
    const look = lookOf(name, c);
    const base = (kind) => ({ id: `package-${kind}-${name}`, source: "package", "source-layer": name, type: kind });
    if (look.fill)
      found.fill.push({ ...base("fill"), filter: ["==", "$type", "Polygon"], paint: { "fill-color": look.fill, "fill-opacity": look.opacity ?? 1 } });
    if (look.line)
      found.line.push({ ...base("line"), filter: ["!=", "$type", "Point"], paint: { "line-color": look.line, "line-width": look.width, ...(look.dash ? { "line-dasharray": look.dash } : {}) } });
    if (look.point)
      found.circle.push({ ...base("circle"), filter: ["==", "$type", "Point"], paint: { "circle-radius": 2.2, "circle-color": look.point } });
    if (look.text)
      found.symbol.push({
        ...base("symbol"),
        filter: ["all", ["==", "$type", "Point"], ["has", "name"]],
        layout: { "text-field": ["get", "name"], "text-font": ["IBM Plex Sans"], "text-size": 12, "text-offset": [0.5, 0], "text-anchor": "left" },
        paint: { "text-color": look.text, "text-halo-color": c.halo, "text-halo-width": 1.4 },
      });
  }
  return [...found.fill, ...found.line, ...found.circle, ...found.symbol];
}

/** What stands under the map: whose map this is, which hash it has, what it is not for. */
export const labelOf = (one, manifest) =>
  one
    ? [t("ui.map.own", { title: one.title }), one.sha256.slice(0, 8), one.attribution]
    : [t("ui.map.reference"), manifest?.sha256.slice(0, 8) ?? "", manifest?.attribution ?? ""];
