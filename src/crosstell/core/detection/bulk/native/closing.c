/* The verdict on one pair of tracks, from their states (sweep.c).
 *
 * Symbols: r the chord from the first to the second, c its length, d = c + c^3 / 24 R^2 the arc.
 * e bounds how far d may be from the geodesic: both tracks' errors, the arc's, and a millimetre.
 * The search is that of pair/traffic.py, with its proof: along two geodesics
 *     d(t + x) >= d + d' x - B x^2 / 2,  B = k (v1^2 + v2^2) tan(k d / 2),
 * so the root of f + f' x - B x^2 / 2 never passes the first entry. It runs on d with the limit
 * widened by e: what it does not find is clear. What it finds infringes if d is under the limit by
 * e at one instant of the band; otherwise the pair is within the guard and the exact test decides.
 */
#include "closing.h"
#include "sweep.h"

#define STEPS_MAX 60
#define HEIGHT_GUARD_M 1e-6
#define SLOPE_SHARE 2e-6
#define NEAREST_S 1e-5
#define LEAVING_S 1e-5
#define NEAR_M_MAX 500000.0 /* beyond it the chord stands for the arc, which it never exceeds */

typedef struct {
    const double *first, *second;
    double end_s, error_m, speeds_mps, squares, slack_mps;
} Pair;

typedef struct {
    double start_s, end_s;
} Span;

typedef struct {
    double limit_m, growth_mps;
    Span possible, sure;
} Question;

typedef struct {
    double chord_m, distance_m, slope_mps, rate; /* rate: r . r' */
    double speed_2, bend;                        /* r' . r' and r . r'' */
} Sight;

static Sight sight(const Pair *pair, double t)
{
    const double *a = pair->first, *b = pair->second;
    double u = a[TURN_2] * t * t, v = b[TURN_2] * t * t;
    double along_a = t * (1.0 - u / 6.0 * (1.0 - u / 20.0));
    double along_b = t * (1.0 - v / 6.0 * (1.0 - v / 20.0));
    double across_a = 0.5 * t * t * (1.0 - u / 12.0 * (1.0 - u / 30.0));
    double across_b = 0.5 * t * t * (1.0 - v / 12.0 * (1.0 - v / 30.0));
    double face_a = 1.0 - u * 0.5 * (1.0 - u / 12.0), face_b = 1.0 - v * 0.5 * (1.0 - v / 12.0);
    double r[3], w[3], q[3];
    for (int k = 0; k < 3; k++) {
        const double *va = a + VELOCITY + k, *vb = b + VELOCITY + k;
        const double *ba = a + BEND + k, *bb = b + BEND + k;
        r[k] = (b[PLACE + k] - a[PLACE + k]) + (*vb * along_b - *va * along_a)
               + (*bb * across_b - *ba * across_a);
        w[k] = (*vb * face_b - *va * face_a) + (*bb * along_b - *ba * along_a);
        q[k] = *bb - *ba;
    }
    Sight seen;
    double c_2 = dot3(r, r);
    seen.chord_m = sqrt(c_2);
    seen.rate = dot3(r, w);
    seen.speed_2 = dot3(w, w);
    seen.bend = dot3(r, q);
    double near_2 = least(c_2, NEAR_M_MAX * NEAR_M_MAX) / (24.0 * RADIUS_M * RADIUS_M);
    seen.distance_m = seen.chord_m * (1.0 + near_2);
    seen.slope_mps = seen.chord_m > 0.0 ? seen.rate / seen.chord_m * (1.0 + 3.0 * near_2) : 0.0;
    return seen;
}

static double arc_error(double d)
{
    double cube = d * d * d / (24.0 * RADIUS_M * RADIUS_M);
    return 0.02 * cube + cube * (d / RADIUS_M) * (d / RADIUS_M);
}

/* When room + rate t is not negative, within [0, end]; both ends of the band. */
static Span between(double apart, double rate, double room, double drift, double end)
{
    Span span = {0.0, end};
    for (int sign = -1; sign <= 1; sign += 2) {
        double have = sign * apart + room, gain = sign * rate + drift;
        if (gain > 0.0)
            span.start_s = most(span.start_s, -have / gain);
        else if (gain < 0.0)
            span.end_s = least(span.end_s, have / -gain);
        else if (have < 0.0)
            span.end_s = -1.0;
    }
    return span;
}

/* When the vertical gap is within its limit and `guard`. */
static Span heights(const Pair *pair, const double *limits, int worst, double guard)
{
    const double *a = pair->first, *b = pair->second;
    int unknown = ((int)a[FLAGS] | (int)b[FLAGS]) & UNKNOWN_ALTITUDE;
    if (limits[VERTICAL] >= ANY_HEIGHT_M || unknown)
        return (Span){0.0, pair->end_s};
    double room = limits[VERTICAL] + TIE_M, drift = 0.0;
    if (worst) {
        room += a[WIDE_UP] + b[WIDE_UP];
        drift = a[DRIFT_UP] + b[DRIFT_UP];
    }
    double apart = b[HEIGHT] - a[HEIGHT], rate = b[CLIMB_NOW] - a[CLIMB_NOW];
    return between(apart, rate, room + guard, drift, pair->end_s);
}

