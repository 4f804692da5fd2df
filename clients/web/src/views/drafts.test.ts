import { expect, test } from "vitest";

import { STREET } from "../cast";
import { Drafts, forgetDrafts } from "./drafts";

function tab() {
  const kept = new Map<string, string>();
  return {
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, value: string) => void kept.set(name, value),
    removeItem: (name: string) => void kept.delete(name),
  };
}

test("a draft survives a reload and is nobody else's", () => {
  const store = tab();
  new Drafts("ada", store).write(STREET, "Wie heeft er");
  expect(new Drafts("ada", store).of(STREET).text).toBe("Wie heeft er");
  expect(new Drafts("ben", store).of(STREET).text).toBe("");
  expect(new Drafts("ada", store).of(STREET).text).toBe("");
});

test("what is being written in private is in no store", () => {
  const store = tab();
  new Drafts("ada", store).write("case:p07.k3m9x2w7q4v5", "hulp");
  expect(new Drafts("ada", store).of("case:p07.k3m9x2w7q4v5").text).toBe("");
});

test("signing out forgets what was being written", () => {
  const store = tab();
  new Drafts("ada", store).write(STREET, "Wie heeft er");
  forgetDrafts(store);
  expect(new Drafts("ada", store).of(STREET).text).toBe("");
});

test("an edit sets aside what was being written, and gives it back", () => {
  const drafts = new Drafts("ada", tab());
  drafts.write(STREET, "half af");
  drafts.reply(STREET, 3);
  drafts.edit(STREET, 7, "Het licht is uit");
  drafts.write(STREET, "Het licht is aan");
  expect(drafts.of(STREET)).toMatchObject({ text: "Het licht is aan", editing: { seq: 7 } });
  drafts.edit(STREET, 8, "Ander bericht");
  drafts.cancel(STREET);
  expect(drafts.of(STREET)).toEqual({ text: "half af", replyTo: 3, editing: null });
});

test("giving up a reply keeps the words, sending takes them", () => {
  const drafts = new Drafts("ada", tab());
  drafts.write(STREET, "ja hoor");
  drafts.reply(STREET, 3);
  drafts.cancel(STREET);
  expect(drafts.of(STREET)).toEqual({ text: "ja hoor", replyTo: null, editing: null });
  drafts.sent(STREET);
  expect(drafts.of(STREET).text).toBe("");
});

test("a store that refuses or is not there costs nothing but the reload", () => {
  const full = {
    ...tab(),
    setItem: () => {
      throw new DOMException("full", "QuotaExceededError");
    },
  };
  for (const store of [null, full]) {
    const drafts = new Drafts("ada", store);
    drafts.write(STREET, "woorden");
    expect(drafts.of(STREET).text).toBe("woorden");
  }
});
