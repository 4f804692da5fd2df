// What official alerts leave in the timeline: each message as it was sent, and a line for how it ended.

import { useSignal } from "@preact/signals";

import { bodyOf, wordsIn } from "../alert_body";
import type { AlertRow, Room } from "../town";
import { language, t } from "../words/words";
import { AlertCard } from "./alert_card";
import { verdictOfRow } from "./alert_verdict";
import type { Standing } from "./alert_words";
import { viewOf } from "./alerts_shown";
import { Icon } from "./icons";
import { When } from "./when";

type Sent = Extract<AlertRow, { data: { body: string } }>;

export function AlertInTimeline({ row, room }: { row: AlertRow; room: Room }) {
  if (row.event !== "alert.broadcast" && row.event !== "alert.updated") return <EndLine row={row} room={room} />;
  return <Message row={row} room={room} />;
}

/** A line that opens: what is in force stands whole on top of the room. */
function Message({ row, room }: { row: Sent; room: Room }) {
  const isOpen = useSignal(false);
  return (
    <div role="listitem" class="case-item" data-testid={row.event} data-seq={row.seq} tabIndex={-1}>
      <AlertCard
        body={bodyOf(row.data.body)}
        verdict={verdictOfRow(row, room.id)}
        state={standingOf(row, room)}
        fold={{ isOpen: isOpen.value, turn: () => (isOpen.value = !isOpen.value) }}
      />
    </div>
  );
}

function standingOf({ data }: Sent, room: Room): Standing {
  const now = viewOf(room.id, data.alert);
  if (!now) return "over";
  return now.n === data.n ? "in_force" : "replaced";
}

function EndLine({ row, room }: { row: AlertRow; room: Room }) {
  const reason = reasonIn(row, room);
  return (
    <div role="listitem" class="note alert-line" data-testid={row.event} data-seq={row.seq} tabIndex={-1}>
      <Icon name={row.event === "alert.cleared" ? "sent" : row.event === "alert.cancelled" ? "retract" : "waiting"} />
      {endWords(row, room)} · <When at={row.at} as="clock" />
      {reason && <p dir="auto">{t("alert.reason", { reason })}</p>}
    </div>
  );
}

/** What became of it; whoever says so must have signed that too. */
export function endWords(row: AlertRow, room: Room): string {
  if (row.event === "alert.expired") return expiredWords(row, room);
  const body = bodyOf((row as Sent).data.body);
  if (!body || verdictOfRow(row, room.id) !== "valid") return t("alert.line_unverified");
  const deed = row.event === "alert.cleared" ? "clear" : "cancel";
  return t(`alert.line_${deed}_${body.organisation}`, { headline: wordsIn(body, language.value).headline });
}

/** The clock signs nothing; whose alert it was says the alert itself, where it is loaded, and until when it held. */
function expiredWords({ data, at }: AlertRow, { rows, id }: Room): string {
  const said = rows.findLast(
    (row): row is Sent => row.kind === "alert" && row.data.alert === data.alert && "body" in row.data,
  );
  const body = said && verdictOfRow(said, id) === "valid" ? bodyOf(said.data.body) : null;
  if (body && body.expires_at > at) return t("alert.line_unverified");
  return body ? t(`alert.line_expired_${body.organisation}`) : t("alert.line_expired");
}

function reasonIn(row: AlertRow, room: Room): string | undefined {
  if (row.event === "alert.expired" || verdictOfRow(row, room.id) !== "valid") return undefined;
  return bodyOf(row.data.body)?.reason;
}
