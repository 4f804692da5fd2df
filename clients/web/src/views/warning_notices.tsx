// First thing after return, and at once for who is here: what of the warnings one was given is not so. One at a time, above
// everything else, until it is acknowledged.

import type { Calls } from "../calls";
import { unseen } from "../corrections";
import { town } from "../town";
import type { Notice } from "../town";
import { t } from "../words/words";
import { passing } from "./clock";
import { Icon } from "./icons";
import { roomName } from "./room_name";
import { noticeTitle, noticeWords } from "./warning_words";

/** Both regions stay in the page, so that screen readers hear the words come. */
export function WarningNotices({ calls }: { calls: Calls }) {
  const notices = unseen(town.value);
  const [first] = notices;
  const isLive = first?.isLive ?? false;
  return (
    <div
      class="corrections"
      role={first ? "region" : undefined}
      aria-label={first ? t(first.alert === undefined ? "notice.label" : "notice.alert_label") : undefined}
      data-testid="notices"
    >
      <div role="alert">{first && isLive && <Words notice={first} />}</div>
      <div role="status">{first && !isLive && <Words notice={first} />}</div>
      {first && (
        <div class="correction-deeds">
          {notices.length > 1 && <span>{t("notice.more", { count: notices.length - 1 })}</span>}
          <button type="button" class="button small" data-testid="notice-seen" onClick={() => void calls.seenCorrection(first.id)}>
            {t("notice.seen")}
          </button>
        </div>
      )}
    </div>
  );
}

/** Who has left the room since gets the date and the kind. */
function Words({ notice }: { notice: Notice }) {
  const room = town.value.rooms[notice.room];
  return (
    <div class="correction" data-testid="notice" data-what={notice.what}>
      <p>
        <Icon name={notice.what === "retracted" ? "refused" : "edit"} />
        <b>{noticeTitle(notice)}</b>
      </p>
      <p>{noticeWords(notice, room && roomName(room), passing())}</p>
      {notice.reason && <p dir="auto">{t("notice.reason", { reason: notice.reason })}</p>}
      {notice.text && <p dir="auto">{t("notice.now", { text: notice.text })}</p>}
    </div>
  );
}
