// The warnings in force in a room, above the talk: one open, the others a line each, and of many only the first ones.

import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useId, useRef, useState } from "preact/hooks";

import type { Calls } from "../calls";
import { isDanger } from "../case";
import type { Person, WarningView } from "../protocol.gen";
import { town } from "../town";
import type { Room } from "../town";
import { t } from "../words/words";
import { inForce } from "../warnings";
import { kindWord } from "./case_words";
import { passing } from "./clock";
import { WarningBody } from "./warning_body";
import { KindIcon } from "./warning_icons";
import { leftWords } from "./warning_words";

/** So many at first, on a phone and beside a list of rooms; the others come when they are asked for. */
const FEW = { narrow: 2, wide: 3 };

interface Facts {
  room: Room;
  me: Person;
  calls: Calls;
}

export function WarningLane({ room, me, calls }: Facts) {
  const now_ms = passing();
  const views = inForce(town.value, room.id, now_ms);
  const { open, turn } = useOpen(views);
  const isWhole = useSignal(false);
  const [few] = useState(() => (matchMedia("(width >= 48rem)").matches ? FEW.wide : FEW.narrow));
  if (views.length === 0) return null;
  const shown = isWhole.value ? views : [...views].sort((a, b) => first(b, open) - first(a, open)).slice(0, few);
  return (
    <section class="warnings" aria-label={t("warning.lane")} data-testid="warnings">
      <ul>
        {shown.map((view) => (
          <Pinned
            key={view.seq}
            view={view}
            isOpen={view.seq === open}
            now_ms={now_ms}
            turn={() => turn({ seq: view.seq, isOpen: view.seq !== open })}
          >
            <WarningBody view={view} room={room} me={me} calls={calls} />
          </Pinned>
        ))}
      </ul>
      {views.length > few && (
        <button
          type="button"
          class="warnings-all"
          data-testid="warnings-all"
          aria-expanded={isWhole.value}
          onClick={() => {
            isWhole.value = !isWhole.value;
            // Who asks for all wants to see the list.
            if (isWhole.value && open !== null) turn({ seq: open, isOpen: false });
          }}
        >
          {isWhole.value ? t("warning.fewer") : t("warning.all", { count: views.length })}
        </button>
      )}
    </section>
  );
}

/** Whoever is about to tap must find what was there: one that comes meanwhile stands below the open one. */
function first({ seq }: WarningView, open: number | null): number {
  return seq === open ? 1 : 0;
}

interface Turned {
  readonly seq: number;
  readonly isOpen: boolean;
}

/** The seq of the one that is open: what somebody opened or folded stays so until it is over; else the first one is,
 *  for as long as it lasts, where there is room for it. */
function useOpen(views: readonly WarningView[]) {
  const [isRoomy] = useState(() => !matchMedia("(height < 30rem)").matches);
  const turned = useSignal<Turned | null>(null);
  const usual = useRef<number | null>(null);
  const isThere = (seq: number | undefined | null): boolean => views.some((view) => view.seq === seq);
  if (!isThere(usual.current)) usual.current = views[0]?.seq ?? null;
  const { seq, isOpen } = isThere(turned.value?.seq) && turned.value ? turned.value : { seq: usual.current, isOpen: isRoomy };
  return { open: isOpen ? seq : null, turn: (to: Turned) => (turned.value = to) };
}

interface PinnedFacts {
  view: WarningView;
  isOpen: boolean;
  now_ms: number;
  turn: () => void;
  children: ComponentChildren;
}

function Pinned({ view, isOpen, now_ms, turn, children }: PinnedFacts) {
  const id = useId();
  return (
    <li class={isDanger(view.kind) ? "pin danger" : "pin"} data-testid="pin">
      <h3>
        <button
          type="button"
          class="pin-line"
          data-testid="pin-line"
          aria-expanded={isOpen}
          aria-controls={isOpen ? id : undefined}
          onClick={turn}
        >
          <KindIcon kind={view.kind} />
          <b>{kindWord(view.kind)}</b>
          <span class="pin-left" data-testid="pin-left">
            {leftWords(view.until - now_ms)}
          </span>
          {!isOpen && (
            <span class="pin-text" dir="auto">
              {view.text}
            </span>
          )}
        </button>
      </h3>
      {isOpen && (
        <div class="pin-body" id={id}>
          {children}
        </div>
      )}
    </li>
  );
}
