// A chosen room of the board: what is open and what is in force there, with its clocks; and the way in, where there is
// a ground for it.

import { lineOf, PRESSING } from "../board";
import type { BoardRoom } from "../board";
import { board } from "../board_watch";
import type { Client } from "../client";
import type { BoardCase, Person } from "../protocol.gen";
import { t } from "../words/words";
import { EnterFromBoard } from "./board_enter";
import { chosenRoom } from "./board_state";
import { kindWord } from "./case_words";
import { passing } from "./clock";
import { Icon } from "./icons";
import { leftOf, spanOf } from "./span";
import { Sparkline } from "./sparkline";
import { ticking } from "./ticking";
import { clockTime } from "./times";

interface Facts {
  room: BoardRoom;
  me: Person;
  client: Client;
  minute: number;
  choose: (room: string) => void;
}

export function BoardCard({ room, me, client, minute, choose }: Facts) {
  const isQuiet = [room.cases, room.warnings, room.reports, room.alerts].every((list) => list.length === 0);
  const where = lineOf(board.value, room.area).filter(({ kind }) => kind !== "municipality");
  return (
    <section class="board-card" aria-label={`${t("board.card")}: ${room.name}`} data-testid="board-card">
      <header>
        <h3>{room.name}</h3>
        <button type="button" class="tool" title={t("board.card_close")} onClick={() => (chosenRoom.value = null)}>
          <Icon name="close" />
          <span class="unseen">{t("board.card_close")}</span>
        </button>
        <p>{where.map(({ name }) => name).join(", ")}</p>
      </header>
      <p class={PRESSING.has(room.why) ? "why pressing" : "why"} data-testid="card-why">
        {t(`board.why_${room.why}`)}
      </p>
      <figure>
        <Sparkline room={room} minute={minute} />
        <figcaption>{t("board.hour")}</figcaption>
      </figure>
      <p>
        {t("board.col_here")}: {room.here > 0 ? room.here : t("board.few")}
        {room.staff > 0 && `, ${t("board.staff_here", { count: room.staff })}`}
      </p>
      {isQuiet ? (
        <p class="explain">{t("board.card_quiet")}</p>
      ) : (
        <ul>
          {room.cases.map((held) => (
            <CaseLine key={held.id} held={held} />
          ))}
          {room.warnings.map(({ seq, kind, severity, until }) => (
            <li key={seq} data-testid="card-warning">
              <Icon name="warning" />
              <b>{kindWord(kind)}</b>{" "}
              <span>
                {severity !== "unknown" && `${t(`severity.${severity}`)}, `}
                {t("board.until", { time: clockTime(until, passing()) })}
              </span>
            </li>
          ))}
          {room.reports.map(({ id, deadline }) => (
            <li key={id} data-testid="card-report">
              <Icon name="waiting" />
              <b>{t("board.report_line")}</b> <Left deadline={deadline} />
            </li>
          ))}
          {room.alerts.map(({ id, organisation }) => (
            <li key={id}>
              <Icon name="bell" />
              <b>{t(`board.alert_${organisation}`)}</b>
            </li>
          ))}
        </ul>
      )}
      <EnterFromBoard room={room} me={me} client={client} choose={choose} />
    </section>
  );
}

function CaseLine({ held }: { held: BoardCase }) {
  return (
    <li data-testid="card-case" data-state={held.state}>
      <Icon name="help" />
      <b>{kindWord(held.kind)}</b> <span class={`urgency ${held.urgency}`}>{t(`urgency.${held.urgency}`)}</span>{" "}
      <span>
        {t(`case.short_${held.state}`)}, {t("board.waits", { left: spanOf(ticking() - held.since) })}
        {held.deadline !== undefined && ", "}
        <Left deadline={held.deadline} />
      </span>
    </li>
  );
}

function Left({ deadline }: { deadline: number | undefined }) {
  if (deadline === undefined) return null;
  const left_ms = deadline - ticking();
  return <>{left_ms <= 0 ? t("board.over") : t("board.left", { left: leftOf(left_ms) })}</>;
}
