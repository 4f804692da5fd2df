// The recovery code, shown once: after joining, and after a new password by the last one.

import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";

import { t } from "../words/words";
import type { Word } from "../words/words";
import { isCopied } from "./clipboard";
import { Frame } from "./door";

/** It is kept nowhere, so that leaving the page by accident would lose it: the browser then asks first. */
export function Recovery({ code, kept }: { code: string; kept: () => void }) {
  const copied = useSignal<Word>("recovery.copy");
  const shown = useRef<HTMLOutputElement>(null);
  useEffect(() => {
    const ask = (event: BeforeUnloadEvent): void => event.preventDefault();
    addEventListener("beforeunload", ask);
    return () => removeEventListener("beforeunload", ask);
  }, []);
  const copy = async (): Promise<void> => {
    copied.value = (await isCopied(spoken(code), shown.current)) ? "recovery.copied" : "recovery.mark";
  };
  return (
    <Frame>
      <section class="card">
        <h2>{t("recovery.title")}</h2>
        <p>{t("recovery.why")}</p>
        <output class="recovery" data-testid="recovery" ref={shown}>
          {spoken(code)}
        </output>
        <button type="button" class="button soft" data-testid="recovery-copy" onClick={copy}>
          <span aria-live="polite">{t(copied.value)}</span>
        </button>
        <p class="explain">{t("recovery.once")}</p>
        <button type="button" class="button" data-testid="recovery-kept" onClick={kept}>
          {t("recovery.kept")}
        </button>
      </section>
    </Frame>
  );
}

/** In two halves, as the letter has its code: it is read aloud and copied by hand. */
function spoken(code: string): string {
  const half = code.length / 2;
  return `${code.slice(0, half)}-${code.slice(half)}`;
}
