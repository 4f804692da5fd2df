import { expect, test } from "vitest";

import { AlertDraft } from "./alert_draft";
import { inForceView } from "./cast_alert_desk";

const NOW = 1_000_000;
const HOUR = 3_600_000;

function filled(): AlertDraft {
  const draft = new AlertDraft({ places: ["B1"], category: "fire", severity: "moderate" });
  draft.write("nl", "headline", " Rook bij het park ");
  draft.write("nl", "text", "Houd ramen en deuren dicht.");
  return draft;
}

const fields = (draft: AlertDraft): string[] => draft.lacks("police").map(({ field }) => field);

test("an empty draft says all that is lacking, in the order of the form", () => {
  expect(fields(new AlertDraft())).toEqual(["places", "category", "severity", "nl.headline", "nl.text"]);
  expect(new AlertDraft().isEmpty).toBe(true);
});

test("a draft that lacks nothing becomes what is asked of the server, without what was left empty", () => {
  const draft = filled();
  expect(fields(draft)).toEqual([]);
  expect(draft.preview(NOW)).toEqual({
    places: ["B1"],
    headline: "Rook bij het park",
    text: "Houd ramen en deuren dicht.",
    severity: "moderate",
    urgency: "immediate",
    certainty: "observed",
    category: "fire",
    expires_at: NOW + 2 * HOUR,
  });
});

test("instruction, link, exercise and other languages go along where they were filled in", () => {
  const draft = filled();
  draft.write("nl", "instruction", "Blijf binnen.");
  draft.addLanguage("en");
  draft.addLanguage("en");
  draft.write("en", "headline", "Smoke near the park");
  draft.write("en", "text", "Keep windows and doors closed.");
  draft.link.value = " https://www.politie.nl/rook ";
  draft.exercise.value = true;
  draft.end.value = "480";
  expect(draft.preview(NOW)).toMatchObject({
    instruction: "Blijf binnen.",
    languages: [{ language: "en", headline: "Smoke near the park", text: "Keep windows and doors closed." }],
    link: "https://www.politie.nl/rook",
    exercise: true,
    expires_at: NOW + 8 * HOUR,
  });
});

test("a language that was begun must be whole, and can be dropped", () => {
  const draft = filled();
  draft.addLanguage("tr");
  expect(fields(draft)).toEqual(["tr.headline", "tr.text"]);
  draft.dropLanguage("tr");
  expect(fields(draft)).toEqual([]);
});

test.each([
  ["headline", 80],
  ["text", 1_000],
  ["instruction", 500],
] as const)("a %s has at most %i characters, counted as people do", (name, most) => {
  const draft = filled();
  draft.write("nl", name, "🙂".repeat(most));
  expect(fields(draft)).toEqual([]);
  draft.write("nl", name, "🙂".repeat(most + 1));
  expect(fields(draft)).toEqual([`nl.${name}`]);
});

test.each(["politie.nl", "http://politie.nl", "javascript:alert(1)", "https://"])("%s is no link", (link) => {
  const draft = filled();
  draft.link.value = link;
  expect(fields(draft)).toEqual(["link"]);
});

test("a notice of the municipality goes up to moderate", () => {
  const draft = filled();
  expect(draft.lacks("municipality")).toEqual([]);
  draft.severity.value = "severe";
  expect(draft.lacks("municipality")).toEqual([{ field: "severity", word: "alerting.too_severe" }]);
  expect(draft.lacks("police")).toEqual([]);
});

test("what was kept comes back whole, and what can't be read gives an empty draft", () => {
  const draft = filled();
  draft.sentAs.value = "preview-1";
  expect(AlertDraft.restored(draft.kept).kept).toBe(draft.kept);
  expect(AlertDraft.restored(null).isEmpty).toBe(true);
  expect(AlertDraft.restored('{"places": [').isEmpty).toBe(true);
  expect(AlertDraft.restored('{"words": 3}').isEmpty).toBe(true);
  draft.clear();
  expect(draft.isEmpty).toBe(true);
});

test("an update says only what is different", () => {
  const view = inForceView();
  const draft = AlertDraft.of(view);
  expect(draft.lacks("police", view)).toEqual([]);
  expect(draft.update(view, NOW)).toBeNull();
  draft.severity.value = "minor";
  expect(draft.update(view, NOW)).toEqual({ alert: view.alert, severity: "minor" });
  draft.end.value = "60";
  expect(draft.update(view, NOW)).toEqual({ alert: view.alert, severity: "minor", expires_at: NOW + HOUR });
});

test("with the words of one language those of all others go along", () => {
  const [dutch] = inForceView().words;
  const english = { language: "en", event: "Fire", headline: "Smoke", text: "Inside." };
  const view = inForceView({ words: [dutch as never, english] });
  const draft = AlertDraft.of(view);
  draft.write("nl", "text", "De rook trekt weg.");
  expect(draft.update(view, NOW)).toEqual({
    alert: view.alert,
    text: "De rook trekt weg.",
    languages: [{ language: "en", headline: "Smoke", text: "Inside." }],
  });
});

test("an instruction can be said anew and not be taken away", () => {
  const [dutch] = inForceView().words;
  const view = inForceView({ words: [{ ...(dutch as NonNullable<typeof dutch>), instruction: "Blijf binnen." }] });
  const draft = AlertDraft.of(view);
  draft.write("nl", "instruction", " ");
  expect(draft.lacks("police", view)).toEqual([{ field: "nl.instruction", word: "alerting.lack_instruction" }]);
});
