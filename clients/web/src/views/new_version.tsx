// The bar that offers a newer build of the page. Nothing changes until somebody asks for it.

import { useSignal } from "@preact/signals";

import type { NewVersion } from "../shell/new_version";
import { t } from "../words/words";

export function NewVersionBar({ version }: { version: NewVersion }) {
  const isLater = useSignal(false);
  return (
    <div class="new-version" role="status">
      {version.isReady.value && !isLater.value && (
        <div class="new-version-bar">
          <p>{t("version.new")}</p>
          <button type="button" class="button small" data-testid="new-version" onClick={() => version.take()}>
            {t("version.take")}
          </button>
          <button type="button" class="button quiet small" onClick={() => (isLater.value = true)}>
            {t("version.later")}
          </button>
        </div>
      )}
    </div>
  );
}
