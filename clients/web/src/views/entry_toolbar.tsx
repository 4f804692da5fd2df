// The buttons beside an entry. One opens all actions, and is there for keyboard, touch and screen reader; two shortcuts
// stand beside it while a mouse is over the entry.

import type { MessageRow } from "../town";
import { t } from "../words/words";
import type { Hands } from "./hands";
import { Icon } from "./icons";

const EXCERPT = 40;

interface Facts {
  row: MessageRow;
  text: string;
  hands: Hands;
  isPointed: boolean;
}

export function Toolbar({ row, text, hands, isPointed }: Facts) {
  return (
    <div class="toolbar">
      {isPointed && <Shortcuts row={row} hands={hands} />}
      <button
        type="button"
        class="tool more"
        data-testid="more"
        tabIndex={-1}
        aria-haspopup="menu"
        aria-label={t("entry.more", { name: row.by.name, text: text.slice(0, EXCERPT) })}
        onClick={(event) => hands.open(row, event.currentTarget)}
      >
        <Icon name="more" />
      </button>
    </div>
  );
}

/** For a mouse alone: everybody else finds the same two in the menu. */
function Shortcuts({ row, hands }: Pick<Facts, "row" | "hands">) {
  return (
    <>
      <button type="button" class="tool" tabIndex={-1} title={t("entry.reply")} onClick={() => hands.reply(row)}>
        <Icon name="reply" />
        <span class="unseen">{t("entry.reply")}</span>
      </button>
      <button
        type="button"
        class="tool"
        tabIndex={-1}
        title={t("entry.react")}
        onClick={(event) => hands.open(row, event.currentTarget)}
      >
        <Icon name="smile" />
        <span class="unseen">{t("entry.react")}</span>
      </button>
    </>
  );
}
