// One button for two languages; it carries the other one's name.

import { language, t } from "../words/words";

export function LanguageSwitch() {
  const other = language.value === "nl" ? "en" : "nl";
  return (
    <button type="button" class="button quiet small" lang={other} onClick={() => (language.value = other)}>
      {t("app.language")}
    </button>
  );
}
