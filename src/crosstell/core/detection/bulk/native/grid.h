/* Cells and overlap, for grid.c and for those who walk its buckets. */
#ifndef CROSSTELL_GRID_H
#define CROSSTELL_GRID_H

#include "kernel.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

/* The number of the cell that holds `value`; it never falls as `value` grows. */
static inline int32_t cell_of(float value, double per_m)
{
    double scaled = (double)value * per_m;
    int32_t cell = (int32_t)scaled;
    return cell - (scaled < (double)cell);
}

static inline uint32_t bucket_of(int32_t x, int32_t y, int32_t z, uint32_t mask)
{
    uint32_t h = (uint32_t)x * 0x9E3779B1u ^ (uint32_t)y * 0x85EBCA77u ^ (uint32_t)z * 0xC2B2AE3Du;
    h ^= h >> 15;
    h *= 0x2C1B3C6Du;
    h ^= h >> 13;
    return h & mask;
}

/* The bucket in which the pair of two overlapping boxes is taken. */
static inline uint32_t meeting_bucket(const float *a, const float *b, double per_m, uint32_t mask)
{
    return bucket_of(cell_of(a[0] > b[0] ? a[0] : b[0], per_m),
                     cell_of(a[1] > b[1] ? a[1] : b[1], per_m),
                     cell_of(a[2] > b[2] ? a[2] : b[2], per_m), mask);
}

/* Whether two boxes overlap in x, y, z and height; edges belong to a box. */
static inline int overlap(const float *a, const float *b)
{
#if defined(__SSE2__)
    __m128 first = _mm_cmple_ps(_mm_loadu_ps(a), _mm_loadu_ps(b + 4));
    __m128 second = _mm_cmple_ps(_mm_loadu_ps(b), _mm_loadu_ps(a + 4));
    return _mm_movemask_ps(_mm_and_ps(first, second)) == 15;
#else
    int hit = 1;
    for (int k = 0; k < 4; k++)
        hit &= (a[k] <= b[4 + k]) & (b[k] <= a[4 + k]);
    return hit;
#endif
}

#endif
