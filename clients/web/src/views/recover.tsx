// A new password by the recovery code.

import type { Client } from "../client";
import { t } from "../words/words";
import { Field, Form } from "./form";

export function Recover({ client }: { client: Client }) {
  return (
    <div class="card">
      <Form
        title="recover.title"
        action="recover.do"
        testid="recover"
        isNew
        submit={({ name = "", recovery = "", password = "" }) => client.recover({ name, recovery, password })}
      >
        <p class="explain">{t("recover.why")}</p>
        <Field name="name" label="sign_in.name" autocomplete="username" />
        <Field name="recovery" label="recover.code" autocomplete="off" testid="recovery-code" />
        <Field
          name="password"
          label="me.password_new"
          hint="join.password_hint"
          autocomplete="new-password"
        />
      </Form>
    </div>
  );
}
