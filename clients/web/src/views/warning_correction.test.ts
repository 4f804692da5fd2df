import { expect, test } from "vitest";

import { warned } from "../cast_warning";
import { correctionOf } from "./warning_correction";
import type { Corrected } from "./warning_correction";

const view = warned({ place_note: "Bij de school" });
const AS_IT_WAS: Corrected = { text: view.text, note: "Bij de school", end: "same" };

test("only what is different is sent", () => {
  expect(correctionOf(view, { ...AS_IT_WAS, text: " Harde muziek op het plein. " }, 0)).toEqual({
    text: "Harde muziek op het plein.",
  });
  expect(correctionOf(view, { ...AS_IT_WAS, note: "Op het plein" }, 0)).toEqual({ place_note: "Op het plein" });
});

test("a new end counts from now on", () => {
  expect(correctionOf(view, { ...AS_IT_WAS, end: "30" }, 1_000)).toEqual({ until: 1_801_000 });
});

test("what says nothing new, too little or too much is not sent", () => {
  expect(correctionOf(view, AS_IT_WAS, 0)).toBe("warning.lack_change");
  expect(correctionOf(view, { ...AS_IT_WAS, text: "Kort" }, 0)).toBe("warn.lack_text");
  expect(correctionOf(view, { ...AS_IT_WAS, note: "x".repeat(81) }, 0)).toBe("refusal.too_large");
});
