// Whether calls and what is urgent are heard. Off, the title of the page still tells of them.

import { t } from "../words/words";
import { Icon } from "./icons";
import { isSoundOn, switchSound } from "./sound";

export function SoundSwitch({ testid }: { testid: string }) {
  const isOn = isSoundOn.value;
  return (
    <button
      type="button"
      role="switch"
      class="sound-switch"
      data-testid={testid}
      aria-checked={isOn}
      title={t("desk.sound_hint")}
      onClick={switchSound}
    >
      <Icon name={isOn ? "bell" : "silent"} />
      {t(isOn ? "desk.sound_on" : "desk.sound_off")}
    </button>
  );
}