/* The chord along the two tangents, less all that they leave out, against the limit. */
static int passes_by(const Pair *pair, const Question *question)
{
    const double *a = pair->first, *b = pair->second;
    double r[3], w[3], q[3], end = question->possible.end_s;
    for (int k = 0; k < 3; k++) {
        r[k] = b[PLACE + k] - a[PLACE + k];
        w[k] = b[VELOCITY + k] - a[VELOCITY + k];
        q[k] = b[BEND + k] - a[BEND + k];
    }
    double reach = question->limit_m + question->growth_mps * end + pair->error_m + a[BOW] + b[BOW]
                   + 0.5 * sqrt(dot3(q, q)) * end * end;
    double speed_2 = dot3(w, w);
    double t = speed_2 > 0.0 ? -dot3(r, w) / speed_2 : 0.0;
    t = least(most(t, question->possible.start_s), end);
    for (int k = 0; k < 3; k++)
        r[k] += w[k] * t;
    return dot3(r, r) > reach * reach;
}

static double safe_step(const Pair *pair, const Sight *seen, double gap, double growth, double left)
{
    double closing = pair->speeds_mps + growth;
    if (closing <= 0.0)
        return INFINITY;
    double step = gap / closing, far = seen->distance_m + left * pair->speeds_mps;
    if (far > 2.0 * NEAR_M_MAX)
        return step;
    double slack = pair->slack_mps + 0.02 * closing * (seen->distance_m / RADIUS_M)
                   * (seen->distance_m / RADIUS_M) + SLOPE_SHARE * closing;
    double slope = seen->slope_mps - growth - slack;
    double bend = 1.05 * pair->squares / POLAR_RADIUS_M * tan(far / (2.0 * POLAR_RADIUS_M));
    double root = 2.0 * gap / (sqrt(slope * slope + 2.0 * bend * gap) - slope);
    return most(step, root);
}

/* The first time at which the distance may be within the limit; -1 if there is none. */
static double first_possible(const Pair *pair, const Question *question, Sight *seen)
{
    double t = question->possible.start_s, end = question->possible.end_s;
    for (int n = 0; n < STEPS_MAX; n++) {
        *seen = sight(pair, t);
        double limit = question->limit_m + question->growth_mps * t;
        double gap = seen->distance_m - limit - pair->error_m - arc_error(seen->distance_m);
        if (gap <= 0.0)
            return t;
        t += safe_step(pair, seen, gap, question->growth_mps, end - t);
        if (!(t <= end))
            return -1.0;
    }
    return t;
}

static int surely_within(const Pair *pair, const Question *question, double t)
{
    if (!(t >= question->sure.start_s && t <= question->sure.end_s))
        return 0;
    Sight seen = sight(pair, t);
    double guard = pair->error_m + arc_error(seen.distance_m);
    return seen.distance_m + guard <= question->limit_m + question->growth_mps * t;
}

/* 0: clear, 1: infringes at *at_s, WITHIN_GUARD: neither is sure. */
static int answer(const Pair *pair, const Question *question, double *at_s)
{
    Sight seen;
    if (question->possible.start_s > question->possible.end_s)
        return CLEAR;
    double t = first_possible(pair, question, &seen), growth = question->growth_mps;
    if (t < 0.0)
        return CLEAR;
    double start = t, over = seen.distance_m - question->limit_m - growth * t;
    if (over > 0.0 && seen.slope_mps < growth)
        start = least(t + over / (growth - seen.slope_mps), question->possible.end_s);
    *at_s = start;
    Span sure = question->sure;
    double later = seen.speed_2 > 0.0 ? t - seen.rate / seen.speed_2 : t;
    later = least(most(later, sure.start_s), sure.end_s);
    double begin = least(most(t, sure.start_s), sure.end_s);
    if (surely_within(pair, question, begin) || surely_within(pair, question, later))
        return INFRINGES;
    seen = sight(pair, later);
    if (seen.speed_2 + seen.bend > 0.0)
        later -= seen.rate / (seen.speed_2 + seen.bend);
    later = least(most(later, begin), sure.end_s);
    if (surely_within(pair, question, later) || surely_within(pair, question, sure.end_s))
        return INFRINGES;
    return WITHIN_GUARD;
}

/* Downhill from the closest approach of the tangents; where the relative speed is small beside the
 * bend of the courses, the two ends are looked at as well. */
static void nearest(const Pair *pair, Row *row)
{
    double t = 0.0, gain = 0.0, bend = 0.0;
    for (int n = 0; n < 5; n++) {
        Sight seen = sight(pair, t);
        bend = seen.bend;
        gain = seen.speed_2 + (n ? bend : 0.0);
        row->nearest_s = t;
        row->nearest_m = seen.distance_m;
        if (!(gain > 1e-9))
            break;
        double next = least(most(t - seen.rate / gain, 0.0), pair->end_s);
        if (fabs(next - t) < NEAREST_S)
            break;
        t = next;
    }
    if (gain > 4.0 * fabs(bend) && gain > 1e-9)
        return;
    for (int n = 0; n < 2; n++) {
        double d = sight(pair, n * pair->end_s).distance_m;
        if (d < row->nearest_m - 1e-6) {
            row->nearest_m = d;
            row->nearest_s = n * pair->end_s;
        }
    }
}

