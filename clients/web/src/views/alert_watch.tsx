// What official alerts do wherever one is in town: they are said aloud, fill the screen at extreme danger, and tell the
// town that they have come.

import { useEffect, useRef } from "preact/hooks";

import type { Calls } from "../calls";
import type { Client } from "../client";
import type { AlertView, Person } from "../protocol.gen";
import { town } from "../town";
import type { Waiting } from "../town";
import { FullAlert } from "./alert_full";
import { AlertNews } from "./alert_news";
import { everywhere } from "./alerts_shown";

/** Five thousand who are told at once must not answer at once. */
const SPREAD_MS = 2_000;

export function AlertWatch({ me, client }: { me: Person; client: Client }) {
  const views = everywhere();
  useDelivered(views, me, client.calls);
  useForgotten(views, client);
  return (
    <>
      <AlertNews />
      <FullAlert me={me} client={client} />
    </>
  );
}

/** What was refused about an alert that is over has no place any more where it could be read. */
function useForgotten(views: readonly AlertView[], client: Client): void {
  const isPinned = ({ payload }: Waiting): boolean => views.some(({ alert }) => alert === payload.alert);
  const waiting = Object.values(town.value.rooms).flatMap((room) => room.waiting);
  const lost = waiting.filter((one) => one.command === "alert.seen" && one.state === "refused" && !isPinned(one));
  const names = lost.map(({ client_id }) => client_id).join(" ");
  useEffect(() => lost.forEach((one) => void client.discard(one)), [names]);
}

/** Until the server has heard it, at every connection anew. */
function useDelivered(views: readonly AlertView[], me: Person, calls: Calls): void {
  const told = useRef(new Set<string>());
  const isDue = town.value.connection === "live" && me.role === "resident";
  const names = views.map(({ alert }) => alert).join(" ");
  useEffect(() => {
    if (!isDue) return;
    const due = views.filter(({ alert }) => !told.current.has(alert));
    const tell = async ({ room, alert }: AlertView): Promise<void> => {
      if (await calls.gotAlert(room, alert)) told.current.add(alert);
    };
    const timers = due.map((view) => setTimeout(() => void tell(view), Math.random() * SPREAD_MS));
    return () => timers.forEach(clearTimeout);
  }, [names, isDue]);
}
