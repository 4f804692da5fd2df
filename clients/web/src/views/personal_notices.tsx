// What was decided about what one wrote or reported: first thing after return, one at a time, until it was read. Whoever
// wrote it reads the rule, the facts and how to have another moderator look again.

import { useSignal } from "@preact/signals";

import type { Client } from "../client";
import { unseen } from "../judged";
import type { NoticeView } from "../protocol.gen";
import { town } from "../town";
import { t } from "../words/words";
import type { Word } from "../words/words";
import { passing } from "./clock";
import { DeedFoot } from "./deed_foot";
import { Icon } from "./icons";
import { lengthOf } from "./length";
import { Panel } from "./panel";
import { roomName } from "./room_name";
import { endOf } from "./time_to_come";
import { useDeed } from "./use_deed";
import { Writing } from "./writing";

const LEAST = 10;
const MOST = 500;

export function PersonalNotices({ client }: { client: Client }) {
  const appealing = useSignal<NoticeView | null>(null);
  const [first] = unseen(town.value);
  const seen = (id: string): void => void client.write("notice.seen", { id });
  return (
    <>
      <div class="corrections personal" role={first ? "region" : undefined} aria-label={first && t("decision.label")}>
        <div role="status">{first && <Statement notice={first} />}</div>
        {first && (
          <div class="correction-deeds">
            {(first.appeal_until ?? 0) > passing() && (
              <button type="button" class="button soft small" data-testid="appeal" onClick={() => (appealing.value = first)}>
                {t("decision.appeal")}
              </button>
            )}
            <button type="button" class="button small" data-testid="decision-seen" onClick={() => seen(first.id)}>
              {t("notice.seen")}
            </button>
          </div>
        )}
      </div>
      {appealing.value && (
        <AppealForm notice={appealing.value} client={client} close={() => (appealing.value = null)} done={seen} />
      )}
    </>
  );
}

function Statement({ notice }: { notice: NoticeView }) {
  const { kind, rule, facts, appeal_until } = notice;
  const now = passing();
  const room = town.value.rooms[notice.room];
  return (
    <div class="correction" data-testid="decision" data-kind={kind} data-decision={notice.decision}>
      <p>
        <Icon name="edit" />
        <b>{t(titleOf(notice), { room: room ? roomName(room) : t("decision.a_room") })}</b>
      </p>
      <p>
        {whatOf(notice, now)}
      </p>
      {rule && <p>{t("decision.rule", { rule: t(`report.reason_${rule}`) })}</p>}
      {facts && <p dir="auto">{t("decision.facts", { facts })}</p>}
      {appeal_until !== undefined && appeal_until > now && (
        <p>{t("decision.how_to_appeal", { time: endOf(appeal_until, now) })}</p>
      )}
    </div>
  );
}

export function titleOf({ kind }: NoticeView): Word {
  return `decision.title_${kind}`;
}

/** What becomes of the author, until when, and then of the entry. */
function whatOf({ kind, acted, decision = "keep", entry, until = 0 }: NoticeView, now_ms: number): string {
  if (kind === "reviewed") return t("decision.reviewed");
  if (kind === "answered") return t(acted ? "decision.acted" : "decision.kept");
  const end = until > now_ms ? t("decision.until", { time: endOf(until, now_ms) }) : "";
  const also = (entry === "hide" || entry === "remove") && entry !== decision ? t(`decision.${entry}`) : "";
  return [t(`decision.${decision}`), end, also].filter(Boolean).join(" ");
}

interface AppealFacts {
  notice: NoticeView;
  client: Client;
  close: () => void;
  done: (id: string) => void;
}

function AppealForm({ notice, client, close, done }: AppealFacts) {
  const text = useSignal("");
  const lack = useSignal<Word | null>(null);
  const { state, go } = useDeed(client, "report.appeal");
  const send = (): void => {
    const length = lengthOf(text.value);
    lack.value = length < LEAST ? "decision.lack_appeal" : length > MOST ? "refusal.too_large" : null;
    if (!lack.value && state.value !== "under_way") go({ report: notice.report, text: text.value.trim() });
  };
  const end = (): void => {
    done(notice.id);
    close();
  };
  return (
    <Panel title={t("decision.appeal_title")} testid="appeal-form" close={close}>
      {state.value === "done" ? (
        <div class="call-form" role="status" data-testid="appeal-receipt">
          <p>{t("decision.appealed")}</p>
          <button type="button" class="button" data-testid="appeal-close" ref={(button) => button?.focus()} onClick={end}>
            {t("me.close")}
          </button>
        </div>
      ) : (
        <form class="call-form" noValidate onSubmit={(event) => (event.preventDefault(), send())}>
          <p>{t("decision.appeal_explain")}</p>
          <Writing
            label={t("decision.appeal_text")}
            value={text.value}
            least={LEAST}
            most={MOST}
            testid="appeal-text"
            write={(words) => (text.value = words)}
          />
          <DeedFoot state={state.value} lack={lack.value} word="decision.appeal_send" testid="appeal-send" />
        </form>
      )}
    </Panel>
  );
}
