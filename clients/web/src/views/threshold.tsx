// Between the door and the rooms: what is drawn indoors comes when somebody enters, or before that if nothing else
// needs the network.

import { signal } from "@preact/signals-core";
import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";

import icon from "../styles/icon.svg";
import { t } from "../words/words";

type Drawn = typeof import("./indoors");

const drawn = signal<Drawn | null>(null);

/** Resolves when it is there. Rejects where neither the network nor this browser has it; ask again when it is needed. */
export async function fetchIndoors(): Promise<void> {
  drawn.value ??= await import("./indoors");
}

interface Facts {
  /** What is shown while it is on its way. */
  meanwhile?: ComponentChildren;
  children: (drawn: Drawn) => ComponentChildren;
}

/** Throws where it can't be had: an old page may ask for files that a new server has no longer, and must be loaded anew. */
export function Indoors({ meanwhile = null, children }: Facts) {
  const fault = useSignal<unknown>(null);
  useEffect(() => void fetchIndoors().catch((why: unknown) => (fault.value = why)), []);
  if (fault.value !== null) throw fault.value;
  return <>{drawn.value ? children(drawn.value) : meanwhile}</>;
}

/** As the page itself looks before its program has come (index.html). */
export function Splash() {
  return (
    <main class="splash">
      <img src={icon} alt="" width={64} height={64} />
      <p>{t("live.starting")}</p>
      <p>{t("app.emergency")}</p>
    </main>
  );
}
