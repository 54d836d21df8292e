/**
 * The words of a broadcast, drafted: who is spoken to, who speaks, where, what is asked. Whoever hears the
 * frequency hears them, so no place of forces or of a site is told, nor that one is near, and no position
 * that is not sure. docs/decisions/0029-what-a-broadcast-says.md
 */

import { aboutNotices, aboutTracks } from "./content.js";
import * as f from "./format.js";
import { language, t, word } from "./i18n.js";
import { middle, rangeBearing, rings } from "./map/geo.js";
import { find, isSaid, own, tagged, title } from "./store.js";

const FOR_OTHERS = ["roz", "danger-area", "restricted-area", "prohibited-area", "temporary-restriction"]; // others tell where forces are
const ACCURACY_M_MAX = 1852; // a minute of arc: what is said is no finer
const MARGIN = 1.02; // what is drawn is on a sphere, its arcs in chords
const TENTH_MILE_M = 185.2;

/** The object that is spoken to: of those of the alert the one of which nobody of us says that it may be ours. */
function addressed(alert) {
  const others = alert ? aboutTracks(alert.about).map(find.track).filter((one) => one && !isSaid(one, "ours", "checking", "disputed")) : [];
  return others.length === 1 ? others[0] : null;
}

/** Where it is said to be: only where our own sensors see it now, and surely enough. */
function placeOf(track, alert) {
  const isSure = track?.freshness === "current" && !track.reporter && !track.untrusted_since && !alert.doubted_since;
  const isFine = track?.position_accuracy_m != null && track.position_accuracy_m <= ACCURACY_M_MAX;
  return track?.position && isSure && isFine ? f.minutes(track.position) : "";
}

const MARGIN_FT = 100; // how sure a height is is said in whole hundreds of feet, rounded up

/** A height, with how far it may be off where our sensor says so. */
function height({ altitude, altitude_accuracy_m }) {
  if (altitude_accuracy_m == null) return f.altitude(altitude);
  const margin = Math.max(1, Math.ceil(f.feet(altitude_accuracy_m) / MARGIN_FT)) * MARGIN_FT;
  return t("msg.broadcast.height", { height: f.altitude(altitude), margin });
}

function seen(track) {
  const parts = [t("msg.broadcast.seen", { at: f.zulu(track.seen_at, { seconds: false }) })];
  if (track.track_deg != null) parts.push(t("msg.broadcast.course", { course: f.bearing(track.track_deg).slice(0, 3) }));
  if (track.altitude) parts.push(height(track));
  return `${parts.join(", ")}.`;
}

/** The zone that is told: of our own, of a type that is meant for others, and held by whom the draft is for. */
function toldZone(alert) {
  const [named] = aboutNotices(alert.about);
  const notice = named?.party === own() && alert.draft?.content.place ? find.notice(own(), named.notice) : null;
  const [kind, content] = tagged(notice?.content);
  const isTold = kind === "zone" && FOR_OTHERS.includes(content.field_type) && notice.releasable_to.includes(alert.draft.to_party);
  return isTold ? notice : null;
}

/** The points of a shape, and how far beyond them it goes. */
function extent(shape) {
  if (shape.circle) return [[shape.circle.centre], shape.circle.radius_m];
  return shape.corridor ? [shape.corridor.points, shape.corridor.half_width_m] : [rings(shape).flat(), 0];
}

/** A zone as a circle that holds it, about the point that is said. */
function circle(shape) {
  const said = f.atMinute(middle(shape));
  const [points, beyond_m] = extent(shape);
  const radius_m = MARGIN * Math.max(...points.map((one) => rangeBearing(said, one).m)) + beyond_m;
  return t("msg.broadcast.zone", { place: f.minutes(said), radius: f.miles(Math.ceil(radius_m / TENTH_MILE_M) * TENTH_MILE_M) });
}

/** What the alert's draft asks; of dangers a zone's alone is named, and only with the zone. */
function asked({ danger, act, place }, zone) {
  const parts = [];
  if (zone) parts.push(circle(place));
  if (zone && danger === "zone-entered") parts.push(t("msg.broadcast.danger", { danger: word(danger) }));
  if (act) parts.push(t("msg.broadcast.ask", { act: word(act) }));
  return parts;
}

const plain = (text) => text.replace(/[\u2066-\u2069]/g, ""); // marks for the page alone
const begun = (text) => text.charAt(0).toLocaleUpperCase(language()) + text.slice(1);

/** Addressee and text, in the page's language. `track` is the object whose place is told, `zone` the notice, else null. */
export function spoken(alert) {
  const track = addressed(alert);
  const at = placeOf(track, alert);
  const zone = track && toldZone(alert);
  const kind = track?.kind ? word(track.kind) : t("msg.broadcast.object");
  const to = plain(at ? t("msg.broadcast.to", { kind, at }) : t("msg.broadcast.all"));
  const sentences = [
    t("msg.broadcast.from", { to, who: title(own()) }),
    ...(at ? [seen(track)] : []),
    ...((at || zone) && alert.draft ? asked(alert.draft.content, zone) : []), // of no place nothing is asked
  ];
  return { to, text: begun(plain(sentences.filter(Boolean).join(" "))), track: at ? track : null, zone };
}
