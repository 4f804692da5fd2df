import { expect, test } from "vitest";

import { bodyOf, wordsIn } from "./alert_body";
import { body } from "./cast_alert";

test("a text is read as what it says, once", () => {
  const text = JSON.stringify(body());
  expect(bodyOf(text)).toEqual(body());
  expect(bodyOf(text)).toBe(bodyOf(text));
});

test.each([
  ["no JSON", "Verlaat je huis"],
  ["nothing", "null"],
  ["a list", "[]"],
  ["no words", JSON.stringify(body({ words: [] }))],
  ["words that are none", JSON.stringify({ ...body(), words: [{ language: "nl", headline: 1, text: "?" }] })],
  ["no rooms", JSON.stringify({ ...body(), rooms: undefined })],
  ["an end that never comes", JSON.stringify({ ...body(), expires_at: null })],
  ["nobody who may send one", JSON.stringify({ ...body(), organisation: "neighbours" })],
])("%s is no alert", (_, text) => {
  expect(bodyOf(text)).toBeNull();
});

test("words are the reader's, or the town's own", () => {
  const [dutch, english] = body().words;
  expect(wordsIn(body(), "nl")).toEqual(dutch);
  expect(wordsIn(body(), "en")).toEqual(english);
  expect(wordsIn(body({ words: [dutch!] }), "en")).toEqual(dutch);
  expect(wordsIn(body({ words: [dutch!, { ...english!, language: "en-GB" }] }), "en").headline).toBe("Car break-ins");
});
