// The recovery code, shown once after joining.

import { useSignal } from "@preact/signals";

import { t } from "../words/words";

export function Recovery({ code, kept }: { code: string; kept: () => void }) {
  const isCopied = useSignal(false);
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(code);
    isCopied.value = true;
  };
  return (
    <main class="door">
      <section class="card">
        <h1>{t("recovery.title")}</h1>
        <p>{t("recovery.why")}</p>
        <output class="recovery" data-testid="recovery">
          {code}
        </output>
        {/* Over plain http a browser gives no clipboard; the code can still be selected with one tap. */}
        {navigator.clipboard && (
          <button type="button" class="button quiet" onClick={copy}>
            {t(isCopied.value ? "recovery.copied" : "recovery.copy")}
          </button>
        )}
        <button type="button" class="button" data-testid="recovery-kept" onClick={kept}>
          {t("recovery.kept")}
        </button>
      </section>
    </main>
  );
}
