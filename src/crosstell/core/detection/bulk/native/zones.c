/* Which tracks may enter which zones: a hashed grid of zones, walked along every track.
 *
 * A zone that lies in a cell of the way is looked at in single precision first (glance.h).
 *
 * A zone lies in every cell that its ball, widened by the limit, by `spare` (what most tracks are
 * uncertain by) and by half a step, reaches. A track is looked up where it is at every step; one
 * that is less certain than `spare` is looked up in all cells around. Zones of like size share a
 * level, whose step is the width of its cells. Hashes may collide: that costs time and no pair.
 */
#include "glance.h"

enum { LEVELS_MAX = 16, CELLS_MAX = 4096, STEPS_AHEAD = 32 };

/* The grid: bulk/zones.py has the same layout. `zone` holds the zones of every bucket in turn. */
typedef struct {
    int64_t levels, mask;
    double spare, horizon, cell[LEVELS_MAX], reach[LEVELS_MAX];
    const int8_t *level;
    int32_t *buckets;
    int32_t *zone;
    const int32_t *by_level; /* the zones in order of level, and where each level begins */
    const int64_t *level_at;
    Ball *ball; /* of every zone */
} Cells;

typedef struct {
    int64_t low[3], high[3];
} Box;

static int64_t cell_at(double value, double per_m)
{
    double scaled = value * per_m;
    int64_t number = (int64_t)scaled;
    return number - (scaled < (double)number);
}

static int64_t bucket_for(int64_t x, int64_t y, int64_t z, int64_t level, int64_t mask)
{
    uint64_t h = (uint64_t)x * 0x9E3779B97F4A7C15ull ^ (uint64_t)y * 0xC2B2AE3D27D4EB4Full ^
                 (uint64_t)z * 0x165667B19E3779F9ull ^ (uint64_t)level * 0x27D4EB2F165667C5ull;
    h ^= h >> 29;
    h *= 0xBF58476D1CE4E5B9ull;
    h ^= h >> 32;
    return (int64_t)(h & (uint64_t)mask);
}

static Box box_around(const double *place, double reach, double cell)
{
    Box box;
    for (int k = 0; k < 3; k++) {
        box.low[k] = cell_at(place[k] - reach, 1.0 / cell);
        box.high[k] = cell_at(place[k] + reach, 1.0 / cell);
    }
    return box;
}

/* Whether the cell is within `reach` of the place. */
static int is_reached(const double *place, double reach, double cell, int64_t x, int64_t y,
                      int64_t z)
{
    int64_t at[3] = {x, y, z};
    double square = 0.0;
    for (int k = 0; k < 3; k++) {
        double low = (double)at[k] * cell, high = low + cell;
        double away = most(0.0, most(low - place[k], place[k] - high));
        square += away * away;
    }
    return square <= reach * reach;
}

/* Counts the zones of every bucket, or (`fill`) puts them in from the end of each. */
static void spread(const Zones *zones, const Cells *cells, int fill)
{
    for (int64_t zone = 0; zone < zones->count; zone++) {
        int64_t level = cells->level[zone];
        if (zones->begin[zone] > cells->horizon || zones->end[zone] < 0.0)
            continue; /* its window is not met */
        double cell = cells->cell[level], reach = zones->bound[zone] + cells->reach[level];
        const double *middle = zones->middle + 3 * zone;
        Box box = box_around(middle, reach, cell);
        for (int64_t x = box.low[0]; x <= box.high[0]; x++)
            for (int64_t y = box.low[1]; y <= box.high[1]; y++)
                for (int64_t z = box.low[2]; z <= box.high[2]; z++) {
                    if (!is_reached(middle, reach, cell, x, y, z))
                        continue;
                    int64_t bucket = bucket_for(x, y, z, level, cells->mask) + 1;
                    if (fill)
                        cells->zone[--cells->buckets[bucket]] = (int32_t)zone;
                    else
                        cells->buckets[bucket]++;
                }
    }
}

/* Counts into `buckets` (mask + 2 numbers); returns how much room `zone` needs. */
EXPORT int64_t crosstell_zone_count(const Zones *zones, const Cells *cells)
{
    for (int64_t b = 0; b <= cells->mask + 1; b++)
        cells->buckets[b] = 0;
    spread(zones, cells, 0);
    for (int64_t b = 0; b <= cells->mask; b++)
        cells->buckets[b + 1] += cells->buckets[b];
    return cells->buckets[cells->mask + 1];
}

/* Fills `zone` and `ball`; afterwards bucket b is from buckets[b] to buckets[b + 1]. */
EXPORT void crosstell_zone_fill(const Zones *zones, const Cells *cells, const Rule *rule)
{
    for (int64_t zone = 0; zone < zones->count; zone++)
        cells->ball[zone] = ball_of(zones, zone, rule);
    int64_t all = cells->buckets[cells->mask + 1];
    spread(zones, cells, 1);
    for (int64_t b = 0; b <= cells->mask; b++)
        cells->buckets[b] = cells->buckets[b + 1];
    cells->buckets[cells->mask + 1] = all;
}

/* What is looked for, and where it goes. `seen` says by which track a zone was last judged. */
typedef struct {
    const Zones *zones;
    const Cells *cells;
    const Rule *rule;
    const double *state;
    int32_t *seen, track;
    double turn;
    Way way;
    Entry *out;
    int64_t capacity, found;
} Search;

