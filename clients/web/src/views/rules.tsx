// The house rules: what neighbours do when something is wrong (S.A.A.R.), and how they treat one another.

import { t } from "../words/words";
import type { Word } from "../words/words";
import { Frame } from "./door";

const STEPS: readonly { letter: string; name: Word; how: Word }[] = [
  { letter: "S", name: "rules.notice", how: "rules.notice_how" },
  { letter: "A", name: "rules.call", how: "rules.call_how" },
  { letter: "A", name: "rules.app", how: "rules.app_how" },
  { letter: "R", name: "rules.react", how: "rules.react_how" },
];
const MANNERS: readonly Word[] = ["rules.nobody_comes", "rules.kind", "rules.seen"];

/** The whole page, after joining. */
export function Rules({ agree }: { agree: () => void }) {
  return (
    <Frame isBare>
      <section class="card">
        <h1>{t("rules.title")}</h1>
        <RuleList />
        <button type="button" class="button" data-testid="rules-agree" onClick={agree}>
          {t("rules.agree")}
        </button>
      </section>
    </Frame>
  );
}

export function RuleList() {
  return (
    <div class="rules">
      <p>{t("rules.intro")}</p>
      <ol class="saar">
        {STEPS.map(({ letter, name, how }) => (
          <li key={name}>
            <b class="saar-letter" aria-hidden="true">
              {letter}
            </b>
            <div>
              <b>{t(name)}</b>
              <p>{t(how)}</p>
            </div>
          </li>
        ))}
      </ol>
      <ul class="manners">
        {MANNERS.map((word) => (
          <li key={word}>{t(word)}</li>
        ))}
      </ul>
    </div>
  );
}
