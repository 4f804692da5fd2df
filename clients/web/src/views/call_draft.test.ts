import { expect, test } from "vitest";

import { BEN, STREET } from "../cast";
import { ALERT } from "../cast_alert";
import { BURGLARY } from "../cast_case";
import type { WarningRow } from "../town";
import { CallDraft } from "./call_draft";

const { emergency: _told, ...unanswered } = BURGLARY;
const burglary: WarningRow = { kind: "warning", seq: 7, at: 1, by: BEN, warning: unanswered, changes: [] };

test("112 comes first: nothing urgent leaves before it is answered", () => {
  const draft = new CallDraft(undefined, "Iemand roept om hulp.");
  draft.help.value = "police";
  draft.urgency.value = "urgent";
  expect(draft.lack).toBe("call.lack_112");
  draft.emergency.value = "not_urgent";
  expect(draft.lack).toBeNull();
});

test("from a warning with danger it is asked whatever the urgency, unless the warning says it", () => {
  const silent = new CallDraft(burglary, "Hij is nu binnen.");
  silent.help.value = "police";
  silent.urgency.value = "soon";
  expect(silent.lack).toBe("call.lack_112");
  const told = new CallDraft({ ...burglary, warning: BURGLARY }, "Hij is binnen.");
  told.help.value = "police";
  told.urgency.value = "urgent";
  expect(told.lack).toBeNull();
  expect(told.call(STREET)).toEqual({
    room: STREET,
    to: "police",
    urgency: "urgent",
    text: "Hij is binnen.",
    kind: "burglary",
    warning: 7,
  });
});

test("worry about a neighbour is a private call to the municipality, whatever else is chosen", () => {
  const draft = new CallDraft(undefined, " Ze doet al dagen niet open. ");
  draft.help.value = "worry";
  draft.urgency.value = "soon";
  expect(draft.lack).toBeNull();
  expect(draft.call(STREET)).toEqual({
    room: STREET,
    to: "municipality",
    urgency: "soon",
    text: "Ze doet al dagen niet open.",
    kind: "worry",
    private: true,
    named: false,
  });
});

test("what is lacking is said in the order in which it is asked", () => {
  const draft = new CallDraft(undefined, "");
  expect(draft.lack).toBe("call.lack_help");
  draft.help.value = "municipality";
  expect(draft.lack).toBe("call.lack_urgency");
  draft.urgency.value = "information";
  expect(draft.lack).toBe("call.lack_text");
  draft.text.value = "x".repeat(501);
  expect(draft.lack).toBe("refusal.too_large");
});

test("what one knows of an alert goes to who sent it, in private, and asks 112 only when it is urgent", () => {
  const draft = new CallDraft(undefined, "Ik zag ze.", null, { id: ALERT, headline: "Auto-inbraken", to: "police" });
  const said = { room: STREET, to: "police", text: "Ik zag ze.", alert: ALERT, private: true, named: false };
  expect(draft.lack).toBeNull();
  expect(draft.call(STREET)).toEqual({ ...said, urgency: "soon" });
  draft.urgency.value = "urgent";
  expect(draft.lack).toBe("call.lack_112");
});
