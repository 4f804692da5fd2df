// New recovery codes, for staff who show their code: the earlier ones then open nothing any longer.

import type { Client } from "../client";
import { recoveryCodes } from "../second_factor";
import { UNREACHABLE } from "../session";
import type { Failure } from "../session";
import { t } from "../words/words";
import { Field, Form } from "./form";
import type { Filled } from "./form";
import { isMeOpen } from "./me_open";

export function NewCodes({ client }: { client: Client }) {
  const submit = async ({ proof = "" }: Filled): Promise<Failure | null> => {
    const reply = await client.inquire("session.new_codes", { code: proof.trim() });
    if (!reply?.ok) return reply?.error ?? UNREACHABLE;
    isMeOpen.value = false; // the panel lies over the page
    recoveryCodes.value = reply.recovery_codes; // app.tsx shows them until they are kept
    return null;
  };
  return (
    <Form action="second.renew_do" testid="new-codes" submit={submit}>
      <p class="explain">{t("second.renew_why")}</p>
      <Field name="proof" label="second.code" hint="second.hint" autocomplete="one-time-code" testid="new-codes-code" />
    </Form>
  );
}
