// Whether it is live, honestly: what does not work, and what still does.

import { town } from "../town";
import { t } from "../words/words";
import { Icon } from "./icons";

/** The region stays in the page, so that screen readers hear its words change. */
export function LiveBar() {
  const { connection } = town.value;
  return (
    <div class="bar" role="status">
      {connection === "lost" && (
        <p data-testid="not-live">
          <Icon name="waiting" />
          <span>
            <b>{t("live.lost_title")}.</b> {t("live.lost_hint")}
          </span>
        </p>
      )}
      {connection === "starting" && <p class="starting">{t("live.starting")}</p>}
    </div>
  );
}
