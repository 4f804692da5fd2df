// One command that a sheet waits for: done, refused, or on its way for as long as there is no connection.

import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";

import type { Client } from "../client";
import type { PayloadOf } from "../outbox";
import type { Refusal } from "../protocol.gen";
import type { LastingCommand, TownEvent, Waiting } from "../town";

export type DeedState = "rest" | "under_way" | "done" | Refusal;

export function useDeed<C extends LastingCommand>(client: Client, command: C) {
  const state = useSignal<DeedState>("rest");
  const asked = useRef<Waiting | null>(null);
  const heard = (event: TownEvent): void => {
    if (event.event === "command.queued" && state.peek() === "under_way" && event.waiting.command === command)
      asked.current ??= event.waiting;
    if (asked.current === null || !("client_id" in event) || event.client_id !== asked.current.client_id) return;
    if (event.event === "command.sent") state.value = "done";
    if (event.event !== "command.refused") return;
    state.value = event.refusal;
    void client.discard(asked.current); // it is told here
  };
  useEffect(() => client.listen(heard), []);
  const go = (payload: PayloadOf<C>): void => {
    asked.current = null;
    state.value = "under_way";
    void client.write(command, payload);
  };
  return { state, go };
}
