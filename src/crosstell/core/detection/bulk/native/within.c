/* When a track is within a distance of a footprint: see within.h.
 *
 * A ring widened by a distance is its strips (beside a piece), its discs (about a corner) and its
 * inside. Between the times in strips and discs it is either inside or outside throughout.
 */
#include "sweep.h"
#include "within.h"

#define SOME 1e-6 /* seconds: nothing happens in less */

double u_of(const double *state, double time)
{
    double w = sqrt(state[TURN_2]);
    return w > 0.0 ? 2.0 / w * tan(0.5 * w * time) : time;
}

double time_of(const double *state, double u)
{
    double w = sqrt(state[TURN_2]);
    return w > 0.0 ? 2.0 / w * atan(0.5 * w * u) : u;
}

/* Where a u^2 + b u + c <= 0: up to two stretches. */
static int below(double a, double b, double c, Stretch *out)
{
    const Stretch all = {-INFINITY, INFINITY};
    double square = b * b - 4.0 * a * c;
    if (a == 0.0 && b == 0.0) {
        out[0] = all;
        return c <= 0.0;
    }
    if (square < 0.0) {
        out[0] = all;
        return a < 0.0;
    }
    double q = -0.5 * (b + (b < 0.0 ? -1.0 : 1.0) * sqrt(square));
    double one = a == 0.0 ? (b < 0.0 ? INFINITY : -INFINITY) : q / a;
    double other = q == 0.0 ? one : c / q;
    double low = least(one, other), high = most(one, other);
    if (a >= 0.0) {
        out[0].from = low;
        out[0].to = high;
        return 1;
    }
    out[0].from = -INFINITY;
    out[0].to = low;
    out[1].from = high;
    out[1].to = INFINITY;
    return 2;
}

/* Keeps of `list` what is also in `with`. */
static int clip(Stretch *list, int count, const Stretch *with, int others)
{
    Stretch kept[8];
    int n = 0;
    for (int i = 0; i < count; i++)
        for (int k = 0; k < others && n < 8; k++) {
            kept[n].from = most(list[i].from, with[k].from);
            kept[n].to = least(list[i].to, with[k].to);
            n += kept[n].from <= kept[n].to;
        }
    for (int i = 0; i < n; i++)
        list[i] = kept[i];
    return n;
}

static void add(Times *times, Stretch one)
{
    if (times->count == STRETCHES) {
        times->in_doubt = 1;
        return;
    }
    int k = times->count++;
    for (; k > 0 && times->at[k - 1].from > one.from; k--)
        times->at[k] = times->at[k - 1];
    times->at[k] = one;
}

/* Adds when the track is within `flat` of the point, in a straight line. */
static void add_disc(const double *state, const double *point, double flat, Stretch range,
                     Times *times)
{
    double w[3] = {state[0] - point[0], state[1] - point[1], state[2] - point[2]};
    double c = dot3(w, w) - flat * flat, speed_2 = dot3(state + VELOCITY, state + VELOCITY);
    double b = 2.0 * dot3(w, state + VELOCITY);
    double a = 0.25 * c * state[TURN_2] + dot3(w, state + BEND) + speed_2;
    Stretch met[2], list[8] = {range};
    int count = clip(list, 1, met, below(a, b, c, met));
    for (int k = 0; k < count; k++)
        add(times, list[k]);
}

/* A coordinate z of w = P - a over u: (z0 (1 + h u^2) + z1 u + z2 u^2) / (1 + h u^2). */
typedef struct {
    double z0, z1, z2;
} Line;

static Line line_along(const double *state, const double *w, const double *axis)
{
    Line line = {dot3(w, axis), dot3(state + VELOCITY, axis), 0.5 * dot3(state + BEND, axis)};
    return line;
}

static double value_at(Line line, double h, double u)
{
    return line.z0 + (line.z1 * u + line.z2 * u * u) / (1.0 + h * u * u);
}

/* Whether the coordinate stays over `high`, or under `low`, throughout the range. */
static int stays_out(Line line, double h, Stretch range, double low, double high)
{
    double one = value_at(line, h, range.from), other = value_at(line, h, range.to);
    double width = range.to - range.from, far = most(fabs(range.from), fabs(range.to));
    double bow = (fabs(line.z2) + h * fabs(line.z1) * far) * width * width + 1e-6;
    return least(one, other) - bow > high || most(one, other) + bow < low;
}

static int clip_below(Stretch *list, int count, Line line, double h, double limit, double sign)
{
    Stretch met[2];
    double c = sign * (line.z0 - limit);
    return clip(list, count, met, below(c * h + sign * line.z2, sign * line.z1, c, met));
}

