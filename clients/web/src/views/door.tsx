// Outside: signing in, joining with the code from the letter, or a new password with the recovery code.

import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";

import type { Client } from "../client";
import { half } from "../second_factor";
import { UNREACHABLE } from "../session";
import icon from "../styles/icon.svg";
import { town } from "../town";
import { isWord, t } from "../words/words";
import type { Word } from "../words/words";
import { Field, Form } from "./form";
import type { Filled } from "./form";
import { LanguageSwitch } from "./language_switch";
import { dropLetter, letter } from "./letter";
import { dropRules, oweRules } from "./rules_due";
import { AtJoining, AtSecondFactor, fetchJoining } from "./threshold";

type Way = "sign-in" | "join" | "recover";

export function Door({ client }: { client: Client }) {
  const way = useSignal<Way>(letter.value === null ? "sign-in" : "join");
  const go = (to: Way) => () => void (way.value = to);
  // A letter may also be scanned while the page is open.
  useEffect(() => letter.subscribe((code) => code !== null && void (way.value = "join")), []);
  const asked = half.value;
  if (asked) {
    return (
      <Frame isBare={asked.second_factor === "enrol"}>
        <AtSecondFactor>{({ SecondStep }) => <SecondStep client={client} asked={asked} />}</AtSecondFactor>
      </Frame>
    );
  }
  return (
    <Frame>
      {way.value === "sign-in" && <SignIn client={client} forgot={go("recover")} />}
      {way.value === "join" && <Join client={client} key={letter.value} />}
      {way.value === "recover" && <AtJoining>{({ Recover }) => <Recover client={client} />}</AtJoining>}
      {way.value === "sign-in" && <Turn word="join.instead" testid="to-join" go={go("join")} />}
      {way.value === "join" && <Turn word="sign_in.instead" testid="to-sign-in" go={go("sign-in")} />}
      {way.value === "recover" && <Turn word="recover.back" testid="to-sign-in" go={go("sign-in")} />}
    </Frame>
  );
}

/** What surrounds every page before the rooms. isBare: without the sign above the door, where there is much to read. */
export function Frame({ isBare = false, children }: { isBare?: boolean; children: ComponentChildren }) {
  return (
    <main class="door">
      {!isBare && <Sign />}
      {children}
      <footer class="door-foot">
        <strong>{t("app.emergency")}</strong>
        <LanguageSwitch />
      </footer>
    </main>
  );
}

function Sign() {
  return (
    <header class="door-brand">
      <img src={icon} alt="" width={48} height={48} />
      <div>
        <h1>{t("app.name")}</h1>
        <p>{t("app.purpose")}</p>
      </div>
    </header>
  );
}

function Turn({ word, testid, go }: { word: Word; testid: string; go: () => void }) {
  return (
    <button type="button" class="button quiet" data-testid={testid} onClick={go}>
      {t(word)}
    </button>
  );
}

function SignIn({ client, forgot }: { client: Client; forgot: () => void }) {
  const submit = async ({ name = "", password = "" }: Filled) => {
    const failure = await client.signIn(name, password);
    if (!failure) dropLetter();
    return failure;
  };
  return (
    <div class="card">
      <Ended />
      <Form
        title="sign_in.title"
        action="sign_in.do"
        testid="sign-in"
        submit={submit}
      >
        <Field name="name" label="sign_in.name" autocomplete="username" />
        <Field name="password" label="sign_in.password" autocomplete="current-password" />
      </Form>
      <button type="button" class="plain" data-testid="to-recover" onClick={forgot}>
        {t("sign_in.forgot")}
      </button>
    </div>
  );
}

function Join({ client }: { client: Client }) {
  const submit = async ({ code = "", name = "", password = "" }: Filled) => {
    // Before anything is done: a recovery code that can't be shown would be lost.
    if (await fetchJoining().catch(() => UNREACHABLE)) return UNREACHABLE;
    oweRules(); // before the room can come into view, and also when the page is loaded anew on the way
    const failure = await client.join({ code, name, password });
    if (failure) dropRules();
    else dropLetter();
    return failure;
  };
  return (
    <div class="card">
      <Form title="join.title" action="join.do" testid="join" isNew submit={submit}>
        <Field name="code" label="join.code" hint="join.code_hint" value={letter.value ?? ""} autocomplete="off" />
        <Field name="name" label="join.name" hint="join.name_hint" autocomplete="username" />
        <Field name="password" label="join.password" hint="join.password_hint" autocomplete="new-password" />
      </Form>
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
