// Where one reads in a timeline. It follows at the end, and stays put while reading back, whatever changes above or
// below: in a reversed column nothing moves with what is put in front, and what changes below is made good here.
// Knows no Preact.

import { signal } from "@preact/signals-core";

/** Further from the end than this is reading back. */
const AT_END_PX = 48;
/** Nearer to the beginning than this, earlier entries are wished for. */
const NEAR_BEGIN_PX = 900;
const MARK_MS = 1_600;

/** What was at the top of the view, and where. */
interface Anchor {
  readonly element: Element;
  readonly top: number;
}

interface Wishes {
  /** The beginning of what is drawn comes near. */
  earlier: () => void;
}

export class Scrolling {
  readonly isAtEnd = signal(true);
  readonly #wishes: Wishes;
  #scroller: HTMLElement | null = null;
  #anchor: Anchor | null = null;
  #isAsking = false;

  constructor(wishes: Wishes) {
    this.#wishes = wishes;
  }

  /** Begins to watch; returns what ends it. list: the scroller's one child. */
  attach(scroller: HTMLElement, list: HTMLElement): () => void {
    this.#scroller = scroller;
    const scrolled = (): void => this.#scrolled();
    const observer = new ResizeObserver((changes) => this.#resized(changes.some(({ target }) => target === list)));
    scroller.addEventListener("scroll", scrolled, { passive: true });
    observer.observe(scroller);
    observer.observe(list);
    return () => {
      observer.disconnect();
      scroller.removeEventListener("scroll", scrolled);
      this.#scroller = null;
    };
  }

  toEnd(): void {
    this.#scroller?.scrollTo({ top: 0 });
    this.#anchor = null;
    this.isAtEnd.value = true;
  }

  /** Brings the line "new" to the top of the view, where it is above it. */
  begin(line: HTMLElement): void {
    const scroller = this.#scroller;
    if (!scroller) return;
    const above = scroller.getBoundingClientRect().top - line.getBoundingClientRect().top;
    if (above <= 0) return;
    scroller.scrollTop -= above + AT_END_PX;
    this.#scrolled();
  }

  /** Brings an entry into the middle, gives it the focus and marks it for a moment. */
  show(entry: HTMLElement): void {
    entry.scrollIntoView({ block: "center" });
    entry.focus({ preventScroll: true });
    entry.classList.add("marked");
    setTimeout(() => entry.classList.remove("marked"), MARK_MS);
    this.#scrolled();
  }

  #scrolled(): void {
    const scroller = this.#scroller;
    if (!scroller) return;
    this.isAtEnd.value = scroller.scrollTop > -AT_END_PX;
    this.#hold(scroller);
    this.#lookAhead(scroller);
  }

  /** After a leap the entries in view are not drawn yet: ask again with the next frame. */
  #hold(scroller: HTMLElement): void {
    this.#anchor = this.isAtEnd.value ? null : anchorIn(scroller);
    if (this.isAtEnd.value || this.#anchor || this.#isAsking) return;
    this.#isAsking = true;
    requestAnimationFrame(() => {
      this.#isAsking = false;
      if (this.#scroller) this.#hold(this.#scroller);
    });
  }

  /** Runs after layout and before paint, so that nobody sees what is made good. */
  #resized(isList: boolean): void {
    const scroller = this.#scroller;
    if (!scroller) return;
    if (isList && this.#anchor?.element.isConnected) {
      const moved = topIn(scroller, this.#anchor.element) - this.#anchor.top;
      if (Math.abs(moved) >= 1) scroller.scrollTop += moved;
    } else if (!isList) this.#scrolled();
    this.#lookAhead(scroller);
  }

  #lookAhead(scroller: HTMLElement): void {
    const fromBegin = scroller.scrollHeight - scroller.clientHeight + scroller.scrollTop;
    if (fromBegin < NEAR_BEGIN_PX) this.#wishes.earlier();
  }
}

/** The first entry below the top of the view; nothing while a menu lies over it. */
function anchorIn(scroller: HTMLElement): Anchor | null {
  const { left, top, width, height } = scroller.getBoundingClientRect();
  for (let down = 8; down < height; down += 56) {
    const element = document.elementFromPoint(left + width / 2, top + down)?.closest("[data-seq]");
    if (element && scroller.contains(element)) return { element, top: topIn(scroller, element) };
  }
  return null;
}

function topIn(scroller: HTMLElement, element: Element): number {
  return element.getBoundingClientRect().top - scroller.getBoundingClientRect().top;
}
