/** The towns of the reference map that fit a view: the largest first, fewer from afar. */

const LEAST = [5e6, 2e6, 8e5, 3e5, 1e5, 3e4, 5e3, 500]; // inhabitants, from each zoom on
const SEEN_MAX = 80;
const NAMED_MAX = 5;
/** A name without the marks that keyboards leave out: Al-Ḩasakah is al hasakah. */
const plain = (name) => name.normalize("NFD").replace(/\p{M}/gu, "").replaceAll("ı", "i").toLowerCase().replace(/[^\p{L}\d]+/gu, " ").trim();

export class Towns {
  /** @param {[string, number, number, number][]} places name, longitude, latitude, inhabitants; largest first */
  constructor(places) {
    this.all = places.map(([name, lon_deg, lat_deg, n]) => ({ name, at: { lon_deg, lat_deg }, n }));
    this.of = "";
    this.found = [];
  }

  /** The towns whose name begins so, the largest first. */
  named(name) {
    const begins = plain(name);
    return begins.length < 3 ? [] : this.all.filter((one) => plain(one.name).startsWith(begins)).slice(0, NAMED_MAX);
  }

  /** Name and place on the page of the towns that are seen; worked out anew where the view is another. */
  seen(base) {
    const [a, b] = [base.unproject([0, base.h]), base.unproject([base.w, 0])];
    const zoom = base.zoom;
    const of = [a.lat_deg, a.lon_deg, b.lat_deg, b.lon_deg, base.w, base.h].join();
    if (of === this.of) return this.found;
    const least = LEAST[Math.max(0, Math.min(LEAST.length - 1, Math.floor(zoom - 1.6)))];
    this.of = of;
    this.found = [];
    for (const { name, at, n } of this.all) {
      if (n < least || this.found.length >= SEEN_MAX) break;
      const [x, y] = base.project(at);
      if (x > 0 && y > 0 && x < base.w && y < base.h) this.found.push({ name, x, y });
    }
    return this.found;
  }
}
