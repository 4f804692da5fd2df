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
      {({ EscalateForm, WarnForm }) =>
        of.form === "warn" ? (
          <WarnForm of={of} room={room} client={client} close={close} />
        ) : (
          <EscalateForm of={of} room={room} me={me} client={client} close={close} />
        )
      }
    </AtForm>
  );
}
