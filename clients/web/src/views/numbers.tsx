// The numbers to call, as links that call: in danger 112 and nothing else first.

import type { Organisation } from "../protocol.gen";
import { t } from "../words/words";
import { Icon } from "./icons";

/** Large, before anything else is asked. */
export function Call112() {
  return (
    <div class="call-first">
      <a class="call-112" href="tel:112">
        <Icon name="call" />
        {t("call.danger")}
      </a>
      <p>{t("call.nobody_sent")}</p>
    </div>
  );
}

/** When nobody answers here. */
export function OtherNumbers({ to }: { to: Organisation }) {
  return (
    <p class="numbers">
      {t("call.else_danger")} <Number digits="112" />.{" "}
      {to === "police" ? t("call.else_police") : t("call.else_municipality")}{" "}
      <Number digits={to === "police" ? "0900-8844" : "14070"} />.
    </p>
  );
}

/** For who worries about somebody. */
export function CareNumbers() {
  return (
    <p class="numbers">
      {t("call.care_home")} <Number digits="0800-2000" />. {t("call.care_life")} <Number digits="0800-0113" />.{" "}
      {t("call.care_doctor")}
    </p>
  );
}

function Number({ digits }: { digits: string }) {
  return <a href={`tel:${digits.replace("-", "")}`}>{digits}</a>;
}
