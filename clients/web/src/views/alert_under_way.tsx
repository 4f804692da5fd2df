// It was sent from here, and the server has not said yet what became of it; or it has refused.

import { useEffect } from "preact/hooks";

import type { AlertDraft } from "../alert_draft";
import type { Alerting } from "../alerting";
import { town } from "../town";
import { laneOf } from "../waiting";
import { t } from "../words/words";
import { openAlert, openList } from "./alert_open";
import { refusedOf } from "./alert_refused";
import { StillWaiting } from "./state";

interface Facts {
  draft: AlertDraft;
  preview: string;
  alerting: Alerting;
  /** Back to the text; what was seen of whom it reaches is over. */
  edit: () => void;
  /** Looks anew whom it reaches. */
  anew: () => Promise<void>;
}

export function AlertUnderWay({ draft, preview, alerting, edit, anew }: Facts) {
  const lane = laneOf({ preview });
  const made = town.value.broadcasts[lane];
  const asked = town.value.asked.findLast(({ payload }) => laneOf(payload) === lane);
  useEffect(() => {
    if (made === undefined) return;
    draft.clear();
    openAlert(made);
  }, [made]);
  const back = async (): Promise<void> => {
    edit();
    await alerting.forget(lane);
    draft.sentAs.value = null;
  };
  if (asked?.refusal && asked.state === "refused") {
    return (
      <div class="alert-form" data-testid="alert-refused">
        <p class="failure" role="alert">
          {t("alerting.not_sent")} {refusedOf(asked.refusal).words}
        </p>
        <div class="alert-buttons">
          <button type="button" class="button" data-testid="alert-anew" onClick={() => void back().then(anew)}>
            {t("alerting.preview")}
          </button>
          <button type="button" class="button quiet" data-testid="alert-edit" onClick={() => void back()}>
            {t("alerting.edit")}
          </button>
        </div>
      </div>
    );
  }
  if (asked || made !== undefined) {
    return (
      <div class="alert-form" role="status" data-testid="alert-under-way">
        <StillWaiting word="alerting.under_way" />
        <p class="explain">{t("alerting.under_way_explain")}</p>
      </div>
    );
  }
  return <Unknown draft={draft} edit={edit} />;
}

/** The answer came when nobody was here: the list has it, where it was sent. */
function Unknown({ draft, edit }: Pick<Facts, "draft" | "edit">) {
  const back = (): void => {
    edit();
    draft.sentAs.value = null;
  };
  return (
    <div class="alert-form" data-testid="alert-answered">
      <p>{t("alerting.answered")}</p>
      <div class="alert-buttons">
        <button
          type="button"
          class="button"
          onClick={() => {
            draft.clear();
            openList();
          }}
        >
          {t("alerting.to_list")}
        </button>
        <button type="button" class="button quiet" onClick={back}>
          {t("alerting.edit")}
        </button>
      </div>
    </div>
  );
}
