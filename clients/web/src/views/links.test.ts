import { expect, test } from "vitest";

import { isEmojiOnly, piecesOf } from "./links";

const links = (text: string) => piecesOf(text).flatMap(({ href }) => href ?? []);

test.each([
  ["zie https://denhaag.nl/afval.", ["https://denhaag.nl/afval"]],
  ["(https://nl.wikipedia.org/wiki/Escamp_(stadsdeel))", ["https://nl.wikipedia.org/wiki/Escamp_(stadsdeel)"]],
  ["http://a.nl en HTTPS://b.nl!", ["http://a.nl", "HTTPS://b.nl"]],
  ["javascript:alert(1) data:text/html,x", []],
  ["https://politie.nl@boef.example/", []],
  ["https://", []],
])("%s", (text, expected) => {
  expect(links(text)).toEqual(expected);
});

test("nothing of a text is lost or doubled", () => {
  const text = "https://a.nl, en\nhttps://u:p@b.nl daarna <b>dit</b> https://c.nl/?q=1&r=2";
  expect(
    piecesOf(text)
      .map((piece) => piece.text)
      .join(""),
  ).toBe(text);
});

test.each([
  ["👍", true],
  ["👨‍👩‍👧 ❤️ 🇳🇱", true],
  ["👍👍👍👍", false],
  ["👍 top", false],
  ["112", false],
  ["", false],
])("only emoji? %s", (text, expected) => {
  expect(isEmojiOnly(text)).toBe(expected);
});
