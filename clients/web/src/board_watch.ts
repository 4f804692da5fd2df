// Watches the activity board while somebody looks at it. Not in the town: thousands of rooms that change twice a second
// would draw everything else anew as well.

import { signal } from "@preact/signals-core";

import { begun, NO_BOARD, told } from "./board";
import type { Board } from "./board";
import type { Client } from "./client";
import { town } from "./town";

const AGAIN_MS = 3_000;

export const board = signal<Board>(NO_BOARD);

/** From now on the board is kept; returns what ends that. */
export function watchBoard(client: Pick<Client, "inquire" | "listen">): () => void {
  let again: ReturnType<typeof setTimeout> | undefined;
  board.value = NO_BOARD;
  const ask = async (): Promise<void> => {
    clearTimeout(again);
    const reply = await client.inquire("board.watch", {});
    if (reply?.ok) board.value = begun(board.peek(), reply.rooms, reply.areas);
    else again = setTimeout(() => town.peek().connection === "live" && void ask(), AGAIN_MS);
  };
  const deaf = client.listen((event) => {
    if (event.event === "board.changed") board.value = told(board.peek(), event);
    else if (event.event === "welcome") void ask();
  });
  if (town.peek().connection === "live") void ask();
  return () => {
    deaf();
    clearTimeout(again);
    void client.inquire("board.unwatch", {});
    board.value = NO_BOARD;
  };
}
