import { expect, test } from "vitest";

import { STREET } from "../cast";
import type { Told } from "../calls";
import { WarnDraft } from "./warn_draft";

const FINE: Told<"warning.check"> = {
  ok: true,
  desk: "police",
  confidence: 80,
  words: [],
  dangerous: false,
  hint: false,
  looks: [],
};

function draft(text = "Harde muziek bij de school."): WarnDraft {
  const begun = new WarnDraft(text);
  begun.choose("nuisance");
  return begun;
}

test("a kind that is no danger leaves after two steps, with what is usual for it", () => {
  const noise = draft();
  expect(noise.steps).toEqual(["what", "where"]);
  expect([noise.lack, noise.check(FINE)]).toEqual([null, true]);
  expect(noise.warning(STREET)).toEqual({
    room: STREET,
    kind: "nuisance",
    text: "Harde muziek bij de school.",
    severity: "minor",
    minutes: 60,
  });
});

test("a kind with danger asks for 112, and does not leave before it is said", () => {
  const fire = draft();
  fire.choose("fire");
  fire.step.value = "112";
  expect([fire.needs112, fire.lack]).toEqual([true, "call.lack_112"]);
  fire.emergency.value = "called";
  expect(fire.lack).toBeNull();
  expect(fire.warning(STREET)).toMatchObject({ emergency: "called", severity: "severe" });
});

test("words that sound dangerous ask for it too, until they are others", () => {
  const noise = draft();
  noise.check({ ...FINE, dangerous: true });
  expect(noise.steps).toEqual(["what", "where", "112"]);
  noise.write("Het is weer stil bij de school.");
  expect(noise.needs112).toBe(false);
});

test("a suspicious situation needs a deed, of fifteen characters", () => {
  const vague = new WarnDraft("Een man loopt.");
  vague.choose("suspicious");
  expect(vague.lack).toBe("warn.lack_deed");
  vague.write("Een man voelt aan deuren.");
  expect(vague.lack).toBeNull();
});

test("a hint stands in the way once, and again when the words are others", () => {
  const looks = draft("Een man met een capuchon.");
  expect([looks.check({ ...FINE, hint: true }), looks.hint.value]).toEqual([false, "looks"]);
  looks.readHint();
  expect(looks.check({ ...FINE, hint: true })).toBe(true);
  looks.write("Een vrouw met een capuchon.");
  expect(looks.check({ ...FINE, hint: true })).toBe(false);
});

test("what is a matter of care is said to be better told in private", () => {
  const care = draft();
  care.check({ ...FINE, desk: "care" });
  expect(care.hint.value).toBe("care");
});

test("who can't ask the server goes on without", () => {
  expect(draft().check(null)).toBe(true);
});

test.each([
  ["te kort", "warn.lack_text"],
  ["x".repeat(501), "refusal.too_large"],
])("what is too short or too long is said before it goes: %s", (text, lack) => {
  expect(draft(text).lack).toBe(lack);
});
