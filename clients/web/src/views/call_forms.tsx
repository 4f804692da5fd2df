// The sheet that is open for this room, if there is one.

import type { Client } from "../client";
import type { Person } from "../protocol.gen";
import type { Room } from "../town";
import { calling } from "./calling";
import { AtForm } from "./threshold";

export function CallForms({ room, me, client }: { room: Room; me: Person; client: Client }) {
  const of = calling.value;
  if (of?.room !== room.id) return null;
  const close = (): void => void (calling.value = null);
  return (
    <AtForm>
      {({ CorrectForm, EscalateForm, RetractForm, WarnForm }) => {
        const facts = { of, room, client, close };
        if (of.form === "warn") return <WarnForm {...facts} />;
        if (of.form === "retract") return <RetractForm {...facts} />;
        return of.form === "correct" ? <CorrectForm {...facts} /> : <EscalateForm {...facts} me={me} />;
      }}
    </AtForm>
  );
}
