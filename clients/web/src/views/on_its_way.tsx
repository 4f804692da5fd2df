// A message that was written here and is not an entry yet.

import type { Person } from "../protocol.gen";
import type { Row, Waiting } from "../town";
import { t } from "../words/words";
import { titleOfWaiting } from "./case_rows";
import { Quote } from "./entry_parts";
import type { Hands } from "./hands";
import { Icon } from "./icons";
import { reasonOf } from "./refused_field";
import { Sent, StillWaiting, Trouble } from "./state";
import { Text } from "./text";
import { When } from "./when";

interface Facts {
  waiting: Waiting;
  target: Row | undefined;
  me: Person;
  hands: Hands;
}

export function OnItsWay({ waiting, target, me, hands }: Facts) {
  const { state, payload } = waiting;
  const title = titleOfWaiting(waiting.command, payload.to);
  return (
    <div role="listitem" class="entry own" data-testid="entry" data-state={state}>
      <div class="bubble">
        <span class="unseen">{t("entry.own")}</span>
        {payload.reply_to !== undefined && <Quote seq={payload.reply_to} target={target} me={me} hands={hands} />}
        {title && <p class="author">{title}</p>}
        <div class="said" dir="auto">
          <Text text={payload.text ?? ""} />
          <div class="foot">
            <When at={waiting.at} as="clock" />
            <Standing waiting={waiting} />
          </div>
        </div>
      </div>
      {state === "refused" && <Trouble waiting={waiting} hands={hands} />}
      {state === "waiting" && waiting.refusal && <p class="why-not-yet">{reasonOf(waiting.refusal)}</p>}
    </div>
  );
}

function Standing({ waiting }: { waiting: Waiting }) {
  if (waiting.state === "sent") return <Sent />;
  if (waiting.state === "waiting") return <StillWaiting word="entry.waiting" />;
  return (
    <span class="state">
      <Icon name="refused" />
      {t("entry.refused")}
    </span>
  );
}
