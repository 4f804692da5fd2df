// What of the board is shown: by name, by place, by what is going on.

import { areasOf, EVERYTHING, STATES } from "../board";
import type { State } from "../board";
import { board } from "../board_watch";
import type { BoardArea } from "../protocol.gen";
import { t } from "../words/words";
import type { Word } from "../words/words";
import { filter, refine } from "./board_state";

export function BoardFilters({ found }: { found: number }) {
  const { typed, area, state } = filter.value;
  const isAll = typed === "" && area === "" && state === "all";
  return (
    <search class="board-filters" aria-label={t("board.filters")}>
      <label class="board-search">
        <span class="unseen">{t("board.search")}</span>
        <input
          type="search"
          data-testid="board-search"
          placeholder={t("board.search")}
          value={typed}
          onInput={(event) => refine({ typed: event.currentTarget.value })}
        />
      </label>
      <PlaceChoice area={area} />
      <label>
        <span>{t("board.state")}</span>
        <select
          data-testid="board-state"
          value={state}
          onChange={(event) => refine({ state: event.currentTarget.value as State })}
        >
          {STATES.map((one) => (
            <option key={one} value={one}>
              {t(`board.state_${one}`)}
            </option>
          ))}
        </select>
      </label>
      <p role="status" data-testid="board-found">
        {saidOf(found)}
      </p>
      {!isAll && (
        <button
          type="button"
          class="button quiet small"
          data-testid="board-clear"
          onClick={() => (filter.value = EVERYTHING)}
        >
          {t("board.clear")}
        </button>
      )}
    </search>
  );
}

function saidOf(found: number): string {
  const { rooms, expected } = board.value;
  if (expected === null) return t("board.starting");
  if (rooms.size < expected) return t("board.loading", { count: rooms.size, of: expected });
  return found === 1 ? t("board.found_one") : t("board.found", { count: found });
}

/** A district, and within it a wijk; where there is but one, nothing is asked. */
function PlaceChoice({ area }: { area: string }) {
  const line = lineUp(area);
  const [district, wijk] = [line.find(({ kind }) => kind === "district")?.id, line.find(({ kind }) => kind === "wijk")?.id];
  const districts = areasOf(board.value, "district");
  const wijken = areasOf(board.value, "wijk", district ?? "");
  const hood = line.find(({ kind }) => kind === "neighbourhood");
  return (
    <>
      {districts.length > 1 && (
        <Choice word="board.district" testid="board-district" value={district ?? ""} above="" places={districts} />
      )}
      {wijken.length > 1 && (
        <Choice word="board.wijk" testid="board-wijk" value={wijk ?? ""} above={district ?? ""} places={wijken} />
      )}
      {hood && <Choice word="board.neighbourhood" testid="board-hood" value={hood.id} above={wijk ?? ""} places={[hood]} />}
    </>
  );
}

function lineUp(id: string): BoardArea[] {
  const found = board.value.areas.get(id);
  return found ? [found, ...lineUp(found.parent ?? "")] : [];
}

interface ChoiceFacts {
  word: Word;
  testid: string;
  value: string;
  /** What "all" stands for. */
  above: string;
  places: readonly BoardArea[];
}

function Choice({ word, testid, value, above, places }: ChoiceFacts) {
  return (
    <label>
      <span>{t(word)}</span>
      <select data-testid={testid} value={value} onChange={(event) => refine({ area: event.currentTarget.value || above })}>
        <option value="">{t("board.anywhere")}</option>
        {places.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}
