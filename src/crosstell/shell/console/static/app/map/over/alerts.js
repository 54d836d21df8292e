/**
 * What conflicts: the courses to the predicted places, a mark for every alert, and the boxes that
 * say of the most urgent what, how far and by when to call.
 */

import * as f from "../../format.js";
import { t, word } from "../../i18n.js";
import { find, isPossible, left, offersOf, store, tagged } from "../../store.js";
import * as geo from "../geo.js";
import { stamp } from "../symbols.js";
import { widthOf } from "./labels.js";

const BOXES_MAX = 8; // more hide the map; every alert keeps its mark and its card
const MANY = 40; // alerts beyond which only the chosen one's course has its ticks
const TICKS_MAX = 30;
const [MARK, HIGH] = [72, 58];
const NEAR = 80; // pixels outside the view: what is so near has its box in it
const LEVEL = { critical: "critical", urgent: "urgent", advisory: "notice" };
const RANK = { critical: 0, urgent: 1, advisory: 2 };

const isChosen = (alert) => store.selected === `alert ${alert.alert}`;

/** The course to each predicted place, dashed, with a tick for each minute; of many, the line alone. */
export function drawPaths(o, alerts) {
  const { g } = o;
  const many = alerts.length > MANY;
  const lines = { critical: new Path2D(), urgent: new Path2D(), advisory: new Path2D() };
  for (const alert of alerts) {
    if (alert.words === "cleared") continue;
    for (const place of alert.places) {
      const from = find.track(place.track)?.position;
      if (!from) continue;
      if (!many || isChosen(alert)) path(o, from, place, o.c[LEVEL[alert.level]]);
      else {
        lines[alert.level].moveTo(...o.at(from));
        lines[alert.level].lineTo(...o.at(place.position));
      }
    }
  }
  g.lineWidth = 1;
  for (const [level, line] of Object.entries(lines)) {
    g.strokeStyle = o.c[LEVEL[level]];
    g.stroke(line);
  }
}

function path(o, from, place, colour) {
  const { g } = o;
  const { m, deg } = geo.rangeBearing(from, place.position);
  const seconds = left(place.at);
  g.strokeStyle = colour;
  g.lineWidth = 1.6;
  g.setLineDash([6, 5]);
  g.beginPath();
  g.moveTo(...o.at(from));
  g.lineTo(...o.at(place.position));
  g.stroke();
  g.setLineDash([]);
  const [dx, dy] = [Math.cos((deg * Math.PI) / 180) * 5, Math.sin((deg * Math.PI) / 180) * 5];
  g.beginPath();
  for (let min = 1; min * 60 < seconds && min <= TICKS_MAX; min += 1) {
    const [x, y] = o.at(geo.destination(from, deg, (m * min * 60) / seconds));
    g.moveTo(x - dx, y - dy);
    g.lineTo(x + dx, y + dy);
  }
  g.stroke();
}

/** How many alerts that are not over lie wholly outside of what the map shows. */
export const outside = (alerts, sees) => alerts.filter((one) => one.words !== "cleared").map(spot).filter((at) => at && !sees(at)).length;

/** Where an alert is drawn: its predicted place, else its track, else the notice it is about. */
function spot(alert) {
  if (alert.places.length) return alert.places[0].position;
  const [, about] = tagged(alert.about);
  const name = about.track ?? about.first;
  if (typeof name === "string") return find.track(name)?.position ?? null;
  const of = about.notice ?? about.first;
  const notice = of && find.notice(of.party, of.notice);
  const content = notice && tagged(notice.content)[1];
  const volume = content?.volume ?? content?.volumes?.[0];
  return volume ? geo.middle(volume.footprint) : null;
}

/** Alerts by the place where they are drawn: the chosen or most urgent of each, and how many more. */
function atOnePlace(o, alerts) {
  const places = [];
  for (const alert of alerts) {
    const p = alert.words === "cleared" ? null : spot(alert);
    if (!p) continue;
    const [x, y] = o.at(p);
    if (!o.sees(x, y, NEAR + o.margin)) continue;
    const near = places.find((one) => Math.hypot(one.x - x, one.y - y) < 12);
    if (!near) places.push({ x, y, alerts: [alert] });
    else if (isChosen(alert)) near.alerts.unshift(alert);
    else near.alerts.push(alert);
  }
  return places.map(({ x, y, alerts: [alert, ...rest] }) => ({ x, y, alert, more: rest.length }));
}

/** A mark for each place, then the boxes: the chosen one first, the most urgent next. */
export function drawAlerts(o, alerts) {
  const places = atOnePlace(o, alerts);
  for (const one of places) mark(o, one);
  const rank = ({ alert }) => (isChosen(alert) ? -1 : RANK[alert.level]);
  const boxed = places.filter(({ x, y, alert }) => o.sees(x, y, NEAR) && (alert.level !== "advisory" || isChosen(alert)));
  boxed.sort((a, b) => rank(a) - rank(b));
  for (const one of boxed.slice(0, BOXES_MAX)) box(o, one);
}

