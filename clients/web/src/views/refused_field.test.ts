import { afterEach, expect, test } from "vitest";

import type { Failure } from "../session";
import "../words/later";
import { language, speak } from "../words/words";
import { lacking, reasonOf, waitOf, wrongOf } from "./refused_field";
import type { FieldName } from "./refused_field";

const JOIN: FieldName[] = ["code", "name", "password"];
const RECOVER: FieldName[] = ["name", "recovery", "password"];
const CHANGE: FieldName[] = ["old", "new"];

const refused = (code: string, more: Partial<Failure> = {}): Failure =>
  ({ code, message: "", retryable: false, ...more }) as Failure;

afterEach(() => {
  language.value = "nl";
});

test.each<[string, FieldName[], FieldName | null]>([
  ["wrong_code", JOIN, "code"],
  ["code_expired", JOIN, "code"],
  ["code_used_up", JOIN, "code"],
  ["name_taken", JOIN, "name"],
  ["name_not_allowed", JOIN, "name"],
  ["weak_password", JOIN, "password"],
  ["too_many_attempts", JOIN, null],
  ["unreachable", JOIN, null],
  ["wrong_credentials", ["name", "password"], null],
  ["wrong_credentials", RECOVER, "recovery"],
  ["weak_password", CHANGE, "new"],
  ["wrong_credentials", CHANGE, "old"],
])("%s in a form of %j stands beside %s", (code, fields, field) => {
  expect(wrongOf(refused(code), fields).field).toBe(field);
});

test("a refusal that this page does not know stands beside the field that it names", () => {
  const wrong = wrongOf(refused("name_too_funny", { field: "name" }), JOIN);
  expect(wrong.field).toBe("name");
  expect(wrong.words()).toBe("Er ging iets mis aan onze kant. Probeer het nog eens.");
  expect(wrongOf(refused("bad_request", { field: "device" }), JOIN).field).toBeNull();
});

test("who tried too often is told how long to wait", async () => {
  expect(reasonOf(refused("too_many_attempts", { retry_after_ms: 690_000 }))).toContain("12 minuten");
  await speak("en");
  expect(reasonOf(refused("too_many_attempts", { retry_after_ms: 690_000 }))).toContain("12 minutes");
  expect([waitOf(1), waitOf(59_001), waitOf(60_000)]).toEqual(["1 second", "60 seconds", "1 minute"]);
});

test("what stands on the screen follows when another language is chosen", async () => {
  const shown = [wrongOf(refused("wrong_code"), JOIN), lacking({ code: "x" }, true)];
  expect(shown.map((wrong) => wrong?.words())).toEqual([
    "Deze code kennen we niet. Kijk nog eens goed in de brief.",
    "Een code heeft 10 tekens. Kijk nog eens in de brief.",
  ]);
  await speak("en");
  expect(shown.map((wrong) => wrong?.words()).join()).not.toMatch(/brief/);
});

test.each<[string, Partial<Record<FieldName, string>>, FieldName | null]>([
  ["as the letter has it", { code: "ABCDE-FGHJK" }, null],
  ["with spaces, small letters and a phone's own dash", { code: " abc de – fghjk" }, null],
  ["too short", { code: "ABCDE" }, "code"],
  ["empty", { code: "" }, "code"],
  ["a name of one letter", { name: "A" }, "name"],
  ["a name of forty letters", { name: "a".repeat(40) }, null],
  ["a name that is too long", { name: "a".repeat(41) }, "name"],
  ["a short password", { password: "1234567" }, "password"],
  ["the first of several", { code: "x", name: "", password: "" }, "code"],
])("a new field %s: %j lacks %s", (_, filled, field) => {
  expect(lacking(filled, true)?.field ?? null).toBe(field);
});

test("who signs in is not told how long a password has to be", () => {
  expect(lacking({ name: "A", password: "kort" }, false)).toBeNull();
  expect(lacking({ name: " ", password: "kort" }, false)?.field).toBe("name");
});
