// The time, for words that change while one looks. One timer for all, and none while nobody needs it.

import { signal } from "@preact/signals";

import { town } from "../town";

const BEAT_MS = 10_000;

let timer: ReturnType<typeof setInterval> | undefined;

const beats = signal(0, {
  watched() {
    timer = setInterval(beat, BEAT_MS);
    document.addEventListener("visibilitychange", beat);
  },
  unwatched() {
    clearInterval(timer);
    document.removeEventListener("visibilitychange", beat);
  },
});

function beat(): void {
  beats.value += 1;
}

/** The town's time. It moves nothing: who needs to hear of time passing calls `passing`. */
export function townNow(): number {
  return Date.now() + town.peek().ahead_ms;
}

/** The town's time; whoever asks is drawn anew as it passes. */
export function passing(): number {
  void beats.value;
  return townNow();
}
