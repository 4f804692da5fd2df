// What the town knows of me, to take along; and being forgotten by it.

import { useSignal } from "@preact/signals";

import type { Client } from "../client";
import type { Failure } from "../session";
import { t } from "../words/words";
import type { Word } from "../words/words";
import { Field, Form } from "./form";
import type { Filled } from "./form";
import { reasonOf } from "./refused_field";

const FILE = "bart.json";
const GOES: readonly Word[] = ["me.erase_goes_account", "me.erase_goes_words", "me.erase_goes_devices"];
const STAYS: readonly Word[] = ["me.erase_stays_markers", "me.erase_stays_cases", "me.erase_stays_book"];

export function OwnData({ client }: { client: Client }) {
  const failure = useSignal<Failure | null>(null);
  const isDone = useSignal(false);
  const fetch = async (): Promise<void> => {
    const outcome = await client.ownData();
    failure.value = outcome.ok ? null : outcome.error;
    isDone.value = outcome.ok;
    if (outcome.ok) save(outcome.told);
  };
  return (
    <>
      <p class="explain">{t("me.data_what")}</p>
      <button type="button" class="button" data-testid="data-fetch" onClick={fetch}>
        {t("me.data_do")}
      </button>
      <p class="done" role="status">
        {isDone.value && t("me.data_done")}
      </p>
      <div role="alert">{failure.value && <p class="failure">{reasonOf(failure.value)}</p>}</div>
    </>
  );
}

/** As a file of this device; the browser asks where, or puts it with its downloads. */
function save(told: object): void {
  const address = URL.createObjectURL(new Blob([JSON.stringify(told, null, 1)], { type: "application/json" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = FILE;
  link.click();
  URL.revokeObjectURL(address);
}

export function EraseMe({ client, name }: { client: Client; name: string }) {
  const submit = ({ old = "" }: Filled): Promise<Failure | null> => client.erase(old);
  return (
    <Form action="me.erase_do" testid="erase" submit={submit}>
      <p class="explain">{t("me.erase_what")}</p>
      <List words={GOES} />
      <p class="explain">{t("me.erase_stays")}</p>
      <List words={STAYS} />
      {/* Tells a password manager whose password this is. */}
      <input class="unseen" type="text" autocomplete="username" value={name} readOnly tabIndex={-1} aria-hidden />
      <Field name="old" label="me.password_old" autocomplete="current-password" testid="erase-password" />
    </Form>
  );
}

function List({ words }: { words: readonly Word[] }) {
  return (
    <ul class="me-erase">
      {words.map((word) => (
        <li key={word}>{t(word)}</li>
      ))}
    </ul>
  );
}
