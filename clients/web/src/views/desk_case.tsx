// A case in the queue: what, where, how urgent, how long still, and what can be done about it.

import { headlineOf } from "../alert_queue";
import { clockOf, isOwner } from "../case";
import type { Client } from "../client";
import type { Person } from "../protocol.gen";
import { town } from "../town";
import type { Case } from "../town";
import { t } from "../words/words";
import { Asking } from "./case_deeds";
import { CaseClock } from "./case_facts";
import { TakeDeeds } from "./case_staff";
import { functionOf, kindWord } from "./case_words";
import { EnterRoom } from "./enter_room";
import { leftOf } from "./span";
import { ticking } from "./ticking";

interface Facts {
  view: Case;
  me: Person;
  client: Client;
  choose: (room: string) => void;
  /** Somebody else has it. */
  isElsewhere?: boolean;
}

export function DeskCase({ view, me, client, choose, isElsewhere = false }: Facts) {
  const isMine = isOwner(view, me.id);
  const title = t("desk.page", { kind: kindWord(view.kind), place: view.place.name });
  return (
    <article
      class={`desk-case ${view.urgency}${view.declined ? " declined" : ""}`}
      data-testid={isElsewhere ? "elsewhere-case" : "queue-case"}
      data-state={view.state}
      aria-label={title}
      tabIndex={-1}
    >
      <header>
        <b>{view.place.name}</b>
        <CaseClock view={view} />
      </header>
      <p class="desk-next">
        <span class={`urgency ${view.urgency}`}>{t(`urgency.${view.urgency}`)}</span>{" "}
        {view.private && <span class="urgency">{t("case.private_mark")}</span>}{" "}
        {view.kind && <b>{kindWord(view.kind)} · </b>}
        {view.declined && <b data-testid="declined">{t("desk.declined")} </b>}
        {isElsewhere && view.owner ? t("desk.elsewhere_by", { owner: functionOf(view.owner) }) : nextWords(view, isMine)}
      </p>
      {view.alert && <AboutAlert alert={view.alert} />}
      {isElsewhere ? (
        <Help view={view} me={me} client={client} choose={choose} />
      ) : isMine ? (
        <ToCase view={view} choose={choose} />
      ) : (
        <TakeDeeds view={view} calls={client.calls} />
      )}
      <Asking lane={view.id} />
    </article>
  );
}

/** A colleague of whoever has it may come in and help. */
function Help({ view, me, client, choose }: Facts) {
  if (view.owner?.organisation !== me.organisation || view.private) return null;
  return (
    <div class="deeds">
      <EnterRoom
        room={view.room}
        ground={{ kind: "case", id: view.id }}
        client={client}
        choose={choose}
        words={{ enter: t("enter.help"), inside: t("desk.open") }}
        testid="case-enter"
      />
    </div>
  );
}

/** Somebody has information about an alert. */
function AboutAlert({ alert }: { alert: string }) {
  const view = town.value.staffAlerts?.[alert];
  return (
    <p class="desk-next" data-testid="about-alert">
      {t("alerting.case_about", { headline: view ? headlineOf(view) : alert })}
    </p>
  );
}

function ToCase({ view, choose }: Pick<Facts, "view" | "choose">) {
  if (!(view.room in town.value.rooms)) return null;
  return (
    <div class="deeds">
      <button type="button" class="button soft small" data-testid="to-case" onClick={() => choose(view.room)}>
        {t("desk.open")}
      </button>
    </div>
  );
}

/** What happens by itself, and when. */
function nextWords(view: Case, isMine: boolean): string {
  const { tier, next_ms } = clockOf(view, ticking());
  const left = leftOf(next_ms ?? 0);
  if (isMine && view.withdrawn) return t("case.withdrawn_owed");
  if (isMine && view.state === "handing_over") return t("case.hand_over_until", { left });
  if (isMine) return t("desk.sign_within", { left });
  const isLast = tier?.number === tier?.of;
  if (tier) return t(isLast ? "case.tier_last" : "case.tier", { tier: tier.number, tiers: tier.of, left });
  return t(`case.short_${view.state}`);
}
