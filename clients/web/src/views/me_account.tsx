// Two things that one does with an account: another password, another street.

import { useSignal } from "@preact/signals";

import type { Client } from "../client";
import { town } from "../town";
import { t } from "../words/words";
import { Field, Form } from "./form";
import type { Filled } from "./form";
import { dropLetter, letter } from "./letter";

export function NewPassword({ client, name }: { client: Client; name: string }) {
  const times = useSignal(0);
  const submit = async (filled: Filled) => {
    const failure = await client.changePassword(filled.old ?? "", filled.new ?? "");
    if (!failure) times.value += 1;
    return failure;
  };
  return (
    <>
      {/* Another form each time, so that no password stays in the page. */}
      <Form key={times.value} action="me.password_do" testid="password-change" isNew submit={submit}>
        {/* Tells a password manager whose password this is. */}
        <input class="unseen" type="text" autocomplete="username" value={name} readOnly tabIndex={-1} aria-hidden />
        <Field name="old" label="me.password_old" autocomplete="current-password" testid="password-old" />
        <Field
          name="new"
          label="me.password_new"
          hint="join.password_hint"
          autocomplete="new-password"
          testid="password-new"
        />
        <p class="explain">{t("me.password_others")}</p>
      </Form>
      <p class="done" role="status">
        {times.value > 0 && t("me.password_done")}
      </p>
    </>
  );
}

export function Move({ client }: { client: Client }) {
  const isDone = useSignal(false);
  const submit = async ({ code = "" }: Filled) => {
    const failure = await client.move(code);
    if (failure) return failure;
    dropLetter();
    isDone.value = true;
    return null;
  };
  const street = town.value.me?.street?.name ?? "";
  if (isDone.value) {
    return (
      <p class="done" role="status">
        {t("me.move_done", { street })}
      </p>
    );
  }
  return (
    <Form action="me.move_do" testid="move" submit={submit}>
      <p class="explain">{t("me.move_how")}</p>
      <Field name="code" label="join.code" value={letter.value ?? ""} autocomplete="off" testid="move-code" />
    </Form>
  );
}
