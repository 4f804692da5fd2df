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
import { moderating } from "./moderating";
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
      {isMine ? <MineDeeds view={view} client={client} choose={choose} /> : <TakeDeeds view={view} client={client} />}
    </article>
  );
}

function stateWords(view: ReportView, isMine: boolean): string {
  if (view.state === "seconding") return t("reports.seconding");
  if (isMine) return t(view.appealed ? "reports.mine_appeal" : "reports.mine");
  if (view.owner) return t("reports.taken", { owner: functionOf(view.owner) });
  return t(view.appealed ? "reports.appealed" : "reports.waiting");
}

function TakeDeeds({ view, client }: { view: ReportView; client: Client }) {
  const take = useDeed(client, "report.take");
  const second = useDeed(client, "report.second");
  const { report } = view;
  const refused = [take, second].map(({ state }) => state.value).find((state) => typeof state === "object");
  return (
    <div class="deeds">
      {!view.owner && view.state !== "seconding" && (
        <button type="button" class="button small" data-testid="report-take" onClick={() => take.go({ report })}>
          {t("reports.take")}
        </button>
      )}
      {view.state === "seconding" && (
        <>
          <button type="button" class="button small" data-testid="second-agree" onClick={() => second.go({ report, agree: true })}>
            {t("reports.agree")}
          </button>
          <button type="button" class="button soft small" data-testid="second-decline" onClick={() => second.go({ report, agree: false })}>
            {t("reports.decline")}
          </button>
        </>
      )}
      <div role="alert">{refused && <p class="failure">{whyOf(refused)}</p>}</div>
    </div>
  );
}

function MineDeeds({ view, client, choose }: { view: ReportView } & Omit<Facts, "me">) {
  const enter = useDeed(client, "room.enter");
  const isInside = view.room in town.value.rooms;
  const state = enter.state.value;
  useEffect(() => {
    if (isInside && state === "done") choose(view.room);
  }, [isInside, state]);
  const read = (): void => {
    if (isInside) choose(view.room);
    else enter.go({ room: view.room, ground: { kind: "report", id: view.report } });
  };
  return (
    <div class="deeds">
      <button type="button" class="button soft small" data-testid="report-enter" onClick={read}>
        {t(isInside ? "reports.read" : "reports.enter")}
      </button>
      <button
        type="button"
        class="button small"
        data-testid="report-decide"
        onClick={() => (moderating.value = { sheet: "decide", report: view.report })}
      >
        {t("reports.decide")}
      </button>
      <div role="alert">{typeof state === "object" && <p class="failure">{whyOf(state)}</p>}</div>
    </div>
  );
}
