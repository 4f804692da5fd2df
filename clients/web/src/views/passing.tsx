// A word about what was just done, gone by itself.

import type { Signal } from "@preact/signals";
import { useEffect } from "preact/hooks";

import { t } from "../words/words";
import type { Word } from "../words/words";

const SHOWN_MS = 4_000;

/** The region stays in the page, so that screen readers hear its word. */
export function Passing({ word }: { word: Signal<Word | null> }) {
  const said = word.value;
  useEffect(() => {
    if (said === null) return;
    const timer = setTimeout(() => (word.value = null), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [said]);
  return (
    <div class="passing" role="status">
      {said && <p data-testid="passing">{t(said)}</p>}
    </div>
  );
}
