/* From reported motions to what the kernel works with: a state and a swept box for each track.
 *
 * Columns (doubles; NaN is unknown) in the order of the enum below. The ground point is followed
 * along the circle of the normal curvature in the direction of its track:
 *     P(s) = P + h R sin(s / R) - n R (1 - cos(s / R)).
 * The geodesic leaves that circle by at most CUBIC s^3: its third derivative differs from the
 * circle's by k' (along the normal) and by k times its torsion (sideways), together under
 * 0.016 / R^2 on this ellipsoid (tests/properties/test_bulk_traffic_agrees.py measures it).
 */
#include "sweep.h"

static const double CUBIC = 0.016 / (6.0 * RADIUS_M * RADIUS_M);

static int64_t sideways(const double *const *columns, int64_t i, const double *limits,
                        double *state)
{
    double age = columns[AGE][i], speed = columns[SPEED][i];
    double known = isnan(speed) ? 0.0 : speed;
    int64_t flags = isnan(speed) ? UNKNOWN_VELOCITY : 0;
    if (fabs(age) > limits[STALE_AFTER])
        flags |= STALE;
    double wide = columns[POSITION_ACCURACY][i];
    if (isnan(wide))
        wide = limits[UNKNOWN_ACCURACY];
    state[DRIFT] = 0.0;
    state[SPEED_NOW] = 0.0;
    if (flags) {
        state[DRIFT] = most(limits[UNKNOWN_SPEED], known);
        wide += state[DRIFT] * fabs(age);
    } else {
        state[SPEED_NOW] = speed;
        wide += speed * most(0.0, -age);
    }
    state[WIDE] = wide;
    return flags;
}

static void course(const double *const *columns, int64_t i, const double *limits, double *state)
{
    double phi = columns[LAT][i] * DEGREE, lam = columns[LON][i] * DEGREE;
    double sin_phi = sin(phi), cos_phi = cos(phi), sin_lam = sin(lam), cos_lam = cos(lam);
    double root = 1.0 - ECCENTRICITY_2 * sin_phi * sin_phi;
    double normal_m = SEMI_MAJOR_M / sqrt(root);
    double up[3] = {cos_phi * cos_lam, cos_phi * sin_lam, sin_phi};
    double speed = state[SPEED_NOW], age = columns[AGE][i];
    state[PLACE] = normal_m * up[0];
    state[PLACE + 1] = normal_m * up[1];
    state[PLACE + 2] = normal_m * (1.0 - ECCENTRICITY_2) * sin_phi;
    for (int k = 0; k < 3; k++)
        state[VELOCITY + k] = state[BEND + k] = 0.0;
    state[TURN_2] = state[ERROR] = state[BOW] = 0.0;
    if (speed == 0.0)
        return;
    double track = columns[TRACK][i] * DEGREE, east = sin(track), north = cos(track);
    double ahead[3] = {-sin_lam * east - sin_phi * cos_lam * north,
                       cos_lam * east - sin_phi * sin_lam * north, cos_phi * north};
    double curvature = north * north * root / (normal_m * (1.0 - ECCENTRICITY_2))
                       + east * east / normal_m;
    double turn = speed * curvature, sin_0 = sin(turn * age), cos_0 = cos(turn * age);
    for (int k = 0; k < 3; k++) {
        state[PLACE + k] += (ahead[k] * sin_0 - up[k] * (1.0 - cos_0)) / curvature;
        state[VELOCITY + k] = speed * (ahead[k] * cos_0 - up[k] * sin_0);
        state[BEND + k] = -speed * turn * (ahead[k] * sin_0 + up[k] * cos_0);
    }
    state[TURN_2] = turn * turn;
    double travel = speed * (fabs(age) + limits[HORIZON]);
    state[ERROR] = CUBIC * travel * travel * travel;
    double angle = turn * limits[HORIZON];
    state[BOW] = (angle * angle * angle / 5.0 + angle * angle * angle * angle / 20.0) * RADIUS_M;
}

static int64_t upwards(const double *const *columns, int64_t i, const double *limits, int64_t flags,
                       double *state)
{
    double altitude = columns[ALTITUDE][i], climb = columns[CLIMB][i], age = columns[AGE][i];
    double wide = columns[ALTITUDE_ACCURACY][i], drift = 0.0;
    state[HEIGHT] = state[CLIMB_NOW] = state[WIDE_UP] = state[DRIFT_UP] = 0.0;
    if (isnan(altitude))
        return UNKNOWN_ALTITUDE;
    if (isnan(wide))
        wide = limits[UNKNOWN_ACCURACY];
    if (isnan(climb) || (flags & STALE)) {
        drift = isnan(climb) ? limits[UNKNOWN_SPEED] : most(limits[UNKNOWN_SPEED], fabs(climb));
        wide += drift * fabs(age);
        climb = 0.0;
    } else {
        wide += 2.0 * fabs(climb) * most(0.0, -age);
    }
    state[HEIGHT] = altitude + climb * age;
    state[CLIMB_NOW] = climb;
    state[WIDE_UP] = wide + columns[CONVERSION][i];
    state[DRIFT_UP] = drift;
    return 0;
}

static void swept(const double *state, const double *limits, int64_t flags, float *box)
{
    double end = limits[HORIZON], travel = state[SPEED_NOW] * end;
    double rim = limits[LATERAL] / 2.0 + state[WIDE] + state[DRIFT] * end + state[ERROR] + PAD_M;
    rim += travel * travel / (8.0 * 6335000.0); /* how far an arc bows from its chord */
    double angle = sqrt(state[TURN_2]) * end;
    double along = angle > 0.0 ? sin(angle) / angle * end : end;
    double across = angle > 0.0 ? (1.0 - cos(angle)) / state[TURN_2] : 0.0;
    for (int k = 0; k < 3; k++) {
        double here = state[PLACE + k];
        double there = here + state[VELOCITY + k] * along + state[BEND + k] * across;
        box[k] = (float)(least(here, there) - rim);
        box[4 + k] = (float)(most(here, there) + rim);
    }
    if (rim + travel > BOX_M_MAX)
        for (int k = 0; k < 3; k++) {
            box[k] = (float)-WHOLE_M;
            box[4 + k] = (float)WHOLE_M;
        }
    double here = state[HEIGHT], there = here + state[CLIMB_NOW] * end;
    double half = limits[VERTICAL] / 2.0 + state[WIDE_UP] + state[DRIFT_UP] * end + PAD_M;
    int any = (flags & UNKNOWN_ALTITUDE) || limits[VERTICAL] >= ANY_HEIGHT_M;
    box[3] = any ? -INFINITY : (float)(least(here, there) - half);
    box[7] = any ? INFINITY : (float)(most(here, there) + half);
}

/* Fills states[n * STATE] and, unless null, boxes[n * 8]; `limits` in the order of sweep.h. */
EXPORT void crosstell_sweep(int64_t n, const double *const *columns, const int32_t *parties,
                            const double *limits, double *states, float *boxes)
{
    for (int64_t i = 0; i < n; i++) {
        double *state = states + STATE * i;
        int64_t flags = sideways(columns, i, limits, state);
        course(columns, i, limits, state);
        flags |= upwards(columns, i, limits, flags, state);
        double travel = state[SPEED_NOW] * (fabs(columns[AGE][i]) + limits[HORIZON]);
        if (travel > TRAVEL_M_MAX)
            flags |= FAR;
        state[FLAGS] = (double)flags;
        state[PARTY] = (double)parties[i];
        if (boxes)
            swept(state, limits, flags, boxes + 8 * i);
    }
}
