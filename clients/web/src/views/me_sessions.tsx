// Where one is signed in, and signing out elsewhere.

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";

import type { Client } from "../client";
import type { SessionView } from "../protocol.gen";
import { t } from "../words/words";
import { fullTime } from "./times";

export function Sessions({ client }: { client: Client }) {
  const list = useSignal<readonly SessionView[] | null>(null);
  const isMissing = useSignal(false);
  const done = useSignal("");
  const fetch = async (): Promise<void> => {
    const reply = await client.inquire("session.list", {});
    isMissing.value = !reply?.ok;
    if (reply?.ok) list.value = reply.sessions;
  };
  useEffect(() => void fetch(), []);
  const end = async (session: SessionView): Promise<void> => {
    const reply = await client.inquire("session.end", { session: session.id });
    if (reply?.ok) done.value = t("me.session_ended", { name: nameOf(session) });
    await fetch();
  };
  return (
    <>
      <ul class="me-sessions" data-testid="sessions">
        {list.value?.map((session) => (
          <Row key={session.id} session={session} end={() => end(session)} />
        ))}
      </ul>
      {isMissing.value && (
        <>
          <p>{t("me.sessions_unknown")}</p>
          <button type="button" class="button soft" onClick={fetch}>
            {t("me.sessions_again")}
          </button>
        </>
      )}
      <p class="done" role="status">
        {done.value}
      </p>
    </>
  );
}

function Row({ session, end }: { session: SessionView; end: () => void }) {
  const [when, seen] = [fullTime(session.at, Date.now()), fullTime(session.seen, Date.now())];
  const name = nameOf(session);
  return (
    <li data-testid="session">
      <div>
        <p class="me-session-name">{name}</p>
        <p class="explain">{t("me.session_since", { when })}</p>
        {!session.current && seen !== when && <p class="explain">{t("me.session_seen", { when: seen })}</p>}
      </div>
      {session.current ? (
        <strong>{t("me.session_here")}</strong>
      ) : (
        <button
          type="button"
          class="button soft"
          data-testid="session-end"
          aria-label={t("me.session_end_of", { name, when })}
          onClick={end}
        >
          {t("me.session_end")}
        </button>
      )}
    </li>
  );
}

function nameOf({ name }: SessionView): string {
  return name || t("me.session_unnamed");
}
