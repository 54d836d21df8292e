/* Which of many volumes come within the limits of each other: grid, windows, heights, footprints.
 *
 * Every volume lies in one bucket, by the cell of its middle and its level; cells of a level are
 * four times as wide as the widest reach in it, so a reach spans two cells of an axis at most. In
 * a bucket volumes lie by the start of their windows. A pair of one level is found from the one
 * that starts first, a pair of two levels from the lower. Windows are half-open, microseconds.
 */
#include "ring.h"

enum { LEVELS_MAX = 16 };
enum { CLEAR_PAIR, SURE_PAIR, OPEN_PAIR };

/* What bulk/plans.py hands in; the same order there. */
typedef struct {
    int64_t count;
    const double *middle, *reach, *bound, *radius, *lower, *upper, *pieces;
    const int64_t *start, *end, *piece_at;
    const int32_t *party, *order;
    const int8_t *kind, *level, *is_sure;
    double lateral, vertical;
    int64_t levels;
    double cell[LEVELS_MAX], widest[LEVELS_MAX];
} Plans;

/* One volume in its bucket. */
typedef struct {
    double middle[3], reach, lower, upper;
    int64_t start, end;
    uint64_t key;
    int32_t row, rank, party, level;
} Slot;

_Static_assert(sizeof(Slot) == 88, "bulk/plans.py makes room for 88 bytes");

static inline int64_t cell_at(double value, double cell)
{
    double scaled = (value + 8.0e6) / cell;
    int64_t number = (int64_t)scaled;
    return number - (scaled < (double)number);
}

static inline uint64_t key_of(int64_t x, int64_t y, int64_t z, int64_t level)
{
    return (uint64_t)level << 60 | (uint64_t)x << 40 | (uint64_t)y << 20 | (uint64_t)z;
}

static inline int64_t bucket_for(uint64_t key, int64_t mask)
{
    key ^= key >> 31;
    key *= 0x9E3779B97F4A7C15ull;
    key ^= key >> 29;
    return (int64_t)(key & (uint64_t)mask);
}

static uint64_t key_of_row(const Plans *plans, int64_t row)
{
    int64_t level = plans->level[row];
    const double *middle = plans->middle + 3 * row;
    double cell = plans->cell[level];
    return key_of(cell_at(middle[0], cell), cell_at(middle[1], cell), cell_at(middle[2], cell),
                  level);
}

/* Fills `buckets` (mask + 2 numbers: where each begins) and `slots` (one for each volume). */
EXPORT void crosstell_plan_index(const Plans *plans, int64_t mask, int64_t *buckets, Slot *slots)
{
    for (int64_t b = 0; b <= mask + 1; b++)
        buckets[b] = 0;
    for (int64_t row = 0; row < plans->count; row++)
        buckets[bucket_for(key_of_row(plans, row), mask) + 1]++;
    for (int64_t b = 0; b <= mask; b++)
        buckets[b + 1] += buckets[b];
    for (int64_t rank = plans->count - 1; rank >= 0; rank--) { /* from the last: ends move down */
        int32_t row = plans->order[rank];
        uint64_t key = key_of_row(plans, row);
        Slot *slot = slots + --buckets[bucket_for(key, mask) + 1];
        for (int axis = 0; axis < 3; axis++)
            slot->middle[axis] = plans->middle[3 * row + axis];
        slot->reach = plans->reach[row];
        slot->lower = plans->lower[row];
        slot->upper = plans->upper[row];
        slot->start = plans->start[row];
        slot->end = plans->end[row];
        slot->key = key;
        slot->row = row;
        slot->rank = (int32_t)rank;
        slot->party = plans->party[row];
        slot->level = plans->level[row];
    }
    for (int64_t b = 0; b < mask + 1; b++) /* each now holds its begin one place on */
        buckets[b] = buckets[b + 1];
    buckets[mask + 1] = plans->count;
}

