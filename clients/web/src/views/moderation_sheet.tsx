// The sheet about an entry that is open, if there is one.

import type { Client } from "../client";
import { JudgeForm } from "./judge_form";
import { moderating } from "./moderating";
import { ReportForm } from "./report_form";

export function ModerationSheet({ client }: { client: Client }) {
  const of = moderating.value;
  if (!of) return null;
  const close = (): void => void (moderating.value = null);
  if (of.sheet === "report") return <ReportForm of={of} client={client} close={close} />;
  return <JudgeForm of={of} client={client} close={close} />;
}
