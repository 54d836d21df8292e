/* When one track enters one zone and leaves it: pair/zone.py on circles and quadratics.
 *
 * Every search is made twice, with the limit widened by what the arithmetic may be wrong by, and
 * narrowed by it. Where both find the same, to SAME_S, that is the answer; elsewhere the exact
 * pairing decides (OPEN_ENTRY).
 */
#include "zones.h"

#define SAME_S 0.1
#define EPSILON_S 1e-6

/* When the band is met: as reported (`known`) and at worst. */
typedef struct {
    Stretch nominal, widest;
    int known;
} Band;

/* A first time and the end of its stretch, at best and at worst. */
typedef struct {
    double early, late, out_early, out_late;
    int found, open;
} First;

/* When room + rate t is not negative. */
static void narrow(Stretch *span, double room, double rate)
{
    if (rate > 0.0)
        span->from = most(span->from, -room / rate);
    else if (rate < 0.0)
        span->to = least(span->to, room / -rate);
    else if (!(room >= 0.0))
        span->to = -INFINITY;
}

static Band band_of(const double *state, const Zones *zones, int64_t zone, const Rule *rule)
{
    const Stretch always = {-INFINITY, INFINITY};
    Band band = {always, always, 1};
    double lower = zones->lower[zone], upper = zones->upper[zone];
    double gap = rule->vertical + TIE_M;
    double wide = state[WIDE_UP] + zones->height_wide[zone], drift = state[DRIFT_UP];
    if (isinf(zones->height_wide[zone]) || (isinf(lower) && isinf(upper)))
        return band;
    if ((int64_t)state[FLAGS] & UNKNOWN_ALTITUDE) {
        band.known = 0;
        return band;
    }
    if (!isinf(lower)) {
        double room = state[HEIGHT] - lower + gap;
        narrow(&band.nominal, room, state[CLIMB_NOW]);
        narrow(&band.widest, room + wide, state[CLIMB_NOW] + drift);
    }
    if (!isinf(upper)) {
        double room = upper - state[HEIGHT] + gap;
        narrow(&band.nominal, room, -state[CLIMB_NOW]);
        narrow(&band.widest, room + wide, -state[CLIMB_NOW] + drift);
    }
    return band;
}

static Shape shape_of(const Zones *zones, int64_t zone)
{
    int64_t first = zones->piece_at[zone];
    Shape shape = {zones->middle + 3 * zone, zones->pieces + first * PIECE,
                   zones->piece_at[zone + 1] - first, zones->radius[zone], zones->bound[zone],
                   zones->kind[zone]};
    return shape;
}

/* The first time within `limit` from `early` (at best) or `late` (at worst) to `end`. */
static First first_within(const double *state, const Shape *shape, double limit, double early,
                          double late, double end)
{
    First first = {0};
    Times may, must;
    Stretch range = {u_of(state, early), u_of(state, end)};
    within(state, shape, limit, 1, range, &may);
    first.open = may.in_doubt;
    if (first.open || may.count == 0)
        return first;
    range.from = u_of(state, late);
    within(state, shape, limit, -1, range, &must);
    first.open = must.in_doubt || must.count == 0;
    if (first.open)
        return first;
    first.early = time_of(state, may.at[0].from);
    first.late = time_of(state, must.at[0].from);
    first.out_late = time_of(state, may.at[0].to);
    first.out_early = time_of(state, must.at[0].to);
    first.found = 1;
    first.open = first.late - first.early > SAME_S;
    return first;
}

/* Adds what the values as reported say: entry and exit. */
static int judge_nominal(const double *state, const Shape *shape, const Rule *rule, Stretch span,
                         First worst, Entry *entry)
{
    double early = most(worst.early, span.from), late = most(worst.late, span.from);
    if (span.to < early - EPSILON_S)
        return UNSURE_ENTRY;
    if (span.to < late + EPSILON_S)
        return OPEN_ENTRY;
    First first = first_within(state, shape, rule->lateral, early, late, span.to);
    if (first.open)
        return OPEN_ENTRY;
    if (!first.found)
        return UNSURE_ENTRY;
    entry->nominal = most(entry->infringement, 0.5 * (first.early + first.late));
    int stays = first.out_early >= span.to - EPSILON_S;
    if (!stays && first.out_late - first.out_early > SAME_S)
        return OPEN_ENTRY;
    entry->exit = stays ? span.to : 0.5 * (first.out_early + first.out_late);
    if (stays && span.to >= rule->horizon)
        entry->exit = NAN;
    return SURE_ENTRY;
}

static int judge_course(const double *state, const Shape *shape, const Rule *rule, Stretch span,
                        Band band, Entry *entry)
{
    double from = most(span.from, band.widest.from), to = least(span.to, band.widest.to);
    if (to < from - EPSILON_S)
        return CLEAR_ENTRY;
    First worst = first_within(state, shape, rule->lateral + state[WIDE], from, from,
                               most(from, to));
    if (worst.open)
        return OPEN_ENTRY;
    if (!worst.found)
        return CLEAR_ENTRY;
    if (to < from + EPSILON_S)
        return OPEN_ENTRY;
    entry->infringement = 0.5 * (worst.early + worst.late);
    if (!band.known)
        return UNSURE_ENTRY;
    span.from = most(span.from, band.nominal.from);
    span.to = least(span.to, band.nominal.to);
    return judge_nominal(state, shape, rule, span, worst, entry);
}