/* When the chord first grows past the limit's, from a time at which it is within. */
static double leaves(const Pair *pair, double limit, double t)
{
    double c = limit - limit * limit * limit / (24.0 * RADIUS_M * RADIUS_M);
    for (int n = 0; n < 12; n++) {
        Sight seen = sight(pair, t);
        double have = seen.chord_m * seen.chord_m - c * c, rate = 2.0 * seen.rate;
        double gain = seen.speed_2 + seen.bend;
        double inner = rate * rate - 4.0 * gain * have;
        if (gain <= 0.0 && (inner < 0.0 || rate <= 0.0))
            return INFINITY;
        double root = sqrt(most(inner, 0.0)), step;
        if (rate > 0.0)
            step = -2.0 * have / (rate + root);
        else
            step = (root - rate) / (2.0 * gain);
        t += step;
        if (t > 2.0 * pair->end_s + 1.0)
            return INFINITY;
        if (fabs(step) < LEAVING_S)
            break;
    }
    return t;
}

/* Whether the worst case is the case as reported. */
static int is_certain(const Pair *pair)
{
    const double *a = pair->first, *b = pair->second;
    double wide = a[WIDE] + b[WIDE] + a[WIDE_UP] + b[WIDE_UP];
    double drift = a[DRIFT] + b[DRIFT] + a[DRIFT_UP] + b[DRIFT_UP];
    return wide == 0.0 && drift == 0.0;
}

/* The verdict by the values as reported, once the worst case is known to infringe at `worst_s`. */
static int reported(const Pair *pair, const double *limits, double worst_s, Row *row)
{
    int flags = (int)pair->first[FLAGS] | (int)pair->second[FLAGS];
    int height = (flags & UNKNOWN_ALTITUDE) && limits[VERTICAL] < ANY_HEIGHT_M;
    if ((flags & STALE) || height)
        return CANNOT_BE_RULED_OUT;
    Question question = {.limit_m = limits[LATERAL] + TIE_M, .growth_mps = 0.0};
    question.possible = heights(pair, limits, 0, HEIGHT_GUARD_M);
    question.sure = heights(pair, limits, 0, -HEIGHT_GUARD_M);
    double start = worst_s, at_s;
    if (flags & UNKNOWN_VELOCITY) {
        question.possible.end_s = least(question.possible.end_s, 0.0);
        question.sure.end_s = least(question.sure.end_s, 0.0);
        start = 0.0;
    }
    double leave_s = question.possible.end_s;
    question.possible.start_s = most(question.possible.start_s, start);
    int verdict = INFRINGES;
    if (is_certain(pair) && !(flags & UNKNOWN_VELOCITY))
        at_s = worst_s;
    else
        verdict = answer(pair, &question, &at_s);
    if (verdict == CLEAR)
        return CANNOT_BE_RULED_OUT;
    if (verdict == WITHIN_GUARD)
        return WITHIN_GUARD;
    row->nominal_s = at_s;
    if (flags & UNKNOWN_VELOCITY)
        return INFRINGES;
    double side_s = leaves(pair, question.limit_m, most(at_s, question.sure.start_s));
    double exit_s = most(at_s, side_s);
    if (leave_s < pair->end_s)
        exit_s = least(exit_s, leave_s);
    row->exit_s = exit_s <= pair->end_s ? exit_s : NAN;
    return INFRINGES;
}

int judge(const double *first, const double *second, const double *limits, Row *row)
{
    Pair pair = {first, second, limits[HORIZON], first[ERROR] + second[ERROR] + 0.001,
                 first[SPEED_NOW] + second[SPEED_NOW],
                 first[SPEED_NOW] * first[SPEED_NOW] + second[SPEED_NOW] * second[SPEED_NOW], 0.0};
    int flags = (int)first[FLAGS] | (int)second[FLAGS];
    if (pair.end_s > 0.0)
        pair.slack_mps = 3.0 * (first[ERROR] + second[ERROR]) / pair.end_s;
    Question worst = {.limit_m = limits[LATERAL] + TIE_M + first[WIDE] + second[WIDE],
                      .growth_mps = first[DRIFT] + second[DRIFT]};
    worst.possible = heights(&pair, limits, 1, HEIGHT_GUARD_M);
    if (worst.possible.start_s > worst.possible.end_s)
        return CLEAR;
    if (flags & FAR)
        return WITHIN_GUARD;
    if (passes_by(&pair, &worst))
        return CLEAR;
    worst.sure = heights(&pair, limits, 1, -HEIGHT_GUARD_M);
    row->nominal_s = row->exit_s = row->nearest_s = row->nearest_m = NAN;
    int verdict = answer(&pair, &worst, &row->infringement_s);
    if (verdict != INFRINGES)
        return verdict;
    verdict = reported(&pair, limits, row->infringement_s, row);
    if (!(flags & (UNKNOWN_VELOCITY | STALE)))
        nearest(&pair, row);
    return verdict;
}
