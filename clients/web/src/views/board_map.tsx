// The board as a map: each neighbourhood as dark as there is talk, outlined where somebody is needed. A press shows its
// rooms alone.

import { useSignal } from "@preact/signals";
import { useMemo, useRef, useState } from "preact/hooks";

import { Alerting } from "../alerting";
import { patchesOf } from "../board";
import type { Patch } from "../board";
import { board } from "../board_watch";
import type { Client } from "../client";
import { mapOf, neighbourOf } from "../place_map";
import type { Shape } from "../place_map";
import type { PlaceTree } from "../places";
import type { Person } from "../protocol.gen";
import { t } from "../words/words";
import { filter, refine } from "./board_state";
import { focusShape, ShapeName } from "./map_parts";
import { usePlaces } from "./town_places";

const LETTER = { high: 15, wide: 8 };
const QUIET: Patch = { level: 0, messages: 0, isPressing: false };

export function BoardMap({ me, client, minute }: { me: Person; client: Client; minute: number }) {
  const [alerting] = useState(() => new Alerting(client));
  const places = usePlaces(alerting, me);
  if (places === null) return null;
  if ("failure" in places) return <p class="explain">{t("board.map_missing")}</p>;
  return <Drawing tree={places.tree} minute={minute} />;
}

function Drawing({ tree, minute }: { tree: PlaceTree; minute: number }) {
  const map = useMemo(() => mapOf(tree), [tree]);
  const patches = patchesOf(board.value, minute);
  const stop = useSignal<string | null>(null);
  const pointed = useSignal<string | null>(null);
  const svg = useRef<SVGSVGElement>(null);
  if (map.shapes.length === 0) return null;
  const current = stop.value ?? map.shapes[0]?.id;
  const pick = (id: string): void => {
    stop.value = id;
    refine({ area: filter.peek().area === id ? "" : id });
  };
  const press = (event: KeyboardEvent, id: string): void => {
    const next = neighbourOf(map, id, event.key);
    if (event.key === " " || event.key === "Enter") pick(id);
    else if (next) focusShape(svg.current, (stop.value = next));
    else if (!event.key.startsWith("Arrow")) return;
    event.preventDefault();
  };
  return (
    <figure class={`board-map ${map.kind}`} data-testid="board-map">
      <svg
        ref={svg}
        viewBox={`0 0 ${map.width} ${map.height}`}
        role="group"
        aria-label={t("board.map")}
        focusable="false"
      >
        {map.shapes.map((shape) => (
          <Spot
            key={shape.id}
            shape={shape}
            patch={patches.get(shape.id) ?? QUIET}
            isPicked={filter.value.area === shape.id}
            isStop={shape.id === current}
            pick={() => pick(shape.id)}
            press={(event) => press(event, shape.id)}
            point={(isHere) => (pointed.value = isHere ? shape.id : null)}
          />
        ))}
      </svg>
      <figcaption class="explain">{captionOf(map.shapes, pointed.value, patches)}</figcaption>
    </figure>
  );
}

/** What the drawing has no room for: the name of what is pointed at. */
function captionOf(shapes: readonly Shape[], pointed: string | null, patches: ReadonlyMap<string, Patch>): string {
  const shape = shapes.find(({ id }) => id === pointed);
  return shape ? saidOf(shape, patches.get(shape.id) ?? QUIET) : t("board.map_explain");
}

function saidOf({ name }: Shape, { messages, isPressing }: Patch): string {
  return t(isPressing ? "board.map_spot_needed" : "board.map_spot", { name, count: messages });
}

interface SpotFacts {
  shape: Shape;
  patch: Patch;
  isPicked: boolean;
  isStop: boolean;
  pick: () => void;
  press: (event: KeyboardEvent) => void;
  point: (isHere: boolean) => void;
}

function Spot({ shape, patch, isPicked, isStop, pick, press, point }: SpotFacts) {
  const { level, isPressing } = patch;
  const said = saidOf(shape, patch);
  return (
    <g
      class={`patch level-${level}${isPressing ? " pressing" : ""}`}
      role="button"
      aria-pressed={isPicked}
      aria-label={said}
      tabIndex={isStop ? 0 : -1}
      data-testid="board-patch"
      data-id={shape.id}
      data-level={level}
      onClick={pick}
      onKeyDown={press}
      onPointerEnter={() => point(true)}
      onPointerLeave={() => point(false)}
      onFocus={() => point(true)}
      onBlur={() => point(false)}
    >
      <title>{said}</title>
      <path d={shape.d} fill-rule="evenodd" />
      <ShapeName shape={shape} letter={LETTER} />
    </g>
  );
}