static Gap gap_of_circle(const Plans *plans, int64_t circle, int64_t other)
{
    const double *here = plans->middle + 3 * circle, *there = plans->middle + 3 * other;
    double radius = plans->radius[circle];
    Gap gap;
    if (plans->kind[other] == CIRCLE_KIND) {
        gap = gap_of(apart(here, there), 1);
        radius += plans->radius[other];
    } else {
        int64_t first = plans->piece_at[other];
        gap = signed_gap(here, there, plans->pieces + first * PIECE,
                         plans->piece_at[other + 1] - first);
    }
    gap.low -= radius;
    gap.high -= radius;
    return gap;
}

/* Whether some piece of one ring crosses some piece of the other, on the picture of the first. */
static int rings_cross(const View *view, const double *a, int64_t na, const double *b, int64_t nb)
{
    double px, py, qx, qy, end[3];
    for (int64_t j = 0; j < nb; j++, b += PIECE) {
        for (int k = 0; k < 3; k++)
            end[k] = b[k] + b[LENGTH] * b[ALONG + k];
        if (!picture_of(view, b, &px, &py) || !picture_of(view, end, &qx, &qy))
            return 1;
        const double *c = a + PICTURE;
        for (int64_t i = 0; i < na; i++, c += PIECE) {
            const double *d = c + 2;
            int left_p = (d[0] - c[0]) * (py - c[1]) > (d[1] - c[1]) * (px - c[0]);
            int left_q = (d[0] - c[0]) * (qy - c[1]) > (d[1] - c[1]) * (qx - c[0]);
            if (left_p == left_q)
                continue;
            int left_c = (qx - px) * (c[1] - py) > (qy - py) * (c[0] - px);
            int left_d = (qx - px) * (d[1] - py) > (qy - py) * (d[0] - px);
            if (left_c != left_d)
                return 1;
        }
    }
    return 0;
}

/* Whether a corner of one ring is surely inside the other. */
static int holds_corner(const Plans *plans, int64_t ring, const double *corner, int64_t count)
{
    const double *pieces = plans->pieces + plans->piece_at[ring] * PIECE;
    int64_t size = plans->piece_at[ring + 1] - plans->piece_at[ring];
    for (; count > 0; count--, corner += PIECE)
        if (signed_gap(corner, plans->middle + 3 * ring, pieces, size).high < 0.0)
            return 1;
    return 0;
}

/* The gap of two rings: where they do not cross it is measured at a vertex (pair/plan.py). */
static Gap gap_of_rings(const Plans *plans, int64_t first, int64_t second)
{
    const double *a = plans->pieces + plans->piece_at[first] * PIECE;
    const double *b = plans->pieces + plans->piece_at[second] * PIECE;
    int64_t na = plans->piece_at[first + 1] - plans->piece_at[first];
    int64_t nb = plans->piece_at[second + 1] - plans->piece_at[second];
    double flat = INFINITY, x, y;
    for (int64_t k = 0; k < na; k++)
        flat = least(flat, flat_to_ring(a + k * PIECE, b, nb));
    for (int64_t k = 0; k < nb; k++)
        flat = least(flat, flat_to_ring(b + k * PIECE, a, na));
    Gap gap = gap_of(flat, 0), met = {-INFINITY, 0.0};
    View view = view_from(plans->middle + 3 * first), other = view_from(plans->middle + 3 * second);
    if (flat == 0.0) /* they share a corner */
        return met;
    if (gap.low <= 2.0 * SIDE_M) { /* a picture cannot tell what so small a gap is */
        if (holds_corner(plans, first, b, nb) || holds_corner(plans, second, a, na))
            return met;
        gap.low = -gap.high;
        return gap;
    }
    if (picture_of(&view, b, &x, &y) && ring_holds(a, na, x, y))
        return met;
    if (picture_of(&other, a, &x, &y) && ring_holds(b, nb, x, y))
        return met;
    return rings_cross(&view, a, na, b, nb) ? met : gap;
}

