// The code once more, for what reaches many or silences somebody: what was asked waits, and goes on by itself.

import { useEffect, useRef } from "preact/hooks";

import type { Client } from "../client";
import { settleProof } from "../second_factor";
import { UNREACHABLE } from "../session";
import type { Failure } from "../session";
import { t } from "../words/words";
import { Field, Form } from "./form";
import type { Filled } from "./form";
import { Panel } from "./panel";

export function ProveSheet({ client }: { client: Client }) {
  const inside = useRef<HTMLDivElement>(null);
  const stop = (): void => settleProof(false);
  const submit = async ({ proof = "" }: Filled): Promise<Failure | null> => {
    const reply = await client.inquire("session.prove", { code: proof.trim() });
    if (!reply?.ok) return reply?.error ?? UNREACHABLE;
    settleProof(true);
    return null;
  };
  useEffect(() => inside.current?.querySelector("input")?.focus(), []);
  return (
    <Panel title={t("second.prove_title")} testid="prove" close={stop}>
      <div class="second-prove" ref={inside}>
        <p>{t("second.prove_why")}</p>
        <Form action="second.prove_do" testid="prove-do" submit={submit}>
          <Field name="proof" label="second.code" hint="second.hint" autocomplete="one-time-code" />
        </Form>
        <button type="button" class="button quiet" data-testid="prove-stop" onClick={stop}>
          {t("second.prove_stop")}
        </button>
      </div>
    </Panel>
  );
}
