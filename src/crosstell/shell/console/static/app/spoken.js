/**
 * The words of a broadcast, drafted: who is spoken to, who speaks, where, what is asked. Whoever hears the
 * frequency hears them, so no place of forces or of a site is told, nor that one is near: of dangers a zone's
 * alone and a collision, of objects one that is not ours. docs/decisions/0029-what-a-broadcast-says.md
 */

import { aboutTracks } from "./content.js";
import * as f from "./format.js";
import { language, t, word } from "./i18n.js";
import { middle, rangeBearing, rings } from "./map/geo.js";
import { find, own, title } from "./store.js";

const DANGERS = ["zone-entered", "collision"];

/** The object that is spoken to: of those of the alert the one that is not ours. */
function addressed(alert) {
  const others = alert ? aboutTracks(alert.about).map(find.track).filter((one) => one && one.whose !== "ours") : [];
  return others.length === 1 ? others[0] : null;
}

/** Where it is said to be: nowhere while its positions are doubted. */
const placeOf = (track) => (track?.position && !track.untrusted_since ? f.minutes(track.position) : "");

function seen(track) {
  const parts = [t("msg.broadcast.seen", { at: f.zulu(track.seen_at, { seconds: false }) })];
  if (track.track_deg != null) parts.push(t("msg.broadcast.course", { course: f.bearing(track.track_deg).slice(0, 3) }));
  if (track.altitude) parts.push(f.altitude(track.altitude));
  return `${parts.join(", ")}.`;
}

/** A zone as the circle that holds it. */
function zone(shape) {
  const centre = middle(shape);
  if (!centre) return "";
  const radius_m = shape.circle?.radius_m ?? Math.max(...rings(shape).flat().map((one) => rangeBearing(centre, one).m));
  return t("msg.broadcast.zone", { place: f.minutes(centre), radius: f.miles(radius_m) });
}

/** What the alert's draft asks of that object. */
function asked({ danger, act, place }) {
  const parts = [];
  if (danger === "zone-entered" && place) parts.push(zone(place));
  if (DANGERS.includes(danger)) parts.push(t("msg.broadcast.danger", { danger: word(danger) }));
  if (act) parts.push(t("msg.broadcast.ask", { act: word(act) }));
  return parts;
}

const plain = (text) => text.replace(/[\u2066-\u2069]/g, ""); // marks for the page alone
const begun = (text) => text.charAt(0).toLocaleUpperCase(language()) + text.slice(1);

/** Addressee and text, in the page's language. `track` is the object whose place is told, else null. */
export function spoken(alert) {
  const track = addressed(alert);
  const at = placeOf(track);
  const kind = track?.kind ? word(track.kind) : t("msg.broadcast.object");
  const to = plain(at ? t("msg.broadcast.to", { kind, at }) : t("msg.broadcast.all"));
  const sentences = [
    t("msg.broadcast.from", { to, who: title(own()) }),
    ...(at ? [seen(track)] : []),
    ...(track && alert.draft ? asked(alert.draft.content) : []),
  ];
  return { to, text: begun(plain(sentences.filter(Boolean).join(" "))), track: at ? track : null };
}
