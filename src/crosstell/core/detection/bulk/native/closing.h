/* How two swept tracks close in on each other: one pair, decided up to a stated guard. */
#ifndef CROSSTELL_CLOSING_H
#define CROSSTELL_CLOSING_H

#include "kernel.h"

enum { CLEAR, INFRINGES, CANNOT_BE_RULED_OUT, WITHIN_GUARD };

/* One pair that is not clear. NaN: there is none. bulk/traffic.py reads the same layout. */
typedef struct {
    int32_t first, second;
    int64_t verdict;
    double infringement_s, nominal_s, exit_s, nearest_s, nearest_m;
} Row;

/* The verdict on two states under `limits` (sweep.h); fills the times of `row` unless CLEAR. */
int judge(const double *first, const double *second, const double *limits, Row *row);

#endif