static Gap gap_now(const double *state, const Shape *shape)
{
    if (shape->kind == RING_KIND)
        return signed_gap(state, shape->middle, shape->pieces, shape->count);
    int lines = shape->kind == LINES_KIND;
    double flat = lines ? flat_to_ring(state, shape->pieces, shape->count)
                        : apart(state, shape->middle);
    Gap gap = gap_of(flat, !lines), ball = {flat - shape->bound, INFINITY};
    if (shape->kind == BALL_KIND)
        return ball;
    gap.low -= shape->radius;
    gap.high -= shape->radius;
    return gap;
}

/* Without a course every direction counts, from the last place at the speed that it may have. */
static int judge_anywhere(const double *state, const Shape *shape, const Rule *rule, Stretch span,
                          Band band, Entry *entry)
{
    double from = most(span.from, band.widest.from), to = least(span.to, band.widest.to);
    if (to < from - EPSILON_S)
        return CLEAR_ENTRY;
    Gap gap = gap_now(state, shape);
    double low = gap.low - rule->lateral - 2.0 * TIE_M - state[WIDE], drift = state[DRIFT];
    double high = gap.high - rule->lateral - state[WIDE];
    if (low > drift * most(from, to) + EPSILON_S)
        return CLEAR_ENTRY;
    if (high > drift * to || to < from + EPSILON_S)
        return OPEN_ENTRY;
    double early = low <= drift * from ? from : low / drift;
    double late = high <= drift * from ? from : high / drift;
    if (late - early > SAME_S)
        return OPEN_ENTRY;
    entry->infringement = 0.5 * (early + late);
    if (((int64_t)state[FLAGS] & STALE) || !band.known)
        return UNSURE_ENTRY;
    if (early > 0.0 || most(span.from, band.nominal.from) > 0.0 || band.nominal.to < 0.0)
        return UNSURE_ENTRY;
    if (gap.low > rule->lateral + 2.0 * TIE_M)
        return UNSURE_ENTRY;
    if (gap.high > rule->lateral || late > 0.0)
        return OPEN_ENTRY;
    entry->nominal = 0.0;
    return SURE_ENTRY;
}

/* Whether its course surely stays out of the zone's ball until `end`: the root of a quadratic. */
static int passes_by(const double *state, const Shape *shape, double limit, double end)
{
    double flat = shape->bound + limit + state[WIDE] + state[ERROR] + 1.0;
    double w[3] = {state[0] - shape->middle[0], state[1] - shape->middle[1],
                   state[2] - shape->middle[2]};
    double c = dot3(w, w) - flat * flat, b = dot3(w, state + VELOCITY);
    if (c <= 0.0)
        return 0;
    if (b >= 0.0)
        return 1;
    double speed_2 = dot3(state + VELOCITY, state + VELOCITY);
    double a = 0.25 * c * state[TURN_2] + dot3(w, state + BEND) + speed_2;
    double square = b * b - a * c;
    if (a <= 0.0)
        return 0;
    return square < 0.0 || c > (sqrt(square) - b) * u_of(state, end);
}

int judge_entry(const double *state, double turn, const Zones *zones, int64_t zone,
                const Rule *rule, Entry *entry)
{
    Shape shape = shape_of(zones, zone);
    int64_t flags = (int64_t)state[FLAGS];
    Stretch span = {most(0.0, zones->begin[zone]), least(rule->horizon, zones->end[zone])};
    entry->infringement = entry->nominal = entry->exit = NAN;
    if (span.to < span.from)
        return CLEAR_ENTRY;
    double away = apart(state, shape.middle) - shape.bound - rule->lateral - 2.0 * TIE_M;
    int loose = (flags & (UNKNOWN_VELOCITY | STALE)) != 0, verdict;
    double reach = state[WIDE] + (state[SPEED_NOW] + state[DRIFT]) * span.to + state[ERROR];
    int far = (flags & FAR) != 0;
    if (away > reach || (!loose && !far && passes_by(state, &shape, rule->lateral, span.to)))
        verdict = CLEAR_ENTRY;
    else if (far)
        verdict = OPEN_ENTRY;
    else
        verdict = (loose ? judge_anywhere : judge_course)(
            state, &shape, rule, span, band_of(state, zones, zone, rule), entry);
    if (verdict != CLEAR_ENTRY && zones->height_wide[zone] > 0.0)
        verdict = OPEN_ENTRY;
    int later = verdict == CLEAR_ENTRY || entry->infringement > rule->turn_horizon - SAME_S;
    if (turn > 0.0 && !loose && later && away <= turn)
        verdict = OPEN_ENTRY;
    return verdict;
}
