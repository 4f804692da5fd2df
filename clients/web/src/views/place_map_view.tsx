// The map of neighbourhoods: a press picks one. One stop for Tab; arrows lead from one to the next.

import { useSignal } from "@preact/signals";
import { useMemo, useRef } from "preact/hooks";

import { mapOf, neighbourOf } from "../place_map";
import type { PlaceMap, Shape } from "../place_map";
import { heldOf } from "../places";
import type { Chosen, Held, PlaceTree } from "../places";
import { t } from "../words/words";
import { focusShape, ShapeName } from "./map_parts";

const LETTER = { high: 17, wide: 9 };
/** Names on shapes narrower than this are for those who point at them. */
const NARROWEST = 60;
const CHECKED: Readonly<Record<Held, "true" | "mixed" | "false">> = { all: "true", some: "mixed", none: "false" };

interface Facts {
  tree: PlaceTree;
  chosen: Chosen;
  toggle: (id: string) => void;
}

export function MapOfPlaces({ tree, chosen, toggle }: Facts) {
  const map = useMemo(() => mapOf(tree), [tree]);
  const stop = useSignal<string | null>(null);
  const drawing = useRef<SVGSVGElement>(null);
  if (map.shapes.length === 0) return null;
  const current = stop.value ?? map.shapes[0]?.id;
  const pressed = (event: KeyboardEvent, id: string): void => {
    const next = neighbourOf(map, id, event.key);
    if (event.key === " " || event.key === "Enter") toggle(id);
    else if (next) focusShape(drawing.current, (stop.value = next));
    else if (!event.key.startsWith("Arrow")) return;
    event.preventDefault();
  };
  return (
    <figure class={`place-map ${map.kind}`} data-testid="place-map" data-kind={map.kind}>
      <svg
        ref={drawing}
        viewBox={`0 0 ${map.width} ${map.height}`}
        role="group"
        aria-label={t("alerting.map")}
        focusable="false"
      >
        {map.shapes.map((shape) => (
          <Spot
            key={shape.id}
            shape={shape}
            map={map}
            held={heldOf(tree, chosen, shape.id)}
            isStop={shape.id === current}
            press={() => {
              stop.value = shape.id;
              toggle(shape.id);
            }}
            keyDown={(event) => pressed(event, shape.id)}
          />
        ))}
      </svg>
      <figcaption class="explain">{t(map.kind === "tiles" ? "alerting.map_tiles" : "alerting.map_borders")}</figcaption>
    </figure>
  );
}

interface SpotFacts {
  shape: Shape;
  map: PlaceMap;
  held: Held;
  isStop: boolean;
  press: () => void;
  keyDown: (event: KeyboardEvent) => void;
}

function Spot({ shape, map, held, isStop, press, keyDown }: SpotFacts) {
  return (
    <g
      class={`spot ${held}`}
      role="checkbox"
      aria-checked={CHECKED[held]}
      aria-label={shape.name}
      tabindex={isStop ? 0 : -1} // in SVG a name is taken as it is written
      data-testid="map-spot"
      data-id={shape.id}
      data-held={held}
      onClick={press}
      onKeyDown={keyDown}
    >
      <title>{shape.name}</title>
      <path d={shape.d} fill-rule="evenodd" />
      {(map.kind === "tiles" || shape.width >= NARROWEST) && <ShapeName shape={shape} letter={LETTER} />}
    </g>
  );
}
