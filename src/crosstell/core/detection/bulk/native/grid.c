/* A hashed grid over boxes: which boxes share a cell.
 *
 * A box is 8 floats: the least x, y, z and height, then the greatest. Cells are cubes in x, y, z.
 * A box is entered once in each bucket that one of its cells hashes to. Two boxes that overlap both
 * lie in the cell of their overlap's least corner: the pair is taken in that cell's bucket only, so
 * it is found exactly once, and never lost, however cells collide.
 */
#include "kernel.h"
#include "grid.h"

#ifndef CROSSTELL_DIGEST
#define CROSSTELL_DIGEST "unknown"
#endif

/* The SHA-256 of the sources that this library was built from, in hexadecimal. */
EXPORT const char *crosstell_digest(void);
EXPORT const char *crosstell_digest(void)
{
    return CROSSTELL_DIGEST;
}

static inline void cells_of(const float *box, double per_m, int32_t *first, int32_t *last)
{
    for (int k = 0; k < 3; k++) {
        first[k] = cell_of(box[k], per_m);
        last[k] = cell_of(box[4 + k], per_m);
    }
}

static inline int is_large(const int32_t *first, const int32_t *last, int64_t cells_max)
{
    int64_t count = 1;
    for (int k = 0; k < 3; k++)
        count *= (int64_t)last[k] - first[k] + 1;
    return count > cells_max;
}

/* Counts the entries of each bucket into counts[0..mask], which start at 0. last[0..mask] start at
 * -1. A box of more than cells_max cells is marked in large[] and not entered. Returns the number
 * of entries. */
EXPORT int64_t crosstell_grid_count(int64_t n, const float *boxes, double per_m, int64_t cells_max,
                                    uint32_t mask, int64_t *counts, int32_t *last, uint8_t *large)
{
    int64_t entries = 0;
    int32_t a[3], b[3];
    for (int64_t i = 0; i < n; i++) {
        cells_of(boxes + 8 * i, per_m, a, b);
        large[i] = (uint8_t)is_large(a, b, cells_max);
        if (large[i])
            continue;
        for (int32_t x = a[0]; x <= b[0]; x++)
            for (int32_t y = a[1]; y <= b[1]; y++)
                for (int32_t z = a[2]; z <= b[2]; z++) {
                    uint32_t bucket = bucket_of(x, y, z, mask);
                    if (last[bucket] == (int32_t)i)
                        continue;
                    last[bucket] = (int32_t)i;
                    counts[bucket]++;
                    entries++;
                }
    }
    return entries;
}

/* Writes each entry at its bucket's cursor, which then points behind it. last[] start at -1. The
 * boxes are taken in `order` (all rows, by rising least height), and so lie in every bucket. */
EXPORT void crosstell_grid_fill(int64_t n, const float *boxes, double per_m, uint32_t mask,
                                const uint8_t *large, const int64_t *order, int64_t *cursor,
                                int32_t *last, int32_t *entries)
{
    int32_t a[3], b[3];
    for (int64_t k = 0; k < n; k++) {
        int64_t i = order[k];
        if (large[i])
            continue;
        cells_of(boxes + 8 * i, per_m, a, b);
        for (int32_t x = a[0]; x <= b[0]; x++)
            for (int32_t y = a[1]; y <= b[1]; y++)
                for (int32_t z = a[2]; z <= b[2]; z++) {
                    uint32_t bucket = bucket_of(x, y, z, mask);
                    if (last[bucket] == (int32_t)i)
                        continue;
                    last[bucket] = (int32_t)i;
                    entries[cursor[bucket]++] = (int32_t)i;
                }
    }
}
