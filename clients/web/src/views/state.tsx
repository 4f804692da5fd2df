// How it stands with what this person wrote: words and an icon, never a colour alone.

import type { Waiting } from "../town";
import { t } from "../words/words";
import type { Word } from "../words/words";
import type { Hands } from "./hands";
import { Icon } from "./icons";
import { reasonOf } from "./refused_field";

export function Sent() {
  return (
    <span class="state sent">
      <Icon name="sent" />
      <span class="unseen">{t("entry.sent")}</span>
    </span>
  );
}

export function StillWaiting({ word }: { word: Word }) {
  return (
    <span class="state">
      <Icon name="waiting" />
      {t(word)}
    </span>
  );
}

const FAILED: Partial<Record<Waiting["command"], Word>> = {
  "message.edit": "entry.change_refused",
  "message.retract": "entry.retract_refused",
  "message.react": "entry.react_refused",
};

/** Why it was refused, and what can be done about it. */
export function Trouble({ waiting, hands }: { waiting: Waiting; hands: Hands }) {
  const { refusal, command } = waiting;
  if (!refusal) return null;
  const failed = FAILED[command];
  return (
    <div class="trouble">
      <p>
        <Icon name="refused" />
        <span>
          {failed && `${t(failed)} `}
          {reasonOf(refusal)}
        </span>
      </p>
      <button type="button" class="button quiet small" data-testid="again" onClick={() => hands.again(waiting)}>
        {t("entry.again")}
      </button>
      <button type="button" class="button quiet small" data-testid="discard" onClick={() => hands.discard(waiting)}>
        {t("entry.discard")}
      </button>
    </div>
  );
}
