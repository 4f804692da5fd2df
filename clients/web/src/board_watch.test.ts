import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { board, watchBoard } from "./board_watch";
import type { Client } from "./client";
import { NOBODY_HERE, town } from "./town";
import type { TownEvent } from "./town";

const ROW = { room: "a", name: "Straat", kind: "street" as const, minutes: Array<number>(60).fill(0) };

class FakeClient implements Pick<Client, "inquire" | "listen"> {
  readonly asked: string[] = [];
  readonly listeners = new Set<(event: TownEvent) => void>();
  answer: object | null = { ok: true, rooms: 1, areas: [] };

  inquire: Client["inquire"] = async (command) => {
    this.asked.push(command);
    return this.answer as never;
  };

  listen: Client["listen"] = (listener) => {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  };

  says(event: object): void {
    for (const listener of this.listeners) listener(event as TownEvent);
  }
}

beforeEach(() => {
  vi.useFakeTimers();
  town.value = { ...NOBODY_HERE, connection: "live" };
});

afterEach(() => {
  vi.useRealTimers();
  town.value = NOBODY_HERE;
});

test("the board is asked for when it is opened, and after every welcome", async () => {
  const client = new FakeClient();
  const end = watchBoard(client);
  await vi.advanceTimersByTimeAsync(0);
  expect(board.value.expected).toBe(1);
  client.says({ event: "board.changed", now: 0, rooms: [ROW], whole: true });
  expect(board.value.rooms.size).toBe(1);
  client.says({ event: "welcome" });
  expect(client.asked).toEqual(["board.watch", "board.watch"]);
  end();
  expect(client.asked.at(-1)).toBe("board.unwatch");
  expect(board.value.rooms.size).toBe(0);
  expect(client.listeners.size).toBe(0);
});

test("without an answer it is asked for again, as long as there is a connection", async () => {
  const client = new FakeClient();
  client.answer = null;
  const end = watchBoard(client);
  await vi.advanceTimersByTimeAsync(3_100);
  expect(client.asked).toHaveLength(2);
  town.value = { ...town.value, connection: "lost" };
  await vi.advanceTimersByTimeAsync(9_000);
  expect(client.asked).toHaveLength(2);
  end();
});

test("before there is a connection nothing is asked", () => {
  town.value = NOBODY_HERE;
  const client = new FakeClient();
  const end = watchBoard(client);
  expect(client.asked).toEqual([]);
  end();
});
