// How long to wait before trying again. PURE.

const BASE_MS = 1_000;
const CAP_MS = 30_000;

/**
 * Full jitter: anything from nothing to 1 s, 2 s, 4 s ... at most 30 s, so that a town that was cut off together
 * does not come back together. attempt: 0 for the first try after a failure.
 */
export function jitter_ms(attempt: number, random: () => number): number {
  return random() * Math.min(CAP_MS, BASE_MS * 2 ** Math.min(attempt, 10));
}