/* Adds when the track is within `flat` of one piece. */
static void add_piece(const double *state, const double *piece, double flat, Stretch range,
                      Times *times)
{
    double w[3] = {state[0] - piece[0], state[1] - piece[1], state[2] - piece[2]};
    double h = 0.25 * state[TURN_2];
    Line y = line_along(state, w, piece + ACROSS);
    if (stays_out(y, h, range, -flat, flat))
        return;
    Line x = line_along(state, w, piece + ALONG);
    if (stays_out(x, h, range, -flat, piece[LENGTH] + flat))
        return;
    double end[3];
    for (int k = 0; k < 3; k++)
        end[k] = piece[k] + piece[LENGTH] * piece[ALONG + k];
    add_disc(state, piece, flat, range, times);
    add_disc(state, end, flat, range, times);
    Stretch list[8] = {range};
    int count = clip_below(list, 1, y, h, flat, 1.0);
    count = clip_below(list, count, y, h, -flat, -1.0);
    count = clip_below(list, count, x, h, 0.0, -1.0);
    count = clip_below(list, count, x, h, piece[LENGTH], 1.0);
    for (int k = 0; k < count; k++)
        add(times, list[k]);
}

void place_at(const double *state, double u, double *place)
{
    double share = 1.0 / (1.0 + 0.25 * state[TURN_2] * u * u);
    for (int k = 0; k < 3; k++)
        place[k] = state[k] + (state[VELOCITY + k] * u + 0.5 * state[BEND + k] * u * u) * share;
}

/* Whether the track is inside the ring half-way between two times: surely, or (sign > 0) maybe. */
static int inside_between(const double *state, const Shape *shape, const View *view, Stretch gap,
                          int sign)
{
    double place[3], x, y;
    place_at(state, 0.5 * (gap.from + gap.to), place);
    if (flat_to_ring(place, shape->pieces, shape->count) < 2.0 * SIDE_M + state[ERROR])
        return sign > 0;
    return picture_of(view, place, &x, &y) && ring_holds(shape->pieces, shape->count, x, y);
}

/* Joins what touches. */
static void join(Times *times)
{
    int kept = 0;
    for (int k = 1; k < times->count; k++)
        if (times->at[k].from <= times->at[kept].to + SOME)
            times->at[kept].to = most(times->at[kept].to, times->at[k].to);
        else
            times->at[++kept] = times->at[k];
    times->count = times->count ? kept + 1 : 0;
}

/* From the times near the ring to the times within it: with the ring, or without (flat < 0). */
static void fill(const double *state, const Shape *shape, double flat, int sign, Stretch range,
                 Times *times)
{
    Times near;
    near.count = times->count;
    for (int k = 0; k < near.count; k++)
        near.at[k] = times->at[k];
    Stretch gap = {range.from, 0.0};
    View view = view_from(shape->middle);
    times->count = 0;
    for (int k = 0; k <= near.count; k++) {
        gap.to = k < near.count ? near.at[k].from : range.to;
        int some = gap.to - gap.from > SOME || (near.count == 0 && gap.from <= gap.to);
        if (some && inside_between(state, shape, &view, gap, sign))
            add(times, gap);
        if (k == near.count)
            break;
        if (flat >= 0.0)
            add(times, near.at[k]);
        gap.from = most(gap.from, near.at[k].to);
    }
    join(times);
}

/* The chord of a geodesic. */
static double chord_of(double far)
{
    double share = far * far / (RADIUS_M * RADIUS_M);
    return far - far * share / 24.0 + far * share * share * 3.0 / 576.0;
}

void within(const double *state, const Shape *shape, double limit, int sign, Stretch range,
            Times *times)
{
    double whole = limit + shape->radius + TIE_M, slack = slack_of(whole) + state[ERROR];
    times->count = times->in_doubt = 0;
    if (whole > LOCAL_M_MAX || shape->kind == BALL_KIND) { /* its ball is all that is known */
        add_disc(state, shape->middle, shape->bound + limit + TIE_M + state[ERROR], range, times);
        times->in_doubt = times->count > 0;
        return;
    }
    if (shape->kind == CIRCLE_KIND) {
        double flat = chord_of(whole) + sign * slack;
        if (flat >= 0.0)
            add_disc(state, shape->middle, flat, range, times);
        return;
    }
    Times ball; /* outside the ball there is nothing to look for */
    ball.count = ball.in_doubt = 0;
    add_disc(state, shape->middle, shape->bound + whole + slack, range, &ball);
    if (ball.count == 0)
        return;
    range.from = ball.at[0].from;
    range.to = ball.at[ball.count - 1].to;
    double cube = whole * whole * whole / (6.0 * RADIUS_M * RADIUS_M);
    double flat = sign > 0 ? whole + slack : whole - slack - cube;
    if (shape->kind == LINES_KIND && flat < 0.0)
        return;
    for (int64_t k = 0; k < shape->count; k++)
        add_piece(state, shape->pieces + k * PIECE, fabs(flat), range, times);
    if (shape->kind == LINES_KIND) {
        join(times);
        return;
    }
    fill(state, shape, flat, sign, range, times);
}
