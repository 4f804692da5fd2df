// How the alert will look on a phone, while it is made up: the very card that residents have.

import { useSignal } from "@preact/signals";

import type { AlertDraft, Variant } from "../alert_draft";
import type { PlaceTree } from "../places";
import type { AlertBody, AlertWords, Person, StaffAlertView } from "../protocol.gen";
import { language, t } from "../words/words";
import { AlertCard } from "./alert_card";
import { passing } from "./clock";

interface Facts {
  draft: AlertDraft;
  me: Person;
  tree: PlaceTree | null;
  /** What it updates. */
  of?: StaffAlertView;
}

export function AlertPhone(facts: Facts) {
  const { draft } = facts;
  const shown = useSignal("nl");
  const variants = draft.words.value;
  const variant = variants.find((one) => one.language === shown.value) ?? variants[0];
  if (!variant) return null;
  return (
    <aside class="alert-phone" aria-label={t("alerting.phone")}>
      <h3>{t("alerting.phone")}</h3>
      {variants.length > 1 && (
        <div class="languages" role="group" aria-label={t("alerting.phone_language")}>
          {variants.map(({ language: one }) => (
            <button
              key={one}
              type="button"
              class="button soft small"
              aria-pressed={one === variant.language}
              onClick={() => (shown.value = one)}
            >
              {t(`alerting.language_${one as "nl"}`)}
            </button>
          ))}
        </div>
      )}
      <div class="phone" data-testid="alert-phone">
        <AlertCard body={bodyOf(facts, variant)} verdict="valid" />
      </div>
      <p class="explain">{t("alerting.phone_explain")}</p>
    </aside>
  );
}

/** As it would be sent now, in this one language. */
function bodyOf({ draft, me, tree, of }: Facts, variant: Variant): AlertBody {
  const now_ms = passing();
  const { severity, urgency, certainty, category, link, exercise, end, places } = draft;
  const named = [...places.value].flatMap((id) => tree?.byId.get(id) ?? []);
  return {
    alert: of?.alert ?? "",
    n: (of?.n ?? 0) + 1,
    type: of ? "update" : "alert",
    organisation: me.organisation ?? "police",
    sender_name: me.name,
    sent: now_ms,
    expires_at: of && end.value === "same" ? of.expires_at : draft.until(now_ms),
    severity: severity.value ?? "unknown",
    urgency: urgency.value,
    certainty: certainty.value,
    category: category.value ?? "other",
    words: [wordsOf(variant, category.value)],
    areas: of?.areas ?? (named.length > 0 ? named : [{ id: "", name: "…" }]),
    rooms: [],
    exercise: exercise.value,
    ...(link.value.trim() ? { link: link.value.trim() } : {}),
  };
}

function wordsOf(
  { language: spoken, headline, text, instruction }: Variant,
  category: AlertDraft["category"]["value"],
): AlertWords {
  return {
    language: spoken,
    // The server names it in the language of the words; here only the reader's own is known.
    event: category && spoken === language.value ? t(`alerting.category_${category}`) : "",
    headline: headline.trim() || t("alerting.headline_empty"),
    text: text.trim() || t("alerting.text_empty"),
    ...(instruction.trim() ? { instruction: instruction.trim() } : {}),
  };
}
