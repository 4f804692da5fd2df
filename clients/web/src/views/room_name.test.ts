import { afterEach, expect, test } from "vitest";

import { language, speak } from "../words/words";
import { roomName } from "./room_name";

afterEach(() => {
  language.value = "nl";
});

test.each([
  ["police", "Escamp, politie", "Escamp, police"],
  ["municipality", "Escamp, gemeente", "Escamp, municipality"],
  ["shared", "Escamp, politie en gemeente", "Escamp, police and municipality"],
] as const)("the desk of %s has a name in the reader's language", async (owner, dutch, english) => {
  const desk = { id: `desk:GM0518.escamp:${owner}`, kind: "desk", name: `Escamp, ${owner}` } as const;
  expect(roomName(desk)).toBe(dutch);
  await speak("en");
  expect(roomName(desk)).toBe(english);
});

test("a place with a comma in its name keeps it, and a desk of somebody else keeps the server's name", () => {
  const desk = { kind: "desk" } as const;
  expect(roomName({ ...desk, id: "desk:GM1:police", name: "Oost, West, police" })).toBe("Oost, West, politie");
  expect(roomName({ ...desk, id: "desk:GM1:fire", name: "Oost, fire" })).toBe("Oost, fire");
});

test("a street is called what it is called, a private case by its handle", () => {
  expect(roomName({ id: "BU1:straat", kind: "street", name: "Straat, police" })).toBe("Straat, police");
  expect(roomName({ id: "case:p07.k3m9x2w7q4v5", kind: "case", name: "K3M9" })).toContain("K3M9");
});
