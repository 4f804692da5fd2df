// Beside the name of a room in which an official alert holds.

import { bodyOf } from "../alert_body";
import { t } from "../words/words";
import { AlertIcon } from "./alert_icons";
import { verdictOf } from "./alert_verdict";
import { inForce } from "./alerts_shown";

/** Of the gravest one; what could not be verified has no sign of anybody. */
export function AlertMark({ room }: { room: string }) {
  const view = inForce(room).find((one) => verdictOf(one) === "valid");
  const body = view && bodyOf(view.body);
  if (!body) return null;
  return (
    <span class="room-alerted" data-testid="room-alerted">
      <AlertIcon name={body.organisation} />
      <span class="unseen">, {t(`alert.from_${body.organisation}`)}</span>
    </span>
  );
}
