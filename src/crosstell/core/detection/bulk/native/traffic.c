/* Every pair of tracks that is not clear: buckets of the grid, boxes, then the pair itself. */
#include "closing.h"
#include "grid.h"
#include "sweep.h"

typedef struct {
    const double *states, *limits;
    Row *rows;
    int64_t capacity, found;
    int64_t *tallies; /* boxes compared, pairs judged, pairs within the guard */
} Hunt;

static void take(Hunt *hunt, int32_t i, int32_t j)
{
    if (i > j) {
        int32_t k = i;
        i = j;
        j = k;
    }
    const double *a = hunt->states + STATE * (int64_t)i, *b = hunt->states + STATE * (int64_t)j;
    if (a[PARTY] >= 0.0 && a[PARTY] == b[PARTY])
        return;
    Row row;
    int verdict = judge(a, b, hunt->limits, &row);
    hunt->tallies[1]++;
    hunt->tallies[2] += verdict == WITHIN_GUARD;
    if (verdict == CLEAR)
        return;
    row.first = i;
    row.second = j;
    row.verdict = verdict;
    if (hunt->found < hunt->capacity)
        hunt->rows[hunt->found] = row;
    hunt->found++;
}

/* The pairs taken in buckets [from, to). `scratch` holds 8 floats for each entry of the fullest
 * bucket. Returns the number of rows found; only `capacity` of them are written. */
EXPORT int64_t crosstell_traffic(const double *states, const float *boxes, const int32_t *entries,
                                 const int64_t *starts, int64_t from, int64_t to, uint32_t mask,
                                 double per_m, const double *limits, float *scratch, Row *rows,
                                 int64_t capacity, int64_t *tallies)
{
    Hunt hunt = {states, limits, rows, capacity, 0, tallies};
    for (int64_t bucket = from; bucket < to; bucket++) {
        const int32_t *here = entries + starts[bucket];
        int64_t count = starts[bucket + 1] - starts[bucket];
        if (count < 2)
            continue;
        for (int64_t i = 0; i < count; i++)
            for (int k = 0; k < 8; k++)
                scratch[8 * i + k] = boxes[8 * (int64_t)here[i] + k];
        tallies[0] += count * (count - 1) / 2;
        for (int64_t i = 0; i + 1 < count; i++)
            for (int64_t j = i + 1; j < count; j++) {
                const float *a = scratch + 8 * i, *b = scratch + 8 * j;
                if (overlap(a, b) && meeting_bucket(a, b, per_m, mask) == (uint32_t)bucket)
                    take(&hunt, here[i], here[j]);
            }
    }
    return hunt.found;
}

/* The pairs of the rows in `chosen` (ascending) with all n rows. Between two chosen rows the pair
 * is taken once. marked[] is not zero for every chosen row. */
EXPORT int64_t crosstell_traffic_chosen(int64_t n, const double *states, const float *boxes,
                                        const int32_t *chosen, int64_t count,
                                        const uint8_t *marked, const double *limits, Row *rows,
                                        int64_t capacity, int64_t *tallies)
{
    Hunt hunt = {states, limits, rows, capacity, 0, tallies};
    for (int64_t c = 0; c < count; c++) {
        int32_t i = chosen[c];
        const float *box = boxes + 8 * (int64_t)i;
        tallies[0] += n;
        for (int32_t j = 0; j < (int32_t)n; j++)
            if (overlap(box, boxes + 8 * (int64_t)j) && j != i && !(marked[j] && j < i))
                take(&hunt, i, j);
    }
    return hunt.found;
}

/* Puts rows in the order of (first, second) into `sorted`; starts[n + 1] is working room. */
EXPORT void crosstell_traffic_sort(int64_t n, int64_t count, const Row *rows, int64_t *starts,
                                   Row *sorted)
{
    for (int64_t i = 0; i <= n; i++)
        starts[i] = 0;
    for (int64_t r = 0; r < count; r++)
        starts[rows[r].first + 1]++;
    for (int64_t i = 0; i < n; i++)
        starts[i + 1] += starts[i];
    for (int64_t r = 0; r < count; r++)
        sorted[starts[rows[r].first]++] = rows[r];
    for (int64_t r = 1; r < count; r++) {
        Row row = sorted[r];
        int64_t s = r;
        for (; s > 0 && sorted[s - 1].first == row.first && sorted[s - 1].second > row.second; s--)
            sorted[s] = sorted[s - 1];
        sorted[s] = row;
    }
}
