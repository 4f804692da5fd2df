// Signing in, or joining with the code from the letter.

import { useSignal } from "@preact/signals";
import type { Signal } from "@preact/signals";
import type { ComponentChildren } from "preact";

import type { Client } from "../client";
import type { Failure } from "../session";
import icon from "../styles/icon.svg";
import { town } from "../town";
import { isWord, t } from "../words/words";
import type { Word } from "../words/words";
import { LanguageSwitch } from "./language_switch";

/** letter: the code that the page was opened with, "" for joining without one, null for signing in. */
export function Door({ client, letter }: { client: Client; letter: Signal<string | null> }) {
  const isJoining = letter.value !== null;
  return (
    <main class="door">
      <header class="door-brand">
        <img src={icon} alt="" />
        <div>
          <h1>{t("app.name")}</h1>
          <p>{t("app.purpose")}</p>
        </div>
      </header>
      {isJoining ? <Join client={client} code={letter.value ?? ""} /> : <SignIn client={client} />}
      <button
        type="button"
        class="button quiet"
        data-testid={isJoining ? "to-sign-in" : "to-join"}
        onClick={() => (letter.value = isJoining ? null : "")}
      >
        {t(isJoining ? "sign_in.instead" : "join.instead")}
      </button>
      <footer class="door-foot">
        <strong>{t("app.emergency")}</strong>
        <LanguageSwitch />
      </footer>
    </main>
  );
}

function SignIn({ client }: { client: Client }) {
  const submit = (fields: FormData) => client.signIn(text(fields, "name"), text(fields, "password"));
  return (
    <Card title="sign_in.title" action="sign_in.do" testid="sign-in" submit={submit}>
      <Ended />
      <Field name="name" label="sign_in.name" autocomplete="username" />
      <Field name="password" label="sign_in.password" type="password" autocomplete="current-password" />
    </Card>
  );
}

function Join({ client, code }: { client: Client; code: string }) {
  const submit = (fields: FormData) =>
    client.join({ code: text(fields, "code"), name: text(fields, "name"), password: text(fields, "password") });
  return (
    <Card title="join.title" action="join.do" testid="join" submit={submit}>
      <Field name="code" label="join.code" hint="join.code_hint" value={code} autocomplete="off" />
      <Field name="name" label="join.name" hint="join.name_hint" autocomplete="username" />
      <Field
        name="password"
        label="join.password"
        hint="join.password_hint"
        type="password"
        autocomplete="new-password"
      />
    </Card>
  );
}

interface CardFacts {
  title: Word;
  action: Word;
  testid: string;
  submit: (fields: FormData) => Promise<Failure | null>;
  children: ComponentChildren;
}

/** A form that says why it was refused, beside its button, and keeps what was typed. */
function Card({ title, action, testid, submit, children }: CardFacts) {
  const failure = useSignal<Failure | null>(null);
  const isBusy = useSignal(false);
  const submitted = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    if (isBusy.value) return;
    isBusy.value = true;
    try {
      failure.value = await submit(new FormData(event.target as HTMLFormElement));
    } finally {
      isBusy.value = false;
    }
  };
  return (
    <form class="card" onSubmit={submitted} aria-busy={isBusy.value}>
      <h2>{t(title)}</h2>
      {children}
      <div role="alert">{failure.value && <p class="failure">{reasonOf(failure.value)}</p>}</div>
      <button class="button" data-testid={testid} disabled={isBusy.value}>
        {t(isBusy.value ? "busy" : action)}
      </button>
    </form>
  );
}

interface FieldFacts {
  name: "name" | "password" | "code";
  label: Word;
  hint?: Word;
  type?: "text" | "password";
  value?: string;
  autocomplete: "username" | "current-password" | "new-password" | "off";
}

function Field({ name, label, hint, type = "text", value, autocomplete }: FieldFacts) {
  return (
    <div class="field">
      <label for={`field-${name}`}>{t(label)}</label>
      <input
        id={`field-${name}`}
        class={name}
        name={name}
        type={type as "text"} // the types know each kind of input by itself, and no "one of two"
        defaultValue={value ?? ""}
        required
        autocomplete={autocomplete}
        autocapitalize="none"
        spellcheck={false}
        aria-describedby={hint && `hint-${name}`}
        data-testid={name}
      />
      {hint && <small id={`hint-${name}`}>{t(hint)}</small>}
    </div>
  );
}

/** Why the last session ended, when it was not this person's own doing. */
function Ended() {
  const { ended } = town.value;
  if (!ended) return null;
  const word = `ended.${ended}`;
  return <p class="notice">{t(isWord(word) ? word : "ended.signed_out")}</p>;
}

/** The refusal in the reader's language; a code that is newer than this page gets the words for a fault. */
export function reasonOf({ code }: { code: string }): string {
  const word = `refusal.${code}`;
  return t(isWord(word) ? word : "refusal.fault");
}

function text(fields: FormData, name: string): string {
  return String(fields.get(name) ?? "");
}
