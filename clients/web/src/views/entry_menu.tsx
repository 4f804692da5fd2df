// What can be done to an entry: beside it with a mouse, from below on a phone. A dialog of the browser, so that Escape,
// the focus and what lies behind it are the browser's own care.

import { useSignal } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";

import { mayChange, ownReaction } from "../message";
import type { Person, Reaction } from "../protocol.gen";
import { town } from "../town";
import type { MessageRow, Room } from "../town";
import { t } from "../words/words";
import type { Word } from "../words/words";
import { passing, townNow } from "./clock";
import type { Hands } from "./hands";
import { Icon } from "./icons";
import type { IconName } from "./icons";
import { nextIn, placeBeside } from "./menu_place";
import { moderating, sheetFor } from "./moderating";
import { ReactionFace, REACTIONS } from "./reaction_face";

export interface Opened {
  readonly row: MessageRow;
  readonly opener: HTMLElement;
}

interface Facts {
  opened: Opened;
  room: Room;
  me: Person;
  hands: Hands;
  close: () => void;
}

export function EntryMenu({ opened, room, me, hands, close }: Facts) {
  const { row, opener } = opened;
  const dialog = useRef<HTMLDialogElement>(null);
  const isPressed = useRef(false);
  useLayoutEffect(() => {
    const shown = dialog.current;
    if (!shown) return;
    shown.showModal();
    const place = (): void => placeBeside(shown, opener);
    place();
    addEventListener("resize", place); // a phone that is turned
    shown.querySelector<HTMLElement>("[role^=menuitem]")?.focus();
    // A button that was clicked need not have had the focus in every browser, and is where it must return to.
    return () => {
      removeEventListener("resize", place);
      shown.close();
      opener.focus({ preventScroll: true });
    };
  }, []);
  const choose = (deed: () => void): void => {
    close();
    deed();
  };
  return (
    <dialog
      ref={dialog}
      class="sheet"
      aria-label={t("entry.more", { name: row.by.name, text: "" })}
      onClose={() => dialog.current && close()}
      onCancel={(event) => {
        // The browser would tell of its closing later, when the next menu may be open already.
        event.preventDefault();
        close();
      }}
      onPointerDown={() => (isPressed.current = true)}
      onClickCapture={(event) => {
        // Lifting the finger of a long press is no choice yet.
        if (event.detail > 0 && !isPressed.current) event.stopPropagation();
        else if (event.target === event.currentTarget) close();
      }}
    >
      <div
        role="menu"
        class="menu"
        data-testid="menu"
        aria-label={t("entry.actions")}
        onKeyDown={(event) => moved(event, close)}
      >
        <Faces mine={ownReaction(room, row, me.id)} give={(reaction) => choose(() => hands.react(row, reaction))} />
        <Choice icon="reply" word="entry.reply" testid="reply" choose={() => choose(() => hands.reply(row))} />
        {navigator.clipboard && (
          <Choice icon="copy" word="entry.copy" testid="copy" choose={() => choose(() => hands.copy(row))} />
        )}
        <Moderations row={row} room={room} me={me} choose={choose} />
        <Changes row={row} me={me} hands={hands} choose={choose} />
      </div>
    </dialog>
  );
}

function Faces({ mine, give }: { mine: Reaction | null; give: (reaction: Reaction) => void }) {
  return (
    <div role="group" class="faces" aria-label={t("reaction.group")}>
      {REACTIONS.map((reaction) => (
        <button
          key={reaction}
          type="button"
          role="menuitemradio"
          aria-checked={reaction === mine}
          tabIndex={-1}
          data-testid={`react-${reaction}`}
          aria-label={t(`reaction.${reaction}`)}
          title={t(`reaction.${reaction}`)}
          onClick={() => give(reaction)}
        >
          <ReactionFace reaction={reaction} />
        </button>
      ))}
    </div>
  );
}

interface ModerationsFacts {
  row: MessageRow;
  room: Room;
  me: Person;
  choose: (deed: () => void) => void;
}

function Moderations({ row, room, me, choose }: ModerationsFacts) {
  const sheet = sheetFor(room, me, row.by.id);
  if (!sheet) return null;
  const about = { room: room.id, target: row.seq, what: "message", standing: "shown", name: row.by.name } as const;
  const open = (): void => void (moderating.value = { sheet, ...about });
  return <Choice icon="flag" word={`entry.${sheet}`} testid={`menu-${sheet}`} choose={() => choose(open)} />;
}

interface ChangesFacts {
  row: MessageRow;
  me: Person;
  hands: Hands;
  choose: (deed: () => void) => void;
}

/** Edit and retract, as long as the server would take them. */
function Changes({ row, me, hands, choose }: ChangesFacts) {
  const isSure = useSignal(false);
  if (row.by.id !== me.id) return null;
  passing();
  if (!mayChange(row, town.value, me.id, townNow() - town.value.ahead_ms)) return null;
  const retract = (): void => {
    if (isSure.value) choose(() => hands.retract(row));
    else isSure.value = true;
  };
  return (
    <>
      <Choice icon="edit" word="entry.edit" testid="edit" choose={() => choose(() => hands.edit(row))} />
      <Choice
        icon="retract"
        word={isSure.value ? "entry.retract_sure" : "entry.retract"}
        testid="retract"
        isGrave={isSure.value}
        choose={retract}
      />
    </>
  );
}

interface ChoiceFacts {
  icon: IconName;
  word: Word;
  testid: string;
  isGrave?: boolean;
  choose: () => void;
}

function Choice({ icon, word, testid, isGrave = false, choose }: ChoiceFacts) {
  return (
    <button
      type="button"
      role="menuitem"
      class={isGrave ? "deed grave" : "deed"}
      tabIndex={-1}
      data-testid={testid}
      onClick={choose}
    >
      <Icon name={icon} />
      {t(word)}
    </button>
  );
}

/** Arrows go round; Tab leaves, as it does from every menu. */
function moved(event: KeyboardEvent, close: () => void): void {
  const menu = event.currentTarget as HTMLElement;
  if (event.key === "Tab") {
    event.preventDefault();
    close();
    return;
  }
  const items = [...menu.querySelectorAll<HTMLElement>("[role^=menuitem]")];
  const next = nextIn(items.length, items.indexOf(document.activeElement as HTMLElement), event.key);
  if (next === null) return;
  event.preventDefault();
  items[next]?.focus();
}
