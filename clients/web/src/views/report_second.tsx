// A second person on an expulsion: reads why, looks in the room, agrees or not. Whoever asked for it waits.

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";

import type { Client } from "../client";
import type { ReportView } from "../protocol.gen";
import { t } from "../words/words";
import { whyOf } from "./deed_foot";
import { EnterRoom } from "./enter_room";
import { Notes } from "./report_notes";
import { useDeed } from "./use_deed";

/** own: it is not mine to say. */
type Asked = { readonly notes: readonly string[] } | "own" | null;

interface Facts {
  view: ReportView;
  client: Client;
  choose: (room: string) => void;
}

export function SecondDeeds({ view, client, choose }: Facts) {
  const { report, room, version } = view;
  const asked = useSignal<Asked>(null);
  const { state, go } = useDeed(client, "report.second");
  useEffect(() => {
    void client.inquire("report.read", { report }).then((reply) => {
      if (reply) asked.value = reply.ok ? { notes: reply.notes } : reply.error.code === "conflict_of_interest" ? "own" : null;
    });
  }, [report, version]);
  if (asked.value === "own") return <p class="explain">{t("reports.seconding_own")}</p>;
  const refused = state.value;
  return (
    <>
      {asked.value && <Notes notes={asked.value.notes} />}
      <div class="deeds">
        <EnterRoom
          room={room}
          ground={{ kind: "report", id: report }}
          client={client}
          choose={choose}
          words={{ enter: t("reports.enter"), inside: t("reports.read") }}
          testid="report-enter"
        />
        <button type="button" class="button small" data-testid="second-agree" onClick={() => go({ report, agree: true })}>
          {t("reports.agree")}
        </button>
        <button type="button" class="button soft small" data-testid="second-decline" onClick={() => go({ report, agree: false })}>
          {t("reports.decline")}
        </button>
      </div>
      <div role="alert">{typeof refused === "object" && <p class="failure">{whyOf(refused)}</p>}</div>
    </>
  );
}
