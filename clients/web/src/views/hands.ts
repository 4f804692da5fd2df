// What can be done to an entry, as the views hand it down.

import type { Calls } from "../calls";
import type { Reaction } from "../protocol.gen";
import type { MessageRow, Waiting } from "../town";

export interface Hands {
  /** What can be asked about a case. */
  readonly calls: Calls;
  reply: (row: MessageRow) => void;
  edit: (row: MessageRow) => void;
  retract: (row: MessageRow) => void;
  react: (row: MessageRow, reaction: Reaction) => void;
  /** Into the clipboard. */
  copy: (row: MessageRow) => void;
  again: (waiting: Waiting) => void;
  discard: (waiting: Waiting) => void;
  /** Shows the actions of an entry beside the button that asked for them. */
  open: (row: MessageRow, opener: HTMLElement) => void;
  /** Goes to another entry, which may have to be loaded. */
  jump: (seq: number) => void;
}
