/* Distances to the pieces of a ring, and whether it holds a point; see core/geometry/outline.py.
 *
 * A piece is fourteen numbers: its begin a, the unit vector u along it, the level normal m across
 * it, its length, and both its ends on the gnomonic picture. bulk/volumes.py writes the same
 * layout.
 */
#ifndef CROSSTELL_RING_H
#define CROSSTELL_RING_H

#include "kernel.h"

enum { BEGIN = 0, ALONG = 3, ACROSS = 6, LENGTH = 9, PICTURE = 10, PIECE = 14 };
enum { CIRCLE_KIND, RING_KIND, BALL_KIND, LINES_KIND };

#define LOCAL_M_MAX 500000.0
#define SAGITTA_M 10.0
#define SIDE_M 1.0
#define SLACK_M 0.002 /* measured under 5e-6: tests/properties/test_bulk_volumes.py */
#define SLACK_SHARE 0.04

/* Between which two figures a geodesic distance lies. */
typedef struct {
    double low, high;
} Gap;

/* Right, up and towards the eye, for the picture of a ring from above its middle. */
typedef struct {
    double right[3], up[3], eye[3];
} View;

static inline double slack_of(double far_m)
{
    return SLACK_M + SLACK_SHARE * far_m * far_m * far_m / (6.0 * RADIUS_M * RADIUS_M);
}

/* The geodesic whose chord, or distance from a piece's plane, is `flat_m`. */
static inline Gap gap_of(double flat_m, int is_chord)
{
    Gap gap = {flat_m - SAGITTA_M, INFINITY};
    if (flat_m > LOCAL_M_MAX)
        return gap;
    double cube = flat_m * flat_m * flat_m / (RADIUS_M * RADIUS_M);
    double far_m = flat_m + cube / (is_chord ? 24.0 : 6.0);
    gap.low = flat_m + cube / 24.0 - slack_of(far_m);
    gap.high = far_m + slack_of(far_m);
    return gap;
}

static inline double apart(const double *a, const double *b)
{
    double d[3] = {a[0] - b[0], a[1] - b[1], a[2] - b[2]};
    return sqrt(dot3(d, d));
}

/* The least flat distance from p to the pieces. */
static inline double flat_to_ring(const double *p, const double *piece, int64_t count)
{
    double best = INFINITY;
    for (int64_t k = 0; k < count; k++, piece += PIECE) {
        double w[3] = {p[0] - piece[0], p[1] - piece[1], p[2] - piece[2]};
        double x = dot3(w, piece + ALONG), square;
        if (x < 0.0) {
            square = dot3(w, w);
        } else if (x <= piece[LENGTH]) {
            double y = dot3(w, piece + ACROSS);
            square = y * y;
        } else {
            for (int axis = 0; axis < 3; axis++)
                w[axis] -= piece[LENGTH] * piece[ALONG + axis];
            square = dot3(w, w);
        }
        best = square < best ? square : best;
    }
    return sqrt(best);
}

static inline void cross3(const double *a, const double *b, double *out)
{
    out[0] = a[1] * b[2] - a[2] * b[1];
    out[1] = a[2] * b[0] - a[0] * b[2];
    out[2] = a[0] * b[1] - a[1] * b[0];
}

static inline void to_unit(double *a)
{
    double length = sqrt(dot3(a, a));
    for (int axis = 0; axis < 3; axis++)
        a[axis] /= length;
}

static inline View view_from(const double *middle)
{
    View view;
    for (int axis = 0; axis < 3; axis++)
        view.eye[axis] = middle[axis];
    to_unit(view.eye);
    int steep = fabs(view.eye[2]) >= 0.9;
    double pole[3] = {0.0, steep ? 1.0 : 0.0, steep ? 0.0 : 1.0};
    cross3(pole, view.eye, view.right);
    to_unit(view.right);
    cross3(view.eye, view.right, view.up);
    return view;
}

/* The picture of p; 0 if p lies too far round the Earth to be in it. */
static inline int picture_of(const View *view, const double *p, double *x, double *y)
{
    double height = dot3(p, view->eye);
    if (height <= 0.01 * RADIUS_M)
        return 0;
    *x = dot3(p, view->right) / height;
    *y = dot3(p, view->up) / height;
    return 1;
}

/* Whether the rings hold the point with this picture: exact but for SIDE_M beside an edge. */
static inline int ring_holds(const double *pieces, int64_t count, double px, double py)
{
    int inside = 0;
    for (const double *a = pieces + PICTURE; count > 0; count--, a += PIECE)
        if ((a[1] > py) != (a[3] > py) &&
            px < (a[2] - a[0]) * (py - a[1]) / (a[3] - a[1]) + a[0])
            inside = !inside;
    return inside;
}

/* The signed geodesic distance from p to the ring, negative inside. */
static inline Gap signed_gap(const double *p, const double *middle, const double *pieces,
                             int64_t count)
{
    Gap gap = gap_of(flat_to_ring(p, pieces, count), 0);
    View view = view_from(middle);
    double x, y;
    if (gap.low <= SIDE_M) {
        gap.high = most(gap.high, SIDE_M);
        gap.low = -gap.high;
    } else if (picture_of(&view, p, &x, &y) && ring_holds(pieces, count, x, y)) {
        Gap inside = {-gap.high, -gap.low};
        return inside;
    }
    return gap;
}

#endif
