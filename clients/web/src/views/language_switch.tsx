// Two languages: at the door one button with the other one's name, inside a choice with both.

import { language, speak, t } from "../words/words";
import type { Language } from "../words/words";
import { Choice } from "./choice";

/** Each by its own name: who cannot read the page must find it. */
const NAMES: Record<Language, string> = { nl: "Nederlands", en: "English" };

export function LanguageSwitch() {
  const other = language.value === "nl" ? "en" : "nl";
  return (
    <button
      type="button"
      class="button quiet small"
      data-testid="language"
      lang={other}
      onClick={() => void speak(other)}
    >
      {NAMES[other]}
    </button>
  );
}

export function ChooseLanguage() {
  const options = (Object.keys(NAMES) as Language[]).map((value) => ({ value, label: NAMES[value], lang: value }));
  return (
    <Choice
      legend={t("me.language")}
      options={options}
      chosen={language.value}
      choose={(chosen) => void speak(chosen)}
    />
  );
}
