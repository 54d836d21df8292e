/* The layout of a track's state, and of what the criterion hands in. bulk/sweep.py has the same. */
#ifndef CROSSTELL_SWEEP_H
#define CROSSTELL_SWEEP_H

#include "kernel.h"

enum { LAT, LON, TRACK, SPEED, CLIMB, ALTITUDE, POSITION_ACCURACY, ALTITUDE_ACCURACY, AGE,
       CONVERSION };
enum { LATERAL, VERTICAL, HORIZON, UNKNOWN_ACCURACY, UNKNOWN_SPEED, STALE_AFTER };
enum {
    PLACE = 0,    /* 3: ground point now */
    VELOCITY = 3, /* 3: now */
    BEND = 6,     /* 3: acceleration now, towards the middle of the circle */
    TURN_2 = 9,   /* square of the angular speed, 1/s^2 */
    SPEED_NOW = 10,
    WIDE = 11,  /* uncertainty sideways now, and its growth a second */
    DRIFT = 12,
    HEIGHT = 13, /* now */
    CLIMB_NOW = 14,
    WIDE_UP = 15, /* uncertainty in height now, and its growth a second */
    DRIFT_UP = 16,
    ERROR = 17, /* how far the circle may be from the geodesic, within the horizon */
    BOW = 18,   /* what the quadratic in time leaves out, within the horizon */
    FLAGS = 19,
    PARTY = 20,
    STATE = 21
};
enum { UNKNOWN_VELOCITY = 1, STALE = 2, UNKNOWN_ALTITUDE = 4, FAR = 8 };

#define PAD_M 1.5 /* boxes are single precision: half a metre at the Earth's radius */
#define WHOLE_M 7.0e6
#define BOX_M_MAX 2.0e6
#define TRAVEL_M_MAX 1.0e6
#define ANY_HEIGHT_M 1.0e6

#endif
