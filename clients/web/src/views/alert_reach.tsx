// Whom the alert reaches, before it is sent: how many, where, whether a second officer is needed. What is typed back
// shows that it was read.

import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";

import type { AlertDraft } from "../alert_draft";
import type { Alerting, Shown } from "../alerting";
import type { PlaceTree } from "../places";
import type { Person } from "../protocol.gen";
import { t } from "../words/words";
import { focusWrong, TextField, WrongFields } from "./alert_fields";
import { AlertPhone } from "./alert_phone";
import { residentWords } from "./alert_state";
import { Icon } from "./icons";

interface Facts {
  shown: Shown;
  draft: AlertDraft;
  me: Person;
  tree: PlaceTree | null;
  alerting: Alerting;
  edit: () => void;
}

export function AlertReach({ shown, draft, me, tree, alerting, edit }: Facts) {
  const typed = useSignal("");
  const wrong = useSignal<string | null>(null);
  const isBusy = useSignal(false);
  const form = useRef<HTMLFormElement>(null);
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => title.current?.focus(), []);
  useEffect(() => focusWrong(form.current), [wrong.value]);
  const send = async (): Promise<void> => {
    const code = typed.value.trim().toUpperCase();
    wrong.value = shown.code && code !== shown.code ? t("alerting.refused_code") : null;
    if (wrong.value || isBusy.value) return;
    isBusy.value = true;
    await alerting.broadcast(shown.preview, shown.code ? code : undefined);
    draft.sentAs.value = shown.preview;
  };
  return (
    <div class="alert-making">
      <form
        class="alert-form"
        data-testid="alert-reach"
        noValidate
        ref={form}
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        <h3 tabIndex={-1} ref={title}>
          {t("alerting.reach_title")}
        </h3>
        <Counts shown={shown} />
        <Second shown={shown} />
        <WrongFields.Provider value={wrong.value ? { code: wrong.value } : {}}>
          {shown.code && (
            <div class="code-guard">
              <p>
                {t("alerting.code_why")} <b class="code" data-testid="alert-code">{shown.code}</b>
              </p>
              <TextField
                field="code"
                label={t("alerting.code")}
                value={typed.value}
                most={20}
                testid="alert-code-typed"
                write={(text) => (typed.value = text)}
              />
            </div>
          )}
        </WrongFields.Provider>
        <div class="alert-buttons">
          <button class="button" data-testid="alert-broadcast" aria-disabled={isBusy.value}>
            {shown.needs_approval ? t("alerting.ask_second") : residentWords("broadcast", shown.members)}
          </button>
          <button type="button" class="button quiet" data-testid="alert-edit" onClick={edit}>
            {t("alerting.edit")}
          </button>
        </div>
      </form>
      <AlertPhone draft={draft} me={me} tree={tree} />
    </div>
  );
}

function Counts({ shown }: { shown: Shown }) {
  const { members, connected, neighbourhoods, areas } = shown;
  return (
    <>
      <dl class="reach-counts">
        <div>
          <dt>{t("alerting.members")}</dt>
          <dd data-testid="reach-members">{members}</dd>
        </div>
        <div>
          <dt>{t("alerting.connected")}</dt>
          <dd data-testid="reach-connected">{connected}</dd>
        </div>
        <div>
          <dt>{t("alerting.neighbourhoods")}</dt>
          <dd>{neighbourhoods.length}</dd>
        </div>
      </dl>
      <p>
        {t("alerting.areas")} <b data-testid="reach-areas">{areas.map(({ name }) => name).join(", ")}</b>
      </p>
      <ul class="reach-where" data-testid="reach-where">
        {neighbourhoods.map(({ id, name, members: there }) => (
          <li key={id}>
            <span>{name}</span> <span class="number">{there}</span>
          </li>
        ))}
      </ul>
    </>
  );
}

/** Whether a second officer is needed, and honestly whether one is on duty. */
function Second({ shown: { needs_approval, approvers } }: { shown: Shown }) {
  if (!needs_approval) return <p data-testid="reach-second">{t("alerting.second_not_needed")}</p>;
  return (
    <div class={approvers === 0 ? "second nobody" : "second"} data-testid="reach-second" data-approvers={approvers}>
      <Icon name={approvers === 0 ? "refused" : "staff"} />
      <p>
        <b>{t("alerting.second_needed")}</b>{" "}
        {approvers === 0 ? t("alerting.second_nobody") : t("alerting.second_on_duty", { count: approvers })}
      </p>
    </div>
  );
}
