/* The common model in plain C: what a careful programmer gets when nothing else has to fit in.
 *
 * It reads and writes columns as Crestline does and breaks ties as Crestline does, so that the same rows have to end at
 * the same instants, bit for bit: of contacts when each was due, claimed and ended, of the pool a row at every change.
 */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>

enum { OPEN = 0, SERVED = 2, LEFT = 3 };          /* outcomes as tables.Outcome numbers them */
enum { RESOLVE = 0, LEAVE = 1 };                  /* at one instant whoever resolves comes first */

typedef struct { double at; int64_t key; } Event; /* key: kind, then row */

typedef struct {
    const double *gap, *handle, *patience;
    const uint8_t *vip;
    double *planned, *claimed, *ended;
    int8_t *outcome;
    double *pool_at;
    int32_t *pool_busy, *pool_waiting;
    int64_t pool_rows;
    Event *heap;
    int64_t events;
    int32_t *next, first[2], last[2];             /* two lines: VIPs and others; who has left stays until passed over */
    int32_t agents, busy, waiting;
} Play;

static int before(Event a, Event b) { return a.at < b.at || (a.at == b.at && a.key < b.key); }

static void push(Play *p, double at, int64_t kind, int64_t row) {
    Event made = {at, kind << 40 | row};
    int64_t i = p->events++;
    for (; i > 0 && before(made, p->heap[(i - 1) / 2]); i = (i - 1) / 2) p->heap[i] = p->heap[(i - 1) / 2];
    p->heap[i] = made;
}

static Event pop(Play *p) {
    Event top = p->heap[0], moved = p->heap[--p->events];
    int64_t i = 0, child;
    while ((child = 2 * i + 1) < p->events) {
        if (child + 1 < p->events && before(p->heap[child + 1], p->heap[child])) child++;
        if (!before(p->heap[child], moved)) break;
        p->heap[i] = p->heap[child];
        i = child;
    }
    p->heap[i] = moved;
    return top;
}

static void note(Play *p, double at) {
    int64_t i = p->pool_rows++;
    p->pool_at[i] = at;
    p->pool_busy[i] = p->busy;
    p->pool_waiting[i] = p->waiting;
}

static void claim(Play *p, int64_t row, double at) {
    p->claimed[row] = at;
    p->outcome[row] = SERVED;
    p->busy++;
    note(p, at);
    push(p, at + p->handle[row], RESOLVE, row);
}

static void arrive(Play *p, int64_t row) {
    double at = p->planned[row];
    if (p->busy < p->agents) {
        claim(p, row, at);
        return;
    }
    int line = !p->vip[row];
    p->next[row] = -1;
    if (p->first[line] < 0) p->first[line] = (int32_t)row;
    else p->next[p->last[line]] = (int32_t)row;
    p->last[line] = (int32_t)row;
    p->waiting++;
    note(p, at);
    push(p, at + p->patience[row], LEAVE, row);
}

static void resolve(Play *p, int64_t row, double at) {
    p->ended[row] = at;
    p->busy--;
    note(p, at);
    for (int line = 0; line < 2; line++) {
        while (p->first[line] >= 0) {
            int32_t next = p->first[line];
            p->first[line] = p->next[next];
            if (p->outcome[next] == OPEN) {
                p->waiting--;
                note(p, at);
                claim(p, next, at);
                return;
            }
        }
    }
}

static void leave(Play *p, int64_t row, double at) {
    if (p->outcome[row] != OPEN) return;
    p->outcome[row] = LEFT;
    p->ended[row] = at;
    p->waiting--;
    note(p, at);
}

/* Plays n contacts to the end of the last; the pool's columns hold 4 n rows. Returns how many of them are filled. */
int64_t play(int64_t n, int32_t agents, const double *gap, const double *handle, const double *patience,
             const uint8_t *vip, double *planned, double *claimed, double *ended, int8_t *outcome,
             double *pool_at, int32_t *pool_busy, int32_t *pool_waiting) {
    Play p = {gap, handle, patience, vip, planned, claimed, ended, outcome, pool_at, pool_busy, pool_waiting, 0,
              malloc(2 * (size_t)n * sizeof(Event)), 0, malloc((size_t)n * sizeof(int32_t)), {-1, -1}, {-1, -1},
              agents, 0, 0};
    int64_t row = 0;
    if (n > 0) planned[0] = gap[0];
    while (row < n || p.events > 0) {
        if (p.events == 0 || (row < n && planned[row] < p.heap[0].at)) {
            claimed[row] = NAN;
            outcome[row] = OPEN;
            arrive(&p, row);
            if (++row < n) planned[row] = planned[row - 1] + gap[row];
            continue;
        }
        Event event = pop(&p);
        int64_t of = event.key & ((1LL << 40) - 1);
        if (event.key >> 40 == RESOLVE) resolve(&p, of, event.at);
        else leave(&p, of, event.at);
    }
    free(p.heap);
    free(p.next);
    return p.pool_rows;
}

/* xoshiro256+ (Blackman and Vigna 2018), seeded by splitmix64. */
static uint64_t state[4];

static uint64_t rotate(uint64_t x, int by) { return x << by | x >> (64 - by); }

static double uniform(void) {
    uint64_t sum = state[0] + state[3], shifted = state[1] << 17;
    state[2] ^= state[0];
    state[3] ^= state[1];
    state[1] ^= state[2];
    state[0] ^= state[3];
    state[2] ^= shifted;
    state[3] = rotate(state[3], 45);
    return (double)(sum >> 11) * 0x1p-53;
}

static double exponential(double mean) { return -mean * log(1.0 - uniform()); }

/* Draws the columns of n contacts. */
void draw(int64_t n, uint64_t seed, double gap_s, double handle_s, double patience_s, double vip_share,
          double *gap, double *handle, double *patience, uint8_t *vip) {
    for (int i = 0; i < 4; i++) {
        uint64_t z = seed += 0x9e3779b97f4a7c15u;
        z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
        z = (z ^ z >> 27) * 0x94d049bb133111ebu;
        state[i] = z ^ z >> 31;
    }
    for (int64_t row = 0; row < n; row++) {
        gap[row] = exponential(gap_s);
        handle[row] = exponential(handle_s);
        patience[row] = exponential(patience_s);
        vip[row] = uniform() < vip_share;
    }
}