function mark(o, { x, y, alert }) {
  const ring = alert.attention === "ringing" ? 3 : 1.6;
  const dash = alert.words === "last-known";
  const up = alert.places.length ? 0 : 25; // a track's own symbol is not covered
  const colour = o.c[LEVEL[alert.level]];
  const made = stamp(`${alert.level}/${ring}/${dash}/${up}/${colour}`, MARK, (g) => {
    g.strokeStyle = colour;
    g.fillStyle = colour;
    g.lineWidth = ring;
    if (dash) g.setLineDash([4, 4]);
    g.globalAlpha = 0.15;
    g.beginPath();
    g.arc(MARK / 2, MARK / 2, 24, 0, 7);
    g.fill();
    g.globalAlpha = 1;
    g.stroke();
    shape(g, alert.level, MARK / 2, MARK / 2 - up, 8);
  });
  o.g.drawImage(made, Math.round(x - MARK / 2), Math.round(y - MARK / 2), MARK, MARK);
  o.taken.add([x - 25, y - 25, x + 25, y + 25]);
  o.hits.push({ key: `alert ${alert.alert}`, x, y, r: 24 });
}

function shape(g, level, x, y, r) {
  g.beginPath();
  if (level === "critical") {
    g.moveTo(x, y - r);
    g.lineTo(x + r, y);
    g.lineTo(x, y + r);
    g.lineTo(x - r, y);
  } else if (level === "urgent") {
    g.moveTo(x, y - r);
    g.lineTo(x + r, y + r * 0.8);
    g.lineTo(x - r, y + r * 0.8);
  } else g.arc(x, y, r * 0.7, 0, 7);
  g.closePath();
  g.fill();
}

const callBy = (alert) => {
  if (!alert.call_by.length) return "";
  return offersOf(alert).includes("stop") ? t(isPossible(alert) ? "ui.map.past.possible" : "ui.map.past") : `${t("ui.map.callby")} ${f.zulu(alert.call_by[0].at)}`;
};

/** What stands in the box of an alert; of what only cannot be ruled out, from when it could be. */
function boxLines(alert, more) {
  const sure = alert.assessed === "infringes";
  const at = sure ? alert.nominal_at ?? alert.infringement_at : alert.infringement_at;
  const seconds = left(at);
  const head = `${word(alert.level).toLocaleUpperCase(document.documentElement.lang)} · ${word(alert.assessed)}`;
  const span = f.countdown(seconds);
  const when = sure
    ? `${f.length(Math.max(0, alert.nearest_m ?? alert.distance_m))}  ${seconds > 0 ? t("ui.map.in", { span }) : t("ui.map.now")}`
    : seconds > 0 ? t("ui.map.from", { at: f.zulu(at), span }) : t("ui.map.since", { at: f.zulu(at) });
  return [head, when, callBy(alert) + (more ? `  +${more}` : "")];
}

function box(o, { x, y, alert, more }) {
  const { g, c } = o;
  const colour = c[LEVEL[alert.level]];
  const lines = boxLines(alert, more);
  const fonts = lines.map((_, i) => `${i === 1 ? "600 14px" : "600 12px"} 'IBM Plex Mono', 'IBM Plex Sans Arabic', monospace`);
  const wide = 18 + Math.max(...lines.map((text, i) => widthOf(g, fonts[i], text)));
  if (o.free[1] - o.free[0] < wide) return; // a wide panel leaves no room in which it would be whole
  const found = place(o, x, y, wide);
  if (!found && !isChosen(alert)) return; // its mark and its card are there
  const [bx, by] = found ?? within(o, wide, [x + 46, y - HIGH]);
  o.taken.add([bx, by, bx + wide, by + HIGH]);
  o.closed.add([bx, by, bx + wide, by + HIGH]);
  g.strokeStyle = colour;
  g.lineWidth = 1.4;
  g.beginPath();
  g.moveTo(x + Math.sign(bx - x) * 17, y + Math.sign(by - y) * 17);
  g.lineTo(Math.min(Math.max(x, bx), bx + wide), Math.min(Math.max(y, by), by + HIGH));
  g.stroke();
  g.fillStyle = c.panel;
  g.globalAlpha = 0.93;
  g.fillRect(bx, by, wide, HIGH);
  g.globalAlpha = 1;
  g.strokeRect(bx, by, wide, HIGH);
  g.textBaseline = "middle";
  g.textAlign = "left";
  lines.forEach((text, i) => {
    g.fillStyle = i === 0 ? colour : c.text;
    g.font = fonts[i];
    g.fillText(text, bx + 9, by + 12 + i * 17.5);
  });
}

/** The nearest place at which a box is whole within the map. */
const within = (o, wide, [bx, by]) => [Math.max(o.free[0], Math.min(bx, o.free[1] - wide)), Math.max(48, Math.min(by, o.h - HIGH - 6))];

/** Where a box stands: at the first free place near its mark, else over tracks, never over another box. */
function place(o, x, y, wide) {
  const around = (d) => [[x - wide - 46, y - HIGH - d + 28], [x + 46, y - HIGH - d + 28], [x - wide - 46, y + d - 18], [x + 46, y + d - 18], [x - wide / 2, y - HIGH - d + 10], [x - wide / 2, y + d - 10]];
  const spots = [46, 92, 150].flatMap(around).map((at) => within(o, wide, at));
  const own = [x - 26, y - 26, x + 26, y + 26];
  const clear = ([bx, by]) => !(bx < own[2] && bx + wide > own[0] && by < own[3] && by + HIGH > own[1]);
  const boxAt = ([bx, by]) => [bx, by, bx + wide, by + HIGH];
  const found = spots.find((at) => clear(at) && o.taken.isFree(boxAt(at)));
  if (found) return found;
  const crowd = new Map(spots.filter((at) => o.closed.isFree(boxAt(at))).map((at) => [at, o.taken.crowd(boxAt(at))]));
  return [...crowd.keys()].reduce((best, at) => (best && crowd.get(best) <= crowd.get(at) ? best : at), null);
}
