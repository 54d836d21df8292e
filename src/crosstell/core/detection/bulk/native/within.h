/* When a track is within a distance of a footprint, as its circle leads it (sweep.c).
 *
 * Times are told as u = (2 / w) tan(w t / 2), w the angular speed: in u the squared distance to a
 * point, and the coordinates along and across a piece, are quadratics over 1 + w^2 u^2 / 4, so a
 * limit is met between the roots of a quadratic. Nothing is sampled. For an object that stands
 * still u is of no account: it is within for ever, or never.
 */
#ifndef CROSSTELL_WITHIN_H
#define CROSSTELL_WITHIN_H

#include "ring.h"

enum { STRETCHES = 96 };

/* From u to u, both included. */
typedef struct {
    double from, to;
} Stretch;

/* Rising and apart. `in_doubt`: more than fits, or only the shape's ball is known. */
typedef struct {
    Stretch at[STRETCHES];
    int count, in_doubt;
} Times;

/* One footprint: the centre and radius of a circle, the pieces of rings, or lines and how far the
 * shape reaches beyond them (`radius`). */
typedef struct {
    const double *middle, *pieces;
    int64_t count;
    double radius, bound;
    int kind;
} Shape;

double u_of(const double *state, double time);
double time_of(const double *state, double u);

/* Where the track is at u. */
void place_at(const double *state, double u, double *place);

/* Where in `range` the track is surely within `limit` (sign < 0), or may be (sign > 0). */
void within(const double *state, const Shape *shape, double limit, int sign, Stretch range,
            Times *times);

#endif
