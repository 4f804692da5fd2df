// The second, for clocks that run while one looks: one timer for all, and none while no clock is on the screen.

import { signal } from "@preact/signals";

import { townNow } from "./clock";

const BEAT_MS = 1_000;

let timer: ReturnType<typeof setInterval> | undefined;

const beats = signal(0, {
  watched() {
    timer = setInterval(() => (beats.value += 1), BEAT_MS);
  },
  unwatched() {
    clearInterval(timer);
  },
});

/** The town's time; whoever asks is drawn anew every second. */
export function ticking(): number {
  void beats.value;
  return townNow();
}
