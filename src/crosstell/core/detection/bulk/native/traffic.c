/* Every pair of tracks that is not clear: buckets of the grid, boxes, then the pair itself. */
#include "closing.h"
#include "grid.h"
#include "sweep.h"

#define WAITING 64 /* pairs whose states are on their way from memory */

typedef struct {
    const double *states, *limits;
    Row *rows;
    int64_t capacity, found;
    int64_t *tallies; /* boxes compared, pairs judged, pairs within the guard */
    int32_t pairs[WAITING][2];
    int waiting;
} Hunt;

static void judge_one(Hunt *hunt, int32_t i, int32_t j)
{
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

static int64_t finish(Hunt *hunt)
{
    for (int k = 0; k < hunt->waiting; k++)
        judge_one(hunt, hunt->pairs[k][0], hunt->pairs[k][1]);
    hunt->waiting = 0;
    return hunt->found;
}

static void take(Hunt *hunt, int32_t i, int32_t j)
{
    int32_t *pair = hunt->pairs[hunt->waiting++];
    pair[0] = i < j ? i : j;
    pair[1] = i < j ? j : i;
    for (int k = 0; k < 2; k++) {
        const char *state = (const char *)(hunt->states + STATE * (int64_t)pair[k]);
        for (size_t byte = 0; byte < sizeof(double) * STATE; byte += 64)
            __builtin_prefetch(state + byte);
    }
    if (hunt->waiting == WAITING)
        finish(hunt);
}

/* The pairs taken in buckets [from, to). A bucket's entries lie by rising least height, so that a
 * box is compared with those that begin below its top. `scratch` holds 8 floats for each entry of
 * the fullest bucket. Returns the number of rows found; only `capacity` of them are written. */
EXPORT int64_t crosstell_traffic(const double *states, const float *boxes, const int32_t *entries,
                                 const int64_t *starts, int64_t from, int64_t to, uint32_t mask,
                                 double per_m, const double *limits, float *scratch, Row *rows,
                                 int64_t capacity, int64_t *tallies)
{
    Hunt hunt = {.states = states, .limits = limits, .rows = rows, .capacity = capacity,
                 .tallies = tallies};
    for (int64_t bucket = from; bucket < to; bucket++) {
        const int32_t *here = entries + starts[bucket];
        int64_t count = starts[bucket + 1] - starts[bucket];
        if (count < 2)
            continue;
        for (int64_t i = 0; i < count; i++)
            for (int k = 0; k < 8; k++)
                scratch[8 * i + k] = boxes[8 * (int64_t)here[i] + k];
        for (int64_t i = 0; i + 1 < count; i++) {
            const float *a = scratch + 8 * i;
            int64_t j = i + 1;
            for (; j < count && scratch[8 * j + 3] <= a[7]; j++) {
                const float *b = scratch + 8 * j;
                if (overlap(a, b) && meeting_bucket(a, b, per_m, mask) == (uint32_t)bucket)
                    take(&hunt, here[i], here[j]);
            }
            tallies[0] += j - i - 1;
        }
    }
    return finish(&hunt);
}

/* The pairs of the rows in `chosen` (ascending) with all n rows. Between two chosen rows the pair
 * is taken once. marked[] is not zero for every chosen row. */
EXPORT int64_t crosstell_traffic_chosen(int64_t n, const double *states, const float *boxes,
                                        const int32_t *chosen, int64_t count,
                                        const uint8_t *marked, const double *limits, Row *rows,
                                        int64_t capacity, int64_t *tallies)
{
    Hunt hunt = {.states = states, .limits = limits, .rows = rows, .capacity = capacity,
                 .tallies = tallies};
    for (int64_t c = 0; c < count; c++) {
        int32_t i = chosen[c];
        const float *box = boxes + 8 * (int64_t)i;
        tallies[0] += n;
        for (int32_t j = 0; j < (int32_t)n; j++)
            if (overlap(box, boxes + 8 * (int64_t)j) && j != i && !(marked[j] && j < i))
                take(&hunt, i, j);
    }
    return finish(&hunt);
}

/* The pairs of one further track, of `state` and `box`, with all n rows but `skipped` (-1: with
 * all). In the rows found `first` is the row, by rising number, and `second` is 0. */
EXPORT int64_t crosstell_traffic_against(int64_t n, const double *states, const float *boxes,
                                         int64_t skipped, const double *state, const float *box,
                                         const double *limits, Row *rows, int64_t capacity,
                                         int64_t *tallies)
{
    int64_t found = 0;
    tallies[0] += n;
    for (int64_t j = 0; j < n; j++) {
        const double *other = states + STATE * j;
        if (!overlap(boxes + 8 * j, box) || j == skipped)
            continue;
        if (state[PARTY] >= 0.0 && state[PARTY] == other[PARTY])
            continue;
        Row row;
        int verdict = judge(other, state, limits, &row);
        tallies[1]++;
        tallies[2] += verdict == WITHIN_GUARD;
        if (verdict == CLEAR)
            continue;
        row.first = (int32_t)j;
        row.second = 0;
        row.verdict = verdict;
        if (found < capacity)
            rows[found] = row;
        found++;
    }
    return found;
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
