// PURE: degrees as points of a plane, and the box around some of them.

import type { Position } from "./places";

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** The town lies at one latitude, as far as a drawing of it is concerned. */
const DEGREE_OF_LONGITUDE = Math.cos((52 * Math.PI) / 180);

/** North is up, and y grows downwards. */
export function flat([longitude, latitude]: Position): Point {
  return { x: longitude * DEGREE_OF_LONGITUDE, y: -latitude };
}

export function boxOf(points: readonly Point[]): [left: number, top: number, right: number, bottom: number] {
  const start: [number, number, number, number] = [Infinity, Infinity, -Infinity, -Infinity];
  return points.reduce<typeof start>(
    ([left, top, right, bottom], { x, y }) => [
      Math.min(left, x),
      Math.min(top, y),
      Math.max(right, x),
      Math.max(bottom, y),
    ],
    start,
  );
}
