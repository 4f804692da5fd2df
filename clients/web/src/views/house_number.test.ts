import { expect, test } from "vitest";

import { namesHouse } from "./house_number";

test.each(["nummer 12", "bij 45a", "Dorpsstraat 7", "hoek, nr. 128-2", "voor huis 3 b", "no 9", "tegenover 112"])(
  "%s may name a house",
  (note) => {
    expect(namesHouse(note)).toBe(true);
  },
);

test.each([
  "bij de speeltuin",
  "10 meter voorbij de school",
  "10 m na de brug",
  "langs de A4",
  "halte van lijn 9",
  "om 14 uur bij de school",
  "sinds 14:30",
  "2 mannen bij de poort",
  "de 3e bank in het park",
  "",
])("%s names none", (note) => {
  expect(namesHouse(note)).toBe(false);
});
