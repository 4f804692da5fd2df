// The list of a room's entries. When what has the focus goes from it, taken back or thrown away, the focus goes to what
// stands in its place: fallen to the page itself, it would begin at the top for who uses no mouse.

import { Component, createRef } from "preact";
import type { ComponentChildren } from "preact";

const PLACED = "[data-seq]";

interface Facts {
  children: ComponentChildren;
}

export class EntryList extends Component<Facts> {
  readonly #list = createRef<HTMLDivElement>();

  override getSnapshotBeforeUpdate(): number | null {
    return this.#list.current && focusedIn(this.#list.current);
  }

  override componentDidUpdate(_before: Facts, _state: object, focused: number | null): void {
    if (this.#list.current && focused !== null && document.activeElement === document.body)
      focusAt(this.#list.current, focused);
  }

  override render({ children }: Facts) {
    return (
      <div ref={this.#list} role="list" class="entries">
        {children}
      </div>
    );
  }
}

/** The seq of the entry that has the focus in it; Infinity for one that is on its way, and null where there is none. */
function focusedIn(list: HTMLElement): number | null {
  const focused = document.activeElement;
  if (!focused || !list.contains(focused)) return null;
  const seq = focused.closest<HTMLElement>(PLACED)?.dataset.seq;
  return seq === undefined ? Infinity : Number(seq);
}

/** The marker in the place of an entry, or what stands before it. */
function focusAt(list: HTMLElement, seq: number): void {
  const placed = [...list.querySelectorAll<HTMLElement>(PLACED)];
  const heir = placed.findLast((entry) => Number(entry.dataset.seq) <= seq) ?? placed[0];
  if (!heir) return;
  heir.tabIndex = -1;
  heir.focus({ preventScroll: true });
}
