// The places in each other, as lists of boxes to tick: what is folded in shows when one asks for it.

import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";

import { childrenOf, heldOf } from "../places";
import type { Chosen, Held, Place, PlaceTree } from "../places";
import { t } from "../words/words";

interface Facts {
  tree: PlaceTree;
  chosen: Chosen;
  toggle: (id: string) => void;
}

/** One root is opened by itself: nobody wants to look at a list of one. */
export function TreeOfPlaces({ tree, chosen, toggle }: Facts) {
  return (
    <ul class="places" data-testid="place-tree">
      {tree.roots.map((place) => (
        <Branch key={place.id} place={place} isFirst={tree.roots.length === 1} {...{ tree, chosen, toggle }} />
      ))}
    </ul>
  );
}

function Branch({ place, isFirst = false, tree, chosen, toggle }: Facts & { place: Place; isFirst?: boolean }) {
  const isOpen = useSignal(isFirst);
  const children = childrenOf(tree, place.id);
  return (
    <li>
      <div class="branch">
        {children.length > 0 ? (
          <button
            type="button"
            class="fold-out"
            data-testid="place-open"
            data-id={place.id}
            aria-expanded={isOpen.value}
            aria-label={t("alerting.inside", { place: place.name })}
            onClick={() => (isOpen.value = !isOpen.value)}
          />
        ) : (
          <span />
        )}
        <PlaceTick place={place} held={heldOf(tree, chosen, place.id)} toggle={toggle} />
      </div>
      {isOpen.value && (
        <ul class="places">
          {children.map((child) => (
            <Branch key={child.id} place={child} {...{ tree, chosen, toggle }} />
          ))}
        </ul>
      )}
    </li>
  );
}

interface TickFacts {
  place: Place;
  held: Held;
  /** In which larger place, where that is not seen. */
  where?: string;
  toggle: (id: string) => void;
}

export function PlaceTick({ place, held, where, toggle }: TickFacts) {
  const box = useRef<HTMLInputElement>(null);
  // Partly chosen can't be said in HTML, and a press takes it away again.
  useEffect(() => {
    if (box.current) box.current.indeterminate = held === "some";
  });
  return (
    <label class="place-tick">
      <input
        type="checkbox"
        ref={box}
        checked={held === "all"}
        data-testid="place-tick"
        data-id={place.id}
        data-held={held}
        onChange={() => toggle(place.id)}
      />
      <span>
        {place.name} <small>{where || t(`alerting.kind_${place.kind}`)}</small>
      </span>
    </label>
  );
}
