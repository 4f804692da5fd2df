// What staff can ask about alerts, as commands. Knows no DOM.

import type { Previewing } from "./alert_draft";
import type { Told } from "./calls";
import type { Client } from "./client";
import type { PayloadOf } from "./outbox";
import type { Place } from "./places";
import type { Failure } from "./session";
import { town } from "./town";
import type { LastingCommand } from "./town";
import { laneOf } from "./waiting";

/** Counting a whole town takes longer than most questions. */
const PREVIEW_WITHIN_MS = 15_000;
const NO_ANSWER: Failure = { code: "unreachable", message: "no answer came in time", retryable: true };

export type Shown = Told<"alert.preview">;

type Deed = "alert.broadcast" | "alert.approve" | "alert.decline" | "alert.update" | "alert.cancel" | "alert.clear";

/** Each deed resolves when the command is stored and shown as waiting. */
export class Alerting {
  readonly #client: Pick<Client, "discard" | "fetch" | "inquire" | "listed" | "write">;

  constructor(client: Pick<Client, "discard" | "fetch" | "inquire" | "listed" | "write">) {
    this.#client = client;
  }

  /** Asks for all that concern one's own area; they are then in the town. */
  async list(): Promise<void> {
    const known = Object.keys(town.peek().staffAlerts ?? {});
    const told = await this.#client.inquire("alert.list", {});
    if (told?.ok) this.#client.listed({ event: "alerts.listed", alerts: told.alerts, known });
  }

  /** Whom it reaches and what it needs; or why it can't be. Nothing is sent. */
  async preview(alert: Previewing): Promise<{ shown: Shown } | { failure: Failure }> {
    const told = await this.#client.inquire("alert.preview", alert, PREVIEW_WITHIN_MS);
    if (!told) return { failure: NO_ANSWER };
    return told.ok ? { shown: told } : { failure: told.error };
  }

  /** How far it has come; null where nobody can say now. */
  async reach(alert: string): Promise<Told<"alert.reach"> | null> {
    const told = await this.#client.inquire("alert.reach", { alert });
    return told?.ok ? told : null;
  }

  broadcast(preview: string, code: string | undefined): Promise<void> {
    return this.#do("alert.broadcast", { preview, ...(code === undefined ? {} : { code }) });
  }

  /** due: until when what was read waits; the server sends nothing else in its place. */
  approve(alert: string, due: number | null): Promise<void> {
    return this.#do("alert.approve", { alert, ...(due === null ? {} : { due }) });
  }

  decline = (alert: string): Promise<void> => this.#do("alert.decline", { alert });
  update = (update: PayloadOf<"alert.update">): Promise<void> => this.#do("alert.update", update);
  cancel = (alert: string, reason: string): Promise<void> => this.#do("alert.cancel", { alert, reason });

  clear(alert: string, reason: string): Promise<void> {
    return this.#do("alert.clear", { alert, ...(reason ? { reason } : {}) });
  }

  /** What was refused before, about the alert of this lane, was read. */
  async forget(lane: string): Promise<void> {
    const refused = town.peek().asked.filter(({ payload, state }) => laneOf(payload) === lane && state === "refused");
    for (const waiting of refused) await this.#client.discard(waiting);
  }

  /** The places of the town, or why not. */
  places(): Promise<{ ok: true; places: Place[] } | { ok: false; error: Failure }> {
    return this.#client.fetch<{ places: Place[] }>("/api/places");
  }

  async #do<C extends Deed & LastingCommand>(command: C, payload: PayloadOf<C>): Promise<void> {
    await this.forget(laneOf(payload));
    await this.#client.write(command, payload);
  }
}
