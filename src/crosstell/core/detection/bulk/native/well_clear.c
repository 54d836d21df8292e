/* Well-clear violations and alerts of many pairs, in closed form.
 *
 * The operations and their order are those of well_clear/exact.py and well_clear/arrays.py, so that
 * all three give the same bits; the symbols and the source are in exact.py. Units: metres, seconds.
 */
#include "kernel.h"

#define STILL_MPS 1e-13
#define STILL_2 (STILL_MPS * STILL_MPS)
#define LINGERS_2 1e-13
#define ALIKE_STEPS 16348
#define ALIKE_S 1e-13

enum { EAST, NORTH, UP, EAST_SPEED, NORTH_SPEED, UP_SPEED };
enum { DISTANCE, HEIGHT, TAU, COALTITUDE, VOLUME_SIZE };
enum { VOLUME, ALERT, LEVEL_SIZE };
enum { VOLUME_COUNT, LEVEL_COUNT, HORIZON, OPEN_TIES, HEAD_SIZE };
enum { VOLUMES_MAX = 8 };

typedef struct {
    double start, end; /* none where the start is after the end */
} span;

typedef struct {
    double a, b, x, s2;    /* of the level part */
    double along, speed;   /* of the upright part: place along its own motion */
    double gap;
} pair;

static const span NONE = {INFINITY, -INFINITY};

/* How many floats lie from 0 to a time that is not negative. */
static inline int64_t steps(double time)
{
    return ((union { double value; int64_t bits; }){time}).bits;
}

/* Whether a time from 0 up is before another by more than rounding. */
static inline int is_before(double one, double other)
{
    if (!(one < other))
        return 0;
    return one == 0.0 ? other >= ALIKE_S : steps(other) - steps(one) > ALIKE_STEPS;
}

/* When the level part of the volume is violated from now on. */
static inline span level_span(const pair *p, const double *volume)
{
    double distance_2 = volume[DISTANCE] * volume[DISTANCE];
    double g = p->s2 - distance_2;
    if (g <= 0.0) {
        if (p->a < LINGERS_2)
            return (span){0.0, INFINITY};
        double root = sqrt(p->b * p->b - p->a * g);
        return (span){0.0, p->b <= 0.0 ? (root - p->b) / p->a : -g / (p->b + root)};
    }
    if (p->a < STILL_2 || p->b >= 0.0 || distance_2 * p->a - p->x * p->x < 0.0)
        return NONE;
    double along = volume[DISTANCE] * sqrt(p->a);
    double q = most(0.0, (along - p->x) * (along + p->x));
    double end = (sqrt(q) - p->b) / p->a;
    double c = g + volume[TAU] * p->b;
    if (c <= 0.0)
        return (span){0.0, end};
    double h = 0.5 * volume[TAU] * p->a;
    double sum = (-p->b - h) + sqrt(q + h * h);
    return (span){sum > 0.0 ? least(c / sum, end) : 0.0, end};
}

/* When the upright part of the volume is violated from now on. */
static inline span upright_span(const pair *p, const double *volume)
{
    if (p->speed < STILL_MPS)
        return p->gap <= volume[HEIGHT] ? (span){0.0, INFINITY} : NONE;
    double end = (volume[HEIGHT] - p->along) / p->speed;
    if (end < 0.0)
        return NONE;
    double reach = most(volume[HEIGHT], p->speed * volume[COALTITUDE]);
    return (span){most(0.0, (-p->along - reach) / p->speed), end};
}

/* When the volume is violated within the horizon. */
static inline span violation(const pair *p, const double *volume, double horizon, int open)
{
    span level = level_span(p, volume);
    if (level.start > horizon)
        return NONE;
    span upright = upright_span(p, volume);
    span both = {most(level.start, upright.start), least(least(level.end, upright.end), horizon)};
    return both.start > both.end || (open && !is_before(both.start, both.end)) ? NONE : both;
}

static inline pair pair_at(const double *relative, int64_t count, int64_t k)
{
    double sx = relative[EAST * count + k], sy = relative[NORTH * count + k];
    double sz = relative[UP * count + k], vz = relative[UP_SPEED * count + k];
    double vx = relative[EAST_SPEED * count + k], vy = relative[NORTH_SPEED * count + k];
    return (pair){
        .a = vx * vx + vy * vy,
        .b = sx * vx + sy * vy,
        .x = fabs(sx * vy - sy * vx),
        .s2 = sx * sx + sy * sy,
        .along = vz > 0.0 ? sz : -sz,
        .speed = fabs(vz),
        .gap = fabs(sz),
    };
}

/* The alert of each of `count` pairs, and when each volume is violated.
 *
 * relative: 6 rows of `count` (east, north, up, and their speeds, of the first less the second).
 * rules: volume count, level count, horizon, whether ties are open; then 4 figures for each volume
 * (distance, height, tau, co-altitude), then 2 for each level, mildest first (its volume, alert
 * time). alerts: `count` levels, 0 none. spans: for each volume a row of starts and a row of ends,
 * +infinity and -infinity where there is none. Returns 0, or 1 if there are too many volumes. */
EXPORT int64_t crosstell_well_clear(int64_t count, const double *relative, const double *rules,
                                    int8_t *alerts, double *spans);
EXPORT int64_t crosstell_well_clear(int64_t count, const double *relative, const double *rules,
                                    int8_t *alerts, double *spans)
{
    int volume_count = (int)rules[VOLUME_COUNT], level_count = (int)rules[LEVEL_COUNT];
    int open = rules[OPEN_TIES] != 0.0;
    const double *volumes = rules + HEAD_SIZE;
    const double *levels = volumes + volume_count * VOLUME_SIZE;
    double start[VOLUMES_MAX];
    if (volume_count > VOLUMES_MAX)
        return 1;
    for (int64_t k = 0; k < count; k++) {
        pair p = pair_at(relative, count, k);
        for (int v = 0; v < volume_count; v++) {
            span found = violation(&p, volumes + v * VOLUME_SIZE, rules[HORIZON], open);
            start[v] = found.start;
            spans[(2 * v) * count + k] = found.start;
            spans[(2 * v + 1) * count + k] = found.end;
        }
        int alert = 0;
        for (int n = 0; n < level_count; n++) {
            double at = start[(int)levels[n * LEVEL_SIZE + VOLUME]];
            double by = levels[n * LEVEL_SIZE + ALERT];
            if (open ? at == 0.0 || is_before(at, by) : at <= by)
                alert = n + 1;
        }
        alerts[k] = (int8_t)alert;
    }
    return 0;
}
