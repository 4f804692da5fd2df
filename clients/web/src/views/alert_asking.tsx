// What was asked about an alert and is not answered yet, or was refused: in the words of this desk.

import { town } from "../town";
import { laneOf } from "../waiting";
import { refusedOf } from "./alert_refused";
import { StillWaiting } from "./state";

/** The region stays, so that screen readers hear its words come. */
export function AlertAsking({ lane }: { lane: string }) {
  const asked = town.value.asked.findLast(({ payload }) => laneOf(payload) === lane);
  return (
    <div class="asking" role="status">
      {asked?.state === "refused" && asked.refusal && (
        <p class="failure" data-testid="alert-refused" data-code={asked.refusal.code}>
          {refusedOf(asked.refusal).words}
        </p>
      )}
      {asked && asked.state !== "refused" && <StillWaiting word="alerting.under_way" />}
    </div>
  );
}