static void judge_zone(Search *search, int32_t zone)
{
    Entry entry;
    if (search->seen[zone] == search->track)
        return;
    search->seen[zone] = search->track;
    int verdict = judge_entry(search->state, search->turn, search->zones, zone, search->rule,
                              &entry);
    if (verdict == CLEAR_ENTRY)
        return;
    if (search->found < search->capacity) {
        entry.track = search->track;
        entry.zone = zone;
        entry.verdict = verdict;
        search->out[search->found] = entry;
    }
    search->found++;
}

static void look_into(Search *search, int64_t bucket)
{
    const Cells *cells = search->cells;
    const int32_t *zone = cells->zone + cells->buckets[bucket];
    const int32_t *last = cells->zone + cells->buckets[bucket + 1];
    for (; zone < last; zone++)
        if (may_meet(&search->way, cells->ball + *zone))
            judge_zone(search, *zone);
}

/* Looks around one place; 0 if there are too many cells to look into. */
static int look_around(Search *search, const double *place, double more, int64_t level)
{
    double cell = search->cells->cell[level], number = 2.0 * more / cell + 2.0;
    if (number * number * number > CELLS_MAX)
        return 0;
    Box box = box_around(place, more, cell);
    for (int64_t x = box.low[0]; x <= box.high[0]; x++)
        for (int64_t y = box.low[1]; y <= box.high[1]; y++)
            for (int64_t z = box.low[2]; z <= box.high[2]; z++)
                look_into(search, bucket_for(x, y, z, level, search->cells->mask));
    return 1;
}

/* Looks into the buckets of some steps, all of them fetched before the first is read. */
static void look_ahead(Search *search, const int64_t *buckets, int64_t count)
{
    const Cells *cells = search->cells;
    for (int64_t k = 0; k < count; k++)
        __builtin_prefetch(cells->zone + cells->buckets[buckets[k]]);
    for (int64_t k = 0; k < count; k++)
        look_into(search, buckets[k]);
}

/* Looks where the track is at every step of its chord. */
static void walk_steps(Search *search, int64_t level, int64_t steps)
{
    const Cells *cells = search->cells;
    double per_m = 1.0 / cells->cell[level], place[3];
    int64_t ahead[STEPS_AHEAD], count = 0, last = -1;
    for (int64_t k = 0; k <= steps; k++) {
        place_on(&search->way, (double)k / (double)steps, place);
        int64_t bucket = bucket_for(cell_at(place[0], per_m), cell_at(place[1], per_m),
                                    cell_at(place[2], per_m), level, cells->mask);
        if (bucket == last)
            continue;
        last = ahead[count++] = bucket;
        __builtin_prefetch(cells->buckets + bucket);
        if (count == STEPS_AHEAD) {
            look_ahead(search, ahead, count);
            count = 0;
        }
    }
    look_ahead(search, ahead, count);
}

/* Walks the track's course through the cells of one level. */
static void walk(Search *search, int64_t level)
{
    const Cells *cells = search->cells;
    double travel = search->state[SPEED_NOW] * search->rule->horizon, place[3];
    double more = search->way.rim - cells->spare;
    int64_t steps = (int64_t)ceil(travel / cells->cell[level]) + 1;
    int fits = !isinf(more);
    if (more <= 0.0) {
        walk_steps(search, level, steps);
        return;
    }
    for (int64_t k = 0; k <= steps && fits; k++) {
        place_on(&search->way, (double)k / (double)steps, place);
        fits = look_around(search, place, more, level);
    }
    for (int64_t k = cells->level_at[level]; k < cells->level_at[level + 1] && !fits; k++)
        if (may_meet(&search->way, cells->ball + cells->by_level[k]))
            judge_zone(search, cells->by_level[k]);
}

/* All pairs not clear, by rising track; returns how many, `capacity` of them written.
 * `seen` holds zones->count numbers, none of them the number of a row. */
EXPORT int64_t crosstell_zone_entries(const Zones *zones, const Cells *cells, const Rule *rule,
                                      int64_t tracks, const double *states, const double *turns,
                                      int32_t *seen, Entry *out, int64_t capacity)
{
    Search search = {.zones = zones, .cells = cells, .rule = rule, .seen = seen, .out = out,
                     .capacity = capacity};
    for (int64_t track = 0; track < tracks; track++) {
        search.track = (int32_t)track;
        search.state = states + STATE * track;
        search.turn = turns[track];
        search.way = way_of(search.state, search.turn, rule->horizon);
        for (int64_t level = 0; level < cells->levels; level++)
            if (cells->level_at[level] < cells->level_at[level + 1])
                walk(&search, level);
    }
    return search.found;
}

/* The same for some pairs, given by their rows: `out` has room for all; returns how many. */
EXPORT int64_t crosstell_zone_judged(const Zones *zones, const Rule *rule, const double *states,
                                     const double *turns, int64_t pairs, const int32_t *track,
                                     const int32_t *zone, Entry *out)
{
    int64_t found = 0;
    for (int64_t k = 0; k < pairs; k++) {
        Entry entry;
        entry.verdict = judge_entry(states + STATE * (int64_t)track[k], turns[track[k]], zones,
                                    zone[k], rule, &entry);
        entry.track = track[k];
        entry.zone = zone[k];
        if (entry.verdict != CLEAR_ENTRY)
            out[found++] = entry;
    }
    return found;
}
