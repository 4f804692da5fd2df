// Light, dark, or as the device has it.

import { t } from "../words/words";
import { Choice } from "./choice";
import { theme, THEMES } from "./theme";

export function ChooseTheme() {
  const options = THEMES.map((value) => ({ value, label: t(`me.theme.${value}`) }));
  return (
    <Choice
      legend={t("me.theme")}
      options={options}
      chosen={theme.value}
      choose={(chosen) => (theme.value = chosen)}
    />
  );
}
