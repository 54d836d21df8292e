/* What the kernel's files share: constants, visibility, small vectors.
 *
 * Units: metres, seconds, radians. Frame: WGS-84 Earth-centred (core/geometry/cartesian.py).
 * Rules of the kernel: C11 and libm only; no allocation, no files, no threads, no global state that
 * changes. The caller hands in every array and its capacity. A function whose output does not fit
 * writes what fits and returns the size needed; the caller tries again. No pair is ever dropped.
 */
#ifndef CROSSTELL_KERNEL_H
#define CROSSTELL_KERNEL_H

#include <math.h>
#include <stddef.h>
#include <stdint.h>

#define EXPORT __attribute__((visibility("default")))

#define SEMI_MAJOR_M 6378137.0 /* WGS-84, NGA.STND.0036 */
#define FLATTENING (1.0 / 298.257223563)
#define ECCENTRICITY_2 (FLATTENING * (2.0 - FLATTENING))
#define RADIUS_M 6371008.8
#define POLAR_RADIUS_M 6356752.0 /* 1 / k, k^2 the greatest curvature (at the equator) */
#define TIE_M 0.0005
#define DEGREE 0.017453292519943295

static inline double dot3(const double *a, const double *b)
{
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

static inline double least(double a, double b)
{
    return a < b ? a : b;
}

static inline double most(double a, double b)
{
    return a > b ? a : b;
}

#endif
