/* One track against one zone, decided up to a stated guard; bulk/zones.py has the same layouts. */
#ifndef CROSSTELL_ZONES_H
#define CROSSTELL_ZONES_H

#include "sweep.h"
#include "within.h"

enum { CLEAR_ENTRY, SURE_ENTRY, UNSURE_ENTRY, OPEN_ENTRY };

/* The zones. `begin` and `end` are the windows in seconds after now, the last instant included;
 * `height_wide` is what a conversion of the limits leaves uncertain. */
typedef struct {
    int64_t count;
    const double *middle, *bound, *radius, *lower, *upper, *height_wide, *begin, *end, *pieces;
    const int64_t *piece_at;
    const int8_t *kind;
} Zones;

/* What else the criterion says: the manoeuvre's horizon (below 0: none). */
typedef struct {
    double lateral, vertical, horizon, turn_horizon;
} Rule;

/* One pair that is not clear. NaN: there is none. */
typedef struct {
    int32_t track, zone;
    int64_t verdict;
    double infringement, nominal, exit;
} Entry;

_Static_assert(sizeof(Entry) == 40, "bulk/zones.py makes room for 40 bytes");

/* The verdict; `turn` is how far a manoeuvre may lead from the place now. Fills the times. */
int judge_entry(const double *state, double turn, const Zones *zones, int64_t zone,
                const Rule *rule, Entry *entry);

#endif
