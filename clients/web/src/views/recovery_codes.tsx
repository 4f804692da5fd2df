// The recovery codes of the second factor, shown once, after enrolling.

import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";

import { t } from "../words/words";
import type { Word } from "../words/words";
import { isCopied } from "./clipboard";
import { Frame } from "./door";

/** They are kept nowhere, so that leaving the page by accident would lose them: the browser then asks first. */
export function RecoveryCodes({ codes, kept }: { codes: readonly string[]; kept: () => void }) {
  const copied = useSignal<Word>("recovery.copy");
  const shown = useRef<HTMLOListElement>(null);
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    title.current?.focus();
    const ask = (event: BeforeUnloadEvent): void => event.preventDefault();
    addEventListener("beforeunload", ask);
    return () => removeEventListener("beforeunload", ask);
  }, []);
  const copy = async (): Promise<void> => {
    copied.value = (await isCopied(codes.join("\n"), shown.current)) ? "recovery.copied" : "second.codes_mark";
  };
  return (
    <Frame isBare>
      <section class="card second">
        <h1 tabIndex={-1} ref={title}>
          {t("second.codes_title")}
        </h1>
        <p>{t("second.codes_why")}</p>
        <ol class="second-codes" data-testid="recovery-codes" ref={shown}>
          {codes.map((code) => (
            <li key={code}>
              <code>{code}</code>
            </li>
          ))}
        </ol>
        <button type="button" class="button soft" data-testid="recovery-copy" onClick={copy}>
          <span aria-live="polite">{t(copied.value)}</span>
        </button>
        <p class="explain">{t("second.codes_where")}</p>
        <button type="button" class="button" data-testid="codes-kept" onClick={kept}>
          {t("second.codes_kept")}
        </button>
      </section>
    </Frame>
  );
}
