// The reports that wait for a moderator of the municipality: why, how long still, who has it. No words of the room: these
// are read in the room, after coming in on the ground of the report.

import { useEffect } from "preact/hooks";

import type { Client } from "../client";
import { reportsFor } from "../judged";
import type { Person, ReportView } from "../protocol.gen";
import { town } from "../town";
import { t } from "../words/words";
import { functionOf } from "./case_words";
import { whyOf } from "./deed_foot";
import { EnterRoom } from "./enter_room";
import { moderating } from "./moderating";
import { SecondDeeds } from "./report_second";
import { leftOf } from "./span";
import { ticking } from "./ticking";
import { useDeed } from "./use_deed";

interface Facts {
  me: Person;
  client: Client;
  choose: (room: string) => void;
}

export function ReportQueue({ me, client, choose }: Facts) {
  const { connection } = town.value;
  useEffect(() => {
    if (connection !== "live") return;
    void client.inquire("report.list", {}).then((reply) => {
      if (reply?.ok) client.listed({ event: "reports.listed", reports: reply.reports });
    });
  }, [connection]);
  const reports = reportsFor(town.value, me.id);
  return (
    <section class="queue-group report-queue" data-testid="reports">
      <h3>
        {t("reports.title")} <span class="count">{reports.length}</span>
      </h3>
      {reports.length === 0 && <p class="desk-quiet">{t("reports.none")}</p>}
      <ul>
        {reports.map((view) => (
          <li key={view.report}>
            <DeskReport view={view} me={me} client={client} choose={choose} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function DeskReport({ view, me, client, choose }: Facts & { view: ReportView }) {
  const isMine = view.owner?.id === me.id;
  const reasons = view.reasons.map((reason) => t(`report.reason_${reason}`)).join(", ");
  return (
    <article
      class={view.late ? "desk-case urgent" : "desk-case"}
      data-testid="report"
      data-state={view.state}
      aria-label={t("reports.about", { reasons, place: view.place.name })}
    >
      <header>
        <b>{view.place.name}</b>
        <span class="case-clock">{view.deadline ? leftOf(view.deadline - ticking()) : t("reports.late")}</span>
      </header>
      <p class="desk-next">
        <b>{reasons || t("reports.no_report")}</b> ·{" "}
        {t(view.reporters === 1 ? "reports.one" : "reports.many", { count: view.reporters })}
        {view.hidden && ` · ${t("reports.hidden")}`}
      </p>
      <p class="desk-next">{stateWords(view, isMine)}</p>
      <Deeds view={view} isMine={isMine} client={client} choose={choose} />
    </article>
  );
}

function stateWords(view: ReportView, isMine: boolean): string {
  if (view.state === "seconding") return t("reports.seconding");
  if (isMine) return t(view.appealed ? "reports.mine_appeal" : "reports.mine");
  if (view.owner) return t("reports.taken", { owner: functionOf(view.owner) });
  return t(view.appealed ? "reports.appealed" : "reports.waiting");
}

function Deeds({ view, isMine, client, choose }: { view: ReportView; isMine: boolean } & Omit<Facts, "me">) {
  if (view.state === "seconding") return <SecondDeeds view={view} client={client} choose={choose} />;
  return isMine ? <MineDeeds view={view} client={client} choose={choose} /> : <TakeDeeds view={view} client={client} />;
}

function TakeDeeds({ view: { report, owner }, client }: { view: ReportView; client: Client }) {
  const { state, go } = useDeed(client, "report.take");
  const refused = state.value;
  return (
    <div class="deeds">
      {!owner && (
        <button type="button" class="button small" data-testid="report-take" onClick={() => go({ report })}>
          {t("reports.take")}
        </button>
      )}
      <div role="alert">{typeof refused === "object" && <p class="failure">{whyOf(refused)}</p>}</div>
    </div>
  );
}

function MineDeeds({ view: { report, room }, client, choose }: { view: ReportView } & Omit<Facts, "me">) {
  const { state, go } = useDeed(client, "report.release");
  const refused = state.value;
  return (
    <div class="deeds">
      <EnterRoom
        room={room}
        ground={{ kind: "report", id: report }}
        client={client}
        choose={choose}
        words={{ enter: t("reports.enter"), inside: t("reports.read") }}
        testid="report-enter"
      />
      <button
        type="button"
        class="button small"
        data-testid="report-decide"
        onClick={() => (moderating.value = { sheet: "decide", report })}
      >
        {t("reports.decide")}
      </button>
      <button type="button" class="button quiet small" data-testid="report-release" onClick={() => go({ report })}>
        {t("reports.release")}
      </button>
      <div role="alert">{typeof refused === "object" && <p class="failure">{whyOf(refused)}</p>}</div>
    </div>
  );
}
