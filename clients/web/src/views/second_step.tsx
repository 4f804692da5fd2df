// The second step at the door: a code from the app, or, the first time, the key that is put into one.

import { useEffect, useRef } from "preact/hooks";

import type { Client } from "../client";
import { half } from "../second_factor";
import type { Half } from "../second_factor";
import { t } from "../words/words";
import { Field, Form } from "./form";

const MINUTE_MS = 60_000;
/** A code is good for a step either way; a clock that is this far off makes none that is. */
const MOST_OFF_MS = 45_000;
const GROUP = 4;

export function SecondStep({ client, asked }: { client: Client; asked: Half }) {
  const card = useRef<HTMLDivElement>(null);
  const isNew = asked.second_factor === "enrol";
  // What had the focus is gone. The key is read from its beginning, the code can be typed at once.
  useEffect(() => card.current?.querySelector<HTMLElement>(isNew ? "h1" : "input")?.focus(), []);
  return (
    <>
      <div class="card second" ref={card}>
        {isNew ? <Enrolling asked={asked} /> : <h2>{t("second.title")}</h2>}
        {!isNew && <p>{t("second.why")}</p>}
        <WrongClock now={asked.now} />
        <Form
          action={isNew ? "second.enrol_do" : "second.do"}
          testid="second-do"
          submit={({ proof = "" }) => client.showSecondFactor(proof)}
        >
          <Field
            name="proof"
            label="second.code"
            hint={isNew ? "second.digits" : "second.hint"}
            autocomplete="one-time-code"
          />
        </Form>
      </div>
      <button type="button" class="button quiet" data-testid="second-back" onClick={() => (half.value = null)}>
        {t("second.back")}
      </button>
    </>
  );
}

function Enrolling({ asked: { secret = "", qr = "" } }: { asked: Half }) {
  return (
    <>
      <h1 tabIndex={-1}>{t("second.enrol_title")}</h1>
      <p>{t("second.enrol_why")}</p>
      <ol class="second-steps">
        <li>{t("second.enrol_app")}</li>
        <li>
          {t("second.enrol_scan")}
          <img class="second-qr" src={qr} alt={t("second.qr")} width={200} height={200} />
          <p>
            <strong>{t("second.secret")}</strong>{" "}
            <code class="second-secret" data-testid="second-secret">
              {inGroups(secret)}
            </code>
          </p>
        </li>
        <li>{t("second.enrol_type")}</li>
      </ol>
    </>
  );
}

/** The app may be on this very device: then its clock makes the codes. */
function WrongClock({ now }: { now: number }) {
  const came = useRef(Date.now());
  const off_ms = Math.abs(now - came.current);
  if (off_ms < MOST_OFF_MS) return null;
  return <p class="notice">{t("second.clock", { minutes: Math.ceil(off_ms / MINUTE_MS) })}</p>;
}

/** As it is typed over: "JBSW Y3DP ...". */
function inGroups(secret: string): string {
  return (secret.match(new RegExp(`.{1,${GROUP}}`, "g")) ?? []).join(" ");
}