/* Whether two footprints are within the lateral limit. */
static int judge_footprints(const Plans *plans, int64_t first, int64_t second)
{
    Gap gap;
    if (plans->kind[first] >= BALL_KIND || plans->kind[second] >= BALL_KIND)
        return OPEN_PAIR;
    if (plans->kind[first] == CIRCLE_KIND)
        gap = gap_of_circle(plans, first, second);
    else if (plans->kind[second] == CIRCLE_KIND)
        gap = gap_of_circle(plans, second, first);
    else
        gap = gap_of_rings(plans, first, second);
    if (gap.low > plans->lateral + 2.0 * TIE_M)
        return CLEAR_PAIR;
    return gap.high <= plans->lateral ? SURE_PAIR : OPEN_PAIR;
}

typedef struct {
    int32_t *first, *second;
    int8_t *state;
    int64_t capacity, found;
} Found;

static void meet(const Plans *plans, const Slot *a, const Slot *b, Found *found)
{
    if (a->party >= 0 && a->party == b->party)
        return;
    double height = plans->vertical + TIE_M, reach = a->reach + b->reach;
    if (a->lower - b->upper > height || b->lower - a->upper > height)
        return;
    double d[3] = {a->middle[0] - b->middle[0], a->middle[1] - b->middle[1],
                   a->middle[2] - b->middle[2]};
    if (dot3(d, d) > reach * reach)
        return;
    int64_t first = a->row < b->row ? a->row : b->row, second = a->row < b->row ? b->row : a->row;
    int state = judge_footprints(plans, first, second);
    if (state == CLEAR_PAIR)
        return;
    if (found->found < found->capacity) {
        int sure = state == SURE_PAIR && plans->is_sure[first] && plans->is_sure[second];
        found->first[found->found] = (int32_t)first;
        found->second[found->found] = (int32_t)second;
        found->state[found->found] = (int8_t)(sure ? SURE_PAIR : OPEN_PAIR);
    }
    found->found++;
}

/* The first slot in [low, high) of a rank over `rank`. */
static int64_t after_rank(const Slot *slots, int64_t low, int64_t high, int32_t rank)
{
    while (low < high) {
        int64_t middle = low + (high - low) / 2;
        if (slots[middle].rank > rank)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

/* Meets every volume of `level` whose middle lies in this cell and whose window meets a's. */
static void meet_cell(const Plans *plans, const Slot *a, uint64_t key, const int64_t *bounds,
                      const Slot *slots, Found *found)
{
    int64_t begin = bounds[0], end = bounds[1];
    if (begin == end)
        return;
    if ((key >> 60) == (uint64_t)a->level)
        begin = after_rank(slots, begin, end, a->rank);
    for (const Slot *b = slots + begin; b < slots + end && b->start < a->end; b++)
        if (b->key == key && b->end > a->start)
            meet(plans, a, b, found);
}

/* All pairs not clear; returns how many there are, `capacity` of them written.
 * State 1: surely infringing, 2: the exact pairing decides. */
EXPORT int64_t crosstell_plan_pairs(const Plans *plans, int64_t mask, const int64_t *buckets,
                                    const Slot *slots, int32_t *first, int32_t *second,
                                    int8_t *state, int64_t capacity)
{
    Found found = {first, second, state, capacity, 0};
    for (const Slot *a = slots; a < slots + plans->count; a++)
        for (int64_t level = a->level; level < plans->levels; level++) {
            double reach = a->reach + plans->widest[level], cell = plans->cell[level];
            if (plans->widest[level] <= 0.0)
                continue;
            int64_t low[3], high[3];
            for (int axis = 0; axis < 3; axis++) {
                low[axis] = cell_at(a->middle[axis] - reach, cell);
                high[axis] = cell_at(a->middle[axis] + reach, cell);
            }
            for (int64_t x = low[0]; x <= high[0]; x++)
                for (int64_t y = low[1]; y <= high[1]; y++)
                    for (int64_t z = low[2]; z <= high[2]; z++) {
                        uint64_t key = key_of(x, y, z, level);
                        meet_cell(plans, a, key, buckets + bucket_for(key, mask), slots, &found);
                    }
        }
    return found.found;
}
