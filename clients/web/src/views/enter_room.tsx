// The way of staff into a room: on a ground, and everybody there sees that one has come; or back to it, for who is
// inside.

import { useEffect } from "preact/hooks";

import type { Client } from "../client";
import type { Ground } from "../protocol.gen";
import { town } from "../town";
import { t } from "../words/words";
import { whyOf } from "./deed_foot";
import { useDeed } from "./use_deed";

interface Facts {
  room: string;
  ground: Ground;
  client: Client;
  choose: (room: string) => void;
  words: { readonly enter: string; readonly inside: string };
  testid: string;
}

export function EnterRoom({ room, ground, client, choose, words, testid }: Facts) {
  const { state, go } = useDeed(client, "room.enter");
  const isInside = room in town.value.rooms;
  const now = state.value;
  useEffect(() => {
    if (isInside && now === "done") choose(room);
  }, [isInside, now]);
  const press = (): void => {
    if (isInside) choose(room);
    else if (now !== "under_way") go({ room, ground });
  };
  return (
    <>
      <button
        type="button"
        class="button soft small"
        data-testid={testid}
        data-room={room}
        aria-disabled={now === "under_way"}
        onClick={press}
      >
        {now === "under_way" ? t("enter.under_way") : isInside ? words.inside : words.enter}
      </button>
      <div role="alert">{typeof now === "object" && <p class="failure">{whyOf(now)}</p>}</div>
    </>
  );
}
