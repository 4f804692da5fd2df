// A moment in the words people use for it; they stay right as time passes.

import { passing, townNow } from "./clock";
import { briefTime, clockTime, dayName, fullTime, isJustNow } from "./times";

const SAID = { clock: clockTime, brief: briefTime, day: dayName };

/** as: "clock" beside an entry that stands under its day, "brief" in the list of rooms, "day" above entries. */
export function When({ at, as }: { at: number; as: keyof typeof SAID }) {
  // Under its day a time changes once, a minute after it: thousands of older ones must not hear the clock beat.
  const isSettled = as === "clock" && !isJustNow(at, townNow());
  const now_ms = isSettled ? townNow() : passing();
  return (
    <time dateTime={new Date(at).toISOString()} title={as === "day" ? undefined : fullTime(at, now_ms)}>
      {SAID[as](at, now_ms)}
    </time>
  );
}
