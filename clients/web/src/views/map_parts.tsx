// Of both maps of neighbourhoods: the name on a shape, and the focus on one.

import { linesOf } from "../map_label";
import type { Shape } from "../place_map";

const MOST_LINES = 4;

/** Of a letter, in the map's units. */
interface Letter {
  readonly high: number;
  readonly wide: number;
}

export function ShapeName({ shape, letter }: { shape: Shape; letter: Letter }) {
  const lines = linesOf(shape.name, Math.max(5, Math.floor(shape.width / letter.wide)), MOST_LINES);
  const top = shape.y - ((lines.length - 1) * letter.high) / 2;
  return (
    <text aria-hidden="true" text-anchor="middle" dominant-baseline="central">
      {lines.map((line, n) => (
        <tspan key={n} x={shape.x} y={top + n * letter.high}>
          {line}
        </tspan>
      ))}
    </text>
  );
}

export function focusShape(drawing: SVGSVGElement | null, id: string): void {
  [...(drawing?.querySelectorAll<SVGGElement>("[data-id]") ?? [])].find((spot) => spot.dataset.id === id)?.focus();
}
