// One room of the board. Drawn anew when it is told otherwise, when it moves, and when a minute has passed.

import { Component } from "preact";

import { deadlineOf, PRESSING, recent } from "../board";
import type { BoardRoom } from "../board";
import { board } from "../board_watch";
import { t } from "../words/words";
import type { Word } from "../words/words";
import { Icon } from "./icons";
import type { IconName } from "./icons";
import { leftOf } from "./span";
import { Sparkline } from "./sparkline";
import { ticking } from "./ticking";

interface Facts {
  room: BoardRoom;
  /** Among all that are shown, from 0. */
  place: number;
  top: number;
  minute: number;
  isStop: boolean;
  isChosen: boolean;
  take: () => void;
}

export class BoardLine extends Component<Facts> {
  override shouldComponentUpdate(next: Facts): boolean {
    const names = ["room", "place", "top", "minute", "isStop", "isChosen"] as const;
    return names.some((name) => this.props[name] !== next[name]);
  }

  override render() {
    const { room, place, top, minute, isStop, isChosen, take } = this.props;
    const area = board.peek().areas.get(room.area)?.name ?? "";
    return (
      <div
        role="row"
        class={classOf(room)}
        style={{ insetBlockStart: `${top}px` }}
        aria-rowindex={place + 2}
        aria-selected={isChosen}
        tabIndex={isStop ? 0 : -1}
        data-testid="board-row"
        data-room={room.room}
        data-why={room.why}
        onClick={take}
      >
        <span role="gridcell" class="col-room">
          <Icon name={room.kind} />
          <b>{room.name}</b>
          <span class="where">{room.kind === "street" ? area : t("room.kind.neighbourhood")}</span>
        </span>
        <span role="gridcell" class="col-why">
          <b class="why">
            {iconOf(room) && <Icon name={iconOf(room) ?? "desk"} />}
            {t(`board.why_${room.why}`)}
          </b>
          <span class="counts">{countsOf(room)}</span>
        </span>
        <span role="gridcell" class="col-talk">
          <Sparkline room={room} minute={minute} />
          <span>{t("board.talk", { count: recent(room, minute) })}</span>
        </span>
        <span role="gridcell" class="col-here">
          {room.here > 0 ? (
            room.here
          ) : (
            <>
              <span aria-hidden="true">{t("board.few_brief")}</span>
              <span class="unseen">{t("board.few")}</span>
            </>
          )}
        </span>
        <span role="gridcell" class="col-clock">
          <Deadline room={room} />
        </span>
        <span role="gridcell" class="col-staff">
          {room.staff > 0 && (
            <>
              <Icon name="staff" />
              {t("board.staff_here", { count: room.staff })}
            </>
          )}
        </span>
      </div>
    );
  }
}

function classOf({ why }: BoardRoom): string {
  if (PRESSING.has(why)) return "board-row pressing";
  return why === "quiet" ? "board-row quiet" : "board-row";
}

const ICONS: Partial<Record<BoardRoom["why"], IconName>> = {
  unanswered: "help",
  urgent_waiting: "help",
  waiting: "help",
  handled: "help",
  danger: "warning",
  warned: "warning",
  overdue_report: "waiting",
  report: "waiting",
  alert: "bell",
  inside: "staff",
};

function iconOf({ why }: BoardRoom): IconName | undefined {
  return ICONS[why];
}

/** "2 meldingen, 1 waarschuwing": what there is beside the reason. */
function countsOf(room: BoardRoom): string {
  const lists = ["cases", "warnings", "reports", "alerts"] as const;
  return lists
    .flatMap((name) => {
      const count = room[name].length;
      const word = name === "cases" ? "calls" : name;
      return count === 0 ? [] : [t((count === 1 ? `board.${word}_one` : `board.${word}`) as Word, { count })];
    })
    .join(", ");
}

/** What ends first, and it runs. */
function Deadline({ room }: { room: BoardRoom }) {
  const until = deadlineOf(room);
  if (until === Infinity) return null;
  const left_ms = until - ticking();
  return <span class={left_ms <= 0 ? "late" : undefined}>{left_ms <= 0 ? t("board.over") : leftOf(left_ms)}</span>;
}
