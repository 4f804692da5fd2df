// The activity board: every room of the jurisdiction, what needs a person most on top. It shows no conversation.

import { useEffect } from "preact/hooks";

import { MINUTE_MS, shown, sumsOf } from "../board";
import type { Sums } from "../board";
import { board, watchBoard } from "../board_watch";
import type { Client } from "../client";
import type { Person } from "../protocol.gen";
import { t } from "../words/words";
import { BoardAlarm } from "./board_alarm";
import { BoardCard } from "./board_card";
import { BoardFilters } from "./board_filters";
import { BoardList } from "./board_list";
import { BoardMap } from "./board_map";
import { chosenRoom, filter, openedBy } from "./board_state";
import { passing } from "./clock";
import { Icon } from "./icons";
import { allowSound } from "./sound";
import { SoundSwitch } from "./sound_switch";

interface Facts {
  me: Person;
  client: Client;
  /** Into a room of mine. */
  choose: (room: string) => void;
  close: () => void;
}

export function ActivityBoard({ me, client, choose, close }: Facts) {
  useEffect(() => {
    openedBy(me.id);
    return watchBoard(client);
  }, []);
  useEffect(() => {
    addEventListener("pointerdown", allowSound);
    return () => removeEventListener("pointerdown", allowSound);
  }, []);
  const now = board.value;
  const minute = Math.floor(passing() / MINUTE_MS);
  const rooms = shown(now, filter.value);
  const chosen = chosenRoom.value === null ? undefined : now.rooms.get(chosenRoom.value);
  return (
    <section class="board" aria-labelledby="board-title" data-testid="board">
      <header class="board-head">
        <button type="button" class="tool" data-testid="board-close" title={t("board.back")} onClick={close}>
          <Icon name="back" />
          <span class="unseen">{t("board.back")}</span>
        </button>
        <div>
          <h2 id="board-title" tabIndex={-1}>
            {t("board.title")}
          </h2>
          <p>{t("board.explain")}</p>
        </div>
        <SoundSwitch testid="board-sound" />
      </header>
      <BoardAlarm />
      <TheSums sums={sumsOf(now, minute)} />
      <BoardFilters found={rooms.length} />
      <div class="board-inside">
        <BoardList rooms={rooms} minute={minute} />
        <div class="board-aside">
          {chosen && <BoardCard key={chosen.room} room={chosen} me={me} client={client} choose={choose} minute={minute} />}
          <BoardMap me={me} client={client} minute={minute} />
        </div>
      </div>
    </section>
  );
}

const SUMS = ["unanswered", "calls", "warnings", "reports", "alerts", "staff", "messages"] as const;

function TheSums({ sums }: { sums: Sums }) {
  return (
    <dl class="board-sums" aria-label={t("board.sums")} data-testid="board-sums">
      {SUMS.map((name) => (
        <div key={name} class={name === "unanswered" && sums[name] > 0 ? "pressing" : undefined}>
          <dt>{t(`board.sum_${name}`)}</dt>
          <dd data-testid={`sum-${name}`}>{sums[name]}</dd>
        </div>
      ))}
    </dl>
  );
}
