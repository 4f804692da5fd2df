// One official alert as it is read. The frame of police or municipality stands around what was signed and around nothing
// else; what could not be verified says so first, and names nobody. Whoever draws it brings styles/alert.css, and the words
// of words/alert.ts and words/later.ts.

import type { ComponentChildren } from "preact";

import { wordsIn } from "../alert_body";
import type { AlertBody, AlertWords } from "../protocol.gen";
import type { Verdict } from "../verify";
import { language, t } from "../words/words";
import { AlertIcon } from "./alert_icons";
import { whenWords } from "./alert_words";
import type { Standing } from "./alert_words";
import { passing } from "./clock";
import { Icon } from "./icons";
import { Text } from "./text";

/** unchecked: this browser can't check it now; checking: it will have in a blink. */
export type Judged = Verdict | "checking" | "unchecked";

export interface Fold {
  readonly isOpen: boolean;
  readonly turn: () => void;
}

interface Facts {
  /** Null where the text is no alert. */
  body: AlertBody | null;
  verdict: Judged;
  /** Over, or said anew since: it reads quietly. */
  state?: Standing;
  /** Set where it is a line that opens. */
  fold?: Fold;
  /** What can be done. */
  children?: ComponentChildren;
}

export function AlertCard({ body, verdict, state = "in_force", fold, children }: Facts) {
  if (!body || verdict !== "valid") return <Unverified body={body} verdict={verdict} fold={fold} />;
  const words = wordsIn(body, language.value);
  return (
    <article
      class={state === "in_force" ? "alert official" : "alert official past"}
      data-testid="alert-card"
      data-verdict="valid"
      data-state={state}
      data-severity={body.severity}
    >
      {fold ? <Line fold={fold} body={body} words={words} state={state} /> : <Sender body={body} />}
      {(fold?.isOpen ?? true) && (
        <>
          {body.exercise && <Exercise />}
          <Inside body={body} words={words} state={state}>
            {children}
          </Inside>
        </>
      )}
    </article>
  );
}

interface InsideFacts {
  body: AlertBody;
  words: AlertWords;
  state: Standing;
  children: ComponentChildren;
}

function Inside({ body, words, state, children }: InsideFacts) {
  return (
    <div class="alert-inside">
      <Headline body={body} words={words} />
      <div lang={words.language} dir="auto">
        <Text text={words.text} />
      </div>
      {words.instruction && <WhatToDo words={words} instruction={words.instruction} />}
      <WhereAndWhen body={body} state={state} />
      {body.link && <More link={body.link} />}
      {children}
    </div>
  );
}

function Sender({ body }: { body: AlertBody }) {
  return (
    <header class="alert-from">
      <AlertIcon name={body.organisation} />
      <p>
        <b>{t(`alert.from_${body.organisation}`)}</b>
        <bdi>{body.sender_name}</bdi>
      </p>
      <Seal />
    </header>
  );
}

function Seal() {
  return (
    <span class="alert-seal" data-testid="alert-seal">
      <AlertIcon name="seal" />
      {t("alert.signed")}
    </span>
  );
}

interface LineFacts {
  fold: Fold;
  body: AlertBody;
  words: AlertWords;
  state: Standing;
}

/** Folded, the headline stands below who sends it. */
function Line({ fold, body, words, state }: LineFacts) {
  return (
    <button
      type="button"
      class="alert-from"
      data-testid="alert-line"
      aria-expanded={fold.isOpen}
      onClick={fold.turn}
    >
      <AlertIcon name={body.organisation} />
      <span class="alert-who">
        <b>{t(`alert.from_${body.organisation}`)}</b>
        {fold.isOpen ? <bdi>{body.sender_name}</bdi> : <Shortly body={body} words={words} state={state} />}
      </span>
      {fold.isOpen && <Seal />}
    </button>
  );
}

function Shortly({ body, words, state }: Omit<LineFacts, "fold">) {
  return (
    <>
      {body.exercise && <em class="alert-tag">{t("alert.exercise")}</em>}
      <span class="alert-short" lang={words.language} dir="auto">
        {words.headline}
      </span>
      <small>{whenWords(body, state, passing())}</small>
    </>
  );
}

function Exercise() {
  return (
    <p class="alert-exercise" data-testid="alert-exercise">
      <b>{t("alert.exercise")}</b> {t("alert.exercise_hint")}
    </p>
  );
}

function Headline({ body, words }: { body: AlertBody; words: AlertWords }) {
  return (
    <div class="alert-head">
      <p>
        {body.severity !== "unknown" && (
          <span class={`alert-severity ${body.severity}`}>{t(`severity.${body.severity}`)}</span>
        )}
        <span lang={words.language}>{words.event}</span>
      </p>
      <h3 lang={words.language} dir="auto">
        {words.headline}
      </h3>
    </div>
  );
}

function WhatToDo({ words, instruction }: { words: AlertWords; instruction: string }) {
  return (
    <div class="alert-do">
      <h4>{t("alert.do")}</h4>
      <div lang={words.language} dir="auto">
        <Text text={instruction} />
      </div>
    </div>
  );
}

/** Where it holds, since when and until when. */
function WhereAndWhen({ body, state }: { body: AlertBody; state: Standing }) {
  return (
    <dl class="alert-frame">
      <dt>{t("alert.where")}</dt>
      <dd>{body.areas.map(({ name }) => name).join(", ")}</dd>
      <dt class="unseen">{t("alert.when")}</dt>
      <dd data-testid="alert-when">
        {whenWords(body, state, passing())}
      </dd>
    </dl>
  );
}

/** The town has checked the host; what comes without TLS is no link. */
function More({ link }: { link: string }) {
  if (!URL.canParse(link) || new URL(link).protocol !== "https:") return null;
  return (
    <p class="alert-more">
      <a href={link} target="_blank" rel="noopener noreferrer" title={t("alert.link_hint")}>
        {t("alert.link", { host: new URL(link).hostname })}
      </a>
    </p>
  );
}

interface UnverifiedFacts {
  body: AlertBody | null;
  verdict: Judged;
  fold: Fold | undefined;
}

/** Only what it says, as somebody's words: no name, no sign, no link. */
function Unverified({ body, verdict, fold }: UnverifiedFacts) {
  const why = verdict === "valid" ? "altered" : verdict;
  const title = t(why === "checking" ? "alert.checking" : "alert.unverified");
  const isOpen = fold?.isOpen ?? true;
  return (
    <article class="alert unverified" data-testid="alert-card" data-verdict={why}>
      {fold ? (
        <button type="button" class="alert-doubt" data-testid="alert-line" aria-expanded={isOpen} onClick={fold.turn}>
          <Icon name="refused" />
          <b>{title}</b>
        </button>
      ) : (
        <p class="alert-doubt">
          <Icon name="refused" />
          <b>{title}</b>
        </p>
      )}
      {isOpen && why !== "checking" && <p data-testid="alert-doubt">{t(`alert.${why}`)}</p>}
      {isOpen && <Quoted body={body} />}
    </article>
  );
}

function Quoted({ body }: { body: AlertBody | null }) {
  if (!body) return <p>{t("alert.unread")}</p>;
  const words = wordsIn(body, language.value);
  return (
    <blockquote lang={words.language} dir="auto">
      <p>{words.headline}</p>
      <p class="words">{words.text}</p>
    </blockquote>
  );
}
