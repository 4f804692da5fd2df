/* Durations in buckets of three per cent, so that a million of them cost neither memory nor sorting. */

#ifndef HISTOGRAM_H
#define HISTOGRAM_H

#include <stdint.h>
#include <string.h>

enum { STEPS = 32, BUCKETS = 64 * STEPS };

struct histogram { uint64_t count; uint32_t in[BUCKETS]; };

static inline void histogram_clear(struct histogram *histogram) { memset(histogram, 0, sizeof *histogram); }

static inline void histogram_add(struct histogram *histogram, uint64_t ns) {
    ns |= STEPS;
    int power = 63 - __builtin_clzll(ns), shift = power - 5;
    histogram->in[(shift + 1) * STEPS + (int)((ns >> shift) & (STEPS - 1))]++;
    histogram->count++;
}

/* Milliseconds below which *share* of them lie; 0 where there are none. */
static inline double histogram_ms(const struct histogram *histogram, double share) {
    uint64_t wanted = (uint64_t)(share * (double)histogram->count), seen = 0;
    for (int bucket = 0; histogram->count && bucket < BUCKETS; bucket++) {
        seen += histogram->in[bucket];
        if (seen > wanted || seen == histogram->count) {
            int shift = bucket / STEPS - 1;
            double low = (double)(STEPS + bucket % STEPS), width = (double)(1ULL << (shift > 0 ? shift : 0));
            return (low + 0.5) * width / 1e6;
        }
    }
    return 0;
}

#endif
