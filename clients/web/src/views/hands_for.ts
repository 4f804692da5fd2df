// What can be done to an entry of a room, carried out.

import type { Signal } from "@preact/signals";

import type { Client } from "../client";
import { town, wording } from "../town";
import type { Word } from "../words/words";
import { focusComposer } from "./composer";
import type { Drafts } from "./drafts";
import type { Drawing } from "./drawing";
import type { Opened } from "./entry_menu";
import type { Hands } from "./hands";
import type { Scrolling } from "./scrolling";
import { chunkOf } from "./timeline";

interface Facts {
  room: string;
  client: Client;
  drafts: Drafts;
  drawing: Drawing;
  scrolling: Scrolling;
  opened: Signal<Opened | null>;
  /** What is said for a moment. */
  passing: Signal<Word | null>;
}

export function handsFor(facts: Facts): Hands {
  const { room, client, drafts, opened, passing } = facts;
  return {
    calls: client.calls,
    reply: (row) => {
      drafts.reply(room, row.seq);
      requestAnimationFrame(focusComposer);
    },
    edit: (row) => {
      drafts.edit(room, row.seq, wording(row));
      requestAnimationFrame(focusComposer);
    },
    retract: (row) => void client.retract(room, row),
    react: (row, reaction) => void client.react(room, row, reaction),
    copy: (row) => {
      void navigator.clipboard.writeText(wording(row)).then(() => (passing.value = "entry.copied"));
    },
    again: (waiting) => void client.again(waiting),
    discard: (waiting) => void client.discard(waiting),
    open: (row, opener) => (opened.value = { row, opener }),
    jump: (seq) => void jump(seq, facts),
  };
}

/** Loads and draws what lies between, then goes there. */
async function jump(seq: number, { room, client, drawing, scrolling, passing }: Facts): Promise<void> {
  const isHeld = seq >= (town.peek().rooms[room]?.from ?? Infinity);
  if (!isHeld && !(await client.reach(room, seq))) {
    passing.value = "entry.not_loaded";
    return;
  }
  drawing.to(chunkOf(seq));
  requestAnimationFrame(() => {
    const entry = document.querySelector<HTMLElement>(`.timeline [data-seq="${seq}"]`);
    if (entry) scrolling.show(entry);
    else passing.value = "entry.quoted_gone";
  });
}
