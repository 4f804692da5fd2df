// The official alerts in force, on top of a room until they end; and a line for each that holds in another room of mine.

import { useSignal } from "@preact/signals";
import { useRef, useState } from "preact/hooks";

import { bodyOf, wordsIn } from "../alert_body";
import { answerOf, isSeen } from "../alerts_now";
import type { Client } from "../client";
import type { AlertBody, AlertView, Person } from "../protocol.gen";
import { town } from "../town";
import type { Room } from "../town";
import { language, t } from "../words/words";
import { AlertCard } from "./alert_card";
import { AlertIcon } from "./alert_icons";
import { verdictOf } from "./alert_verdict";
import { everywhere, inForce } from "./alerts_shown";
import { calling } from "./calling";
import { Icon } from "./icons";
import { reasonOf } from "./refused_field";
import { roomName } from "./room_name";

interface Facts {
  room: Room;
  me: Person;
  client: Client;
}

export function PinnedAlerts({ room, me, client }: Facts) {
  const here = inForce(room.id);
  // What could not be verified stands in its own room alone.
  const elsewhere = everywhere().filter((view) => view.room !== room.id && verdictOf(view) === "valid");
  if (here.length + elsewhere.length === 0) return null;
  return (
    <section class="alerts" aria-label={t("alert.pinned")} data-testid="alerts">
      {elsewhere.map((view) => (
        <Elsewhere key={view.alert} view={view} choose={() => client.choose(view.room)} />
      ))}
      {here.map((view, index) => (
        <Pinned key={view.alert} view={view} isFirst={index === 0} room={room} me={me} client={client} />
      ))}
    </section>
  );
}

interface Turned {
  readonly n: number;
  readonly isOpen: boolean;
}

/** The first one is open until it was seen, where there is room for it; what was seen before is a line that opens, until
 *  it says something else. */
function Pinned({ view, isFirst, ...facts }: Facts & { view: AlertView; isFirst: boolean }) {
  const { room, me } = facts;
  const [isGiven] = useState(() => isFirst && !matchMedia("(height < 24rem)").matches);
  const [firstN] = useState(view.n);
  const turned = useSignal<Turned | null>(null);
  // Until the server has told, nobody knows whether it was seen; from then on it does not fold under anybody's eyes.
  const wasOpen = useRef(false);
  wasOpen.current ||= town.value.connection === "live" && !isSeen(room, view);
  const isNews = wasOpen.current || view.n > firstN || !isSeen(room, view);
  const isOpen = turned.value?.n === view.n ? turned.value.isOpen : isGiven && isNews;
  const body = bodyOf(view.body);
  const verdict = verdictOf(view);
  return (
    <AlertCard
      body={body}
      verdict={verdict}
      fold={{ isOpen, turn: () => (turned.value = { n: view.n, isOpen: !isOpen }) }}
    >
      {body && verdict === "valid" && me.role === "resident" && <AlertDeeds view={view} body={body} {...facts} />}
    </AlertCard>
  );
}

interface DeedFacts extends Facts {
  view: AlertView;
  body: AlertBody;
  /** After either of them. */
  done?: () => void;
}

/** *Seen*, and *I have information*: in private, to who sent it. */
export function AlertDeeds({ view, body, room, client, done }: DeedFacts) {
  const answer = answerOf(room, view);
  const wasSeen = isSeen(room, view);
  const answerSeen = (): void => {
    if (answer) void client.discard(answer);
    void client.calls.seenAlert(view);
    done?.();
  };
  const inform = (): void => {
    done?.();
    informAbout(view, body);
  };
  return (
    <div class={wasSeen ? "alert-deeds" : "alert-deeds due"}>
      {wasSeen ? (
        <SeenMark isWaiting={answer !== undefined && town.value.connection !== "live"} />
      ) : (
        <button type="button" class="button" data-testid="alert-seen" onClick={answerSeen}>
          {t("alert.seen")}
        </button>
      )}
      <button
        type="button"
        class="button quiet"
        data-testid="alert-information"
        aria-haspopup="dialog"
        onClick={inform}
      >
        {t("alert.information")}
      </button>
      {answer?.refusal && answer.state === "refused" && <p class="failure">{reasonOf(answer.refusal)}</p>}
    </div>
  );
}

function SeenMark({ isWaiting }: { isWaiting: boolean }) {
  return (
    <p data-testid="alert-seen-done" role="status">
      <Icon name="sent" />
      {t("alert.seen_done")}
      {isWaiting && ` · ${t("alert.seen_waiting")}`}
    </p>
  );
}

function informAbout({ room, alert }: AlertView, body: AlertBody): void {
  const { headline } = wordsIn(body, language.value);
  calling.value = { form: "escalate", room, warning: null, alert: { id: alert, headline, to: body.organisation } };
}

function Elsewhere({ view, choose }: { view: AlertView; choose: () => void }) {
  const body = bodyOf(view.body);
  const room = town.value.rooms[view.room];
  if (!body || !room) return null;
  const words = wordsIn(body, language.value);
  return (
    <button type="button" class="alert-elsewhere" data-testid="alert-elsewhere" onClick={choose}>
      <AlertIcon name={body.organisation} />
      <span>
        <b>{t(`alert.from_${body.organisation}`)}</b>
        {body.exercise && <em class="alert-tag">{t("alert.exercise")}</em>}
        <span lang={words.language} dir="auto">
          {words.headline}
        </span>
        <small>{t("alert.elsewhere", { room: roomName(room) })}</small>
      </span>
    </button>
  );
}
