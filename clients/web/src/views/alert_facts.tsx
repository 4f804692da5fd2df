// What an alert says, and how grave, sure and urgent it is: the same for a new one and for an update.

import { ENDS, LONGEST, OTHER_LANGUAGES } from "../alert_draft";
import type { AlertDraft, AlertSeverity, End, Variant, WordName } from "../alert_draft";
import { isModest } from "../alert_queue";
import type { AlertCategory, Certainty, Organisation, WarningUrgency } from "../protocol.gen";
import { t } from "../words/words";
import { SelectField, TextField, useWrong, WrongWords } from "./alert_fields";
import { Options } from "./options";

const SEVERITIES: readonly AlertSeverity[] = ["minor", "moderate", "severe", "extreme"];
const URGENCIES = ["immediate", "expected", "future", "past"] as const satisfies readonly WarningUrgency[];
const CERTAINTIES = ["observed", "likely", "possible"] as const satisfies readonly Certainty[];
const CATEGORIES: readonly AlertCategory[] = [
  "fire",
  "safety",
  "security",
  "rescue",
  "health",
  "env",
  "cbrne",
  "met",
  "transport",
  "infra",
  "geo",
  "other",
];
const TEXT_ROWS: Readonly<Record<WordName, number>> = { headline: 1, text: 5, instruction: 3 };

export function CategoryField({ draft }: { draft: AlertDraft }) {
  return (
    <SelectField
      field="category"
      label={t("alerting.category")}
      value={draft.category.value}
      options={CATEGORIES.map((value) => ({ value, label: t(`alerting.category_${value}`) }))}
      testid="alert-category"
      choose={(value) => (draft.category.value = value)}
    />
  );
}

/** In words that people understand, with what each brings about. */
export function SeverityField({ draft, organisation }: { draft: AlertDraft; organisation: Organisation | undefined }) {
  const wrong = useWrong("severity");
  const offered = organisation === "municipality" ? SEVERITIES.filter(isModest) : SEVERITIES;
  return (
    <div class="severities" data-invalid={wrong !== undefined} tabIndex={-1}>
      <Options
        legend={t("alerting.severity")}
        answers={offered.map((value) => ({
          value,
          label: t(`severity.${value}`),
          hint: t(`alerting.severity_${value}`),
          testid: `alert-severity-${value}`,
        }))}
        chosen={draft.severity.value}
        choose={(value) => (draft.severity.value = value)}
        isShort
      />
      {wrong !== undefined && <WrongWords field="severity" words={wrong} />}
      {organisation === "municipality" && <p class="explain">{t("alerting.graver")}</p>}
    </div>
  );
}

/** Dutch, and the languages that were added. */
export function WordsFields({ draft }: { draft: AlertDraft }) {
  const [dutch, ...others] = draft.words.value;
  const left = OTHER_LANGUAGES.filter((language) => !others.some((one) => one.language === language));
  return (
    <>
      {dutch && <VariantFields variant={dutch} draft={draft} />}
      {others.map((variant) => (
        <fieldset key={variant.language} class="variant" data-testid={`variant-${variant.language}`}>
          <legend>{t(`alerting.language_${variant.language as (typeof OTHER_LANGUAGES)[number]}`)}</legend>
          <VariantFields variant={variant} draft={draft} />
          <button
            type="button"
            class="button quiet small"
            data-testid={`drop-${variant.language}`}
            onClick={() => draft.dropLanguage(variant.language)}
          >
            {t("alerting.drop_language")}
          </button>
        </fieldset>
      ))}
      {left.length > 0 && (
        <div class="languages" role="group" aria-label={t("alerting.add_language")}>
          <span>{t("alerting.add_language")}</span>
          {left.map((language) => (
            <button
              key={language}
              type="button"
              class="button soft small"
              data-testid={`add-${language}`}
              onClick={() => draft.addLanguage(language)}
            >
              {t(`alerting.language_${language}`)}
            </button>
          ))}
        </div>
      )}
    </>
  );
}

function VariantFields({ variant, draft }: { variant: Variant; draft: AlertDraft }) {
  const { language } = variant;
  return (
    <>
      {(["headline", "text", "instruction"] as const).map((name) => (
        <TextField
          key={name}
          field={`${language}.${name}`}
          label={t(`alerting.${name}`)}
          hint={language === "nl" ? t(`alerting.${name}_hint`) : undefined}
          value={variant[name]}
          most={LONGEST[name]}
          lang={language}
          rows={TEXT_ROWS[name]}
          testid={language === "nl" ? `alert-${name}` : `alert-${name}-${language}`}
          write={(text) => draft.write(language, name, text)}
        />
      ))}
    </>
  );
}

/** Until when, when and how sure: each has a default that is right as a rule. */
export function FrameFields({ draft, isUpdate = false }: { draft: AlertDraft; isUpdate?: boolean }) {
  const ends: readonly (End | "same")[] = isUpdate ? ["same", ...ENDS] : ENDS;
  return (
    <div class="frame-fields">
      <SelectField
        field="expires_at"
        label={t("alerting.end")}
        value={draft.end.value}
        options={ends.map((value) => ({ value, label: t(`alerting.end_${value}`) }))}
        testid="alert-end"
        choose={(value) => (draft.end.value = value)}
      />
      <SelectField
        field="urgency"
        label={t("alerting.urgency")}
        value={draft.urgency.value}
        options={URGENCIES.map((value) => ({ value, label: t(`alerting.urgency_${value}`) }))}
        testid="alert-urgency"
        choose={(value) => (draft.urgency.value = value)}
      />
      <SelectField
        field="certainty"
        label={t("alerting.certainty")}
        value={draft.certainty.value}
        options={CERTAINTIES.map((value) => ({ value, label: t(`alerting.certainty_${value}`) }))}
        testid="alert-certainty"
        choose={(value) => (draft.certainty.value = value)}
      />
    </div>
  );
}
