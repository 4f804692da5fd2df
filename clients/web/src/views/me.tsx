// The panel about oneself: who I am here, language and look, the account, and the way out.

import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";

import { isPrivate } from "../case";
import type { Client } from "../client";
import type { Person } from "../protocol.gen";
import type { Failure } from "../session";
import { town } from "../town";
import { isWord, t } from "../words/words";
import type { Word } from "../words/words";
import { bookOf } from "./audit_open";
import { ChooseLanguage } from "./language_switch";
import { dropLetter, letter } from "./letter";
import { Move, NewPassword } from "./me_account";
import { EraseMe, OwnData } from "./me_data";
import { isMeOpen } from "./me_open";
import { Sessions } from "./me_sessions";
import { reasonOf } from "./refused_field";
import { roomName } from "./room_name";
import { RuleList } from "./rules";
import { ChooseTheme } from "./theme_switch";
import { AtSecondFactor } from "./threshold";

declare const __VERSION__: string;

/** The browser's own dialog keeps the focus inside, closes at Escape and gives the focus back. */
export function Me({ client, me }: { client: Client; me: Person }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const closed = (): void => {
    isMeOpen.value = false;
    dropLetter(); // who closes it does not mean to move
  };
  useEffect(() => {
    dialog.current?.showModal();
    return closed; // signing out takes it from the page without closing it
  }, []);
  const close = (): void => dialog.current?.close();
  return (
    <dialog
      class="panel me"
      data-testid="me-panel"
      aria-labelledby="me-title"
      ref={dialog}
      onClose={closed}
      onClick={(event) => event.target === event.currentTarget && close()} // beside it, on the veil
    >
      <header class="panel-head">
        <h2 id="me-title">{t("me.title")}</h2>
        <button type="button" class="button quiet" data-testid="me-close" onClick={close}>
          {t("me.close")}
        </button>
      </header>
      <div class="panel-inside me-inside">
        <WhoIAm me={me} />
        <section class="me-choices">
          <ChooseLanguage />
          <ChooseTheme />
        </section>
        <section class="me-account">
          <Fold word="me.password" testid="me-password">
            <NewPassword client={client} name={me.name} />
          </Fold>
          <Fold word="me.sessions" testid="me-sessions">
            <Sessions client={client} />
          </Fold>
          {me.role !== "resident" && (
            <Fold word="me.codes" testid="me-codes">
              <AtSecondFactor>{({ NewCodes }) => <NewCodes client={client} />}</AtSecondFactor>
            </Fold>
          )}
          {me.role === "resident" && (
            <Fold word="me.move" testid="me-move" isOpen={letter.value !== null}>
              <Move client={client} />
            </Fold>
          )}
          {town.value.order.length > 0 && (
            <Fold word="room.book" testid="me-book">
              <Books close={close} />
            </Fold>
          )}
          <Fold word="me.rules" testid="me-rules">
            <RuleList />
          </Fold>
          <Fold word="me.data" testid="me-data">
            <OwnData client={client} />
          </Fold>
          {me.role === "resident" && (
            <Fold word="me.erase" testid="me-erase">
              <EraseMe client={client} name={me.name} />
            </Fold>
          )}
        </section>
        <WayOut client={client} />
        <p class="me-version">{t("me.version", { version: versionOf(__VERSION__, import.meta.url) })}</p>
      </div>
    </dialog>
  );
}

function WhoIAm({ me }: { me: Person }) {
  const word = `role.${me.role}`;
  const role = t(isWord(word) ? word : "me.resident");
  return (
    <section class="me-card">
      <p class="me-name" data-testid="me-name">
        {me.name}
      </p>
      <dl>
        <Fact word="me.role">{me.organisation ? `${role}, ${t(`organisation.${me.organisation}`)}` : role}</Fact>
        {me.street && <Fact word="me.street">{me.street.name}</Fact>}
        {me.neighbourhood && <Fact word="me.neighbourhood">{me.neighbourhood.name}</Fact>}
      </dl>
    </section>
  );
}

/** The open books of one's rooms; on a phone this is the way to them. */
function Books({ close }: { close: () => void }) {
  const { order, rooms } = town.value;
  const mine = order.flatMap((id) => rooms[id] ?? []).filter((room) => !isPrivate(room));
  const open = (id: string): void => {
    close();
    bookOf.value = id;
  };
  return (
    <>
      {mine.map((room) => (
        <button type="button" class="button soft" key={room.id} data-testid="me-book-of" onClick={() => open(room.id)}>
          {roomName(room)}
        </button>
      ))}
    </>
  );
}

function Fact({ word, children }: { word: Word; children: ComponentChildren }) {
  return (
    <div>
      <dt>{t(word)}</dt>
      <dd>{children}</dd>
    </div>
  );
}

interface FoldFacts {
  word: Word;
  testid: string;
  isOpen?: boolean;
  children: ComponentChildren;
}

function Fold({ word, testid, isOpen = false, children }: FoldFacts) {
  return (
    <details class="fold" name="me" open={isOpen}>
      <summary data-testid={testid}>{t(word)}</summary>
      <div class="fold-inside">{children}</div>
    </details>
  );
}

function WayOut({ client }: { client: Client }) {
  const isAsked = useSignal(false);
  const failure = useSignal<Failure | null>(null);
  const everywhere = async (): Promise<void> => {
    failure.value = await client.signOutEverywhere();
  };
  return (
    <section class="me-out">
      <button type="button" class="button soft" data-testid="sign-out" onClick={() => client.signOut()}>
        {t("sign_out.do")}
      </button>
      {!isAsked.value && (
        <button type="button" class="button quiet" data-testid="everywhere" onClick={() => (isAsked.value = true)}>
          {t("me.everywhere")}
        </button>
      )}
      {isAsked.value && (
        <Sure question="me.everywhere_sure" yes={everywhere} no={() => (isAsked.value = false)} />
      )}
      <div role="alert">{failure.value && <p class="failure">{reasonOf(failure.value)}</p>}</div>
    </section>
  );
}

/** A question that takes the focus, since the button that asked it is gone. */
function Sure({ question, yes, no }: { question: Word; yes: () => void; no: () => void }) {
  const keep = useRef<HTMLButtonElement>(null);
  useEffect(() => keep.current?.focus(), []);
  return (
    <div class="sure" role="group" aria-labelledby="sure">
      <p id="sure">{t(question)}</p>
      <button type="button" class="button soft" data-testid="everywhere-no" ref={keep} onClick={no}>
        {t("me.cancel")}
      </button>
      <button type="button" class="button danger" data-testid="everywhere-yes" onClick={yes}>
        {t("me.everywhere_do")}
      </button>
    </div>
  );
}

/** The package's version and, once built, the digest in this file's name: who reports a fault can say which build. */
function versionOf(version: string, address: string): string {
  const build = /-([\w-]{8})\.js$/.exec(address)?.[1];
  return build ? `${version} (${build})` : version;
}
