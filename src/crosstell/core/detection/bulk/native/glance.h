/* A first look at a track and a zone: pairs that are surely clear, told in single precision.
 *
 * The track is the chord of its course, widened by how far the arc bows from it, by what it is
 * uncertain by and by what a turn may do; the zone is its ball. Heights are compared too, unless a
 * turn may be flown, which is looked at whatever the height. GLANCE_M covers the rounding of
 * places near the Earth's surface, GLANCE_SHARE that of what is far away.
 */
#ifndef CROSSTELL_GLANCE_H
#define CROSSTELL_GLANCE_H

#include "zones.h"

#define GLANCE_M 4.0
#define GLANCE_SHARE 1e-5
#define BENT_M 6335000.0 /* no course is bent more than with this radius */

typedef struct {
    float middle[3], reach, low, high;
} Ball;

typedef struct {
    float from[3], along[3], per_square, rim, low, high;
} Way;

static inline Ball ball_of(const Zones *zones, int64_t zone, const Rule *rule)
{
    const double *middle = zones->middle + 3 * zone;
    double reach = (zones->bound[zone] + rule->lateral) * (1.0 + GLANCE_SHARE) + GLANCE_M;
    double gap = rule->vertical + zones->height_wide[zone] + 1.0;
    return (Ball){{(float)middle[0], (float)middle[1], (float)middle[2]}, (float)reach,
                  (float)(zones->lower[zone] - gap), (float)(zones->upper[zone] + gap)};
}

static inline Way way_of(const double *state, double turn, double horizon)
{
    Way way = {.low = -INFINITY, .high = INFINITY};
    double square = 0.0, travel = state[SPEED_NOW] * horizon;
    double turned = state[TURN_2] * horizon * horizon; /* 3 mm are left out at 1000 km */
    double ahead = horizon * (1.0 - turned / 6.0 * (1.0 - turned / 20.0));
    double aside = 0.5 * horizon * horizon * (1.0 - turned / 12.0 * (1.0 - turned / 30.0));
    for (int k = 0; k < 3; k++) {
        double along = state[VELOCITY + k] * ahead + state[BEND + k] * aside;
        way.from[k] = (float)state[PLACE + k];
        way.along[k] = (float)along;
        square += along * along;
    }
    way.per_square = square > 0.0 ? (float)(1.0 / square) : 0.0f;
    double rim = state[WIDE] + state[DRIFT] * horizon + state[ERROR];
    rim = most(rim + travel * travel / (8.0 * BENT_M), turn) * (1.0 + GLANCE_SHARE);
    way.rim = (int64_t)state[FLAGS] & FAR ? INFINITY : (float)rim;
    if (turn > 0.0 || (int64_t)state[FLAGS] & UNKNOWN_ALTITUDE)
        return way;
    double wide = state[WIDE_UP] + state[DRIFT_UP] * horizon + 1.0;
    double now = state[HEIGHT], then = now + state[CLIMB_NOW] * horizon;
    way.low = (float)(least(now, then) - wide);
    way.high = (float)(most(now, then) + wide);
    return way;
}

/* The place after this share of the chord. */
static inline void place_on(const Way *way, double share, double *place)
{
    for (int k = 0; k < 3; k++)
        place[k] = (double)way->from[k] + share * (double)way->along[k];
}

/* 0 if the pair is surely clear. */
static inline int may_meet(const Way *way, const Ball *ball)
{
    float x = ball->middle[0] - way->from[0], y = ball->middle[1] - way->from[1];
    float z = ball->middle[2] - way->from[2], reach = way->rim + ball->reach;
    const float *along = way->along;
    float share = (x * along[0] + y * along[1] + z * along[2]) * way->per_square;
    share = share > 0.0f ? share : 0.0f;
    share = share < 1.0f ? share : 1.0f;
    x -= share * along[0];
    y -= share * along[1];
    z -= share * along[2];
    float square = x * x + y * y + z * z;
    return (square <= reach * reach) & (way->low <= ball->high) & (way->high >= ball->low);
}

#endif
