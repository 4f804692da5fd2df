import { expect, test } from "vitest";

import type { Refusal } from "./protocol.gen";
import { dropProof, isProofWanted, settleProof, withProof } from "./second_factor";

type Answer = { ok: true; seq: number } | { ok: false; error: Refusal };

const refused = (code: string): Answer => ({ ok: false, error: { code, message: "", retryable: false } as Refusal });

/** Gives these answers, one after the other. */
function server(...answers: Answer[]) {
  const asked = { times: 0 };
  const ask = async (): Promise<Answer> => answers[asked.times++] ?? { ok: true, seq: 1 };
  return { asked, ask };
}

const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

test("what is not refused for that goes through as it is", async () => {
  expect(await withProof(server({ ok: true, seq: 7 }).ask)).toEqual({ ok: true, seq: 7 });
  expect(await withProof(server(refused("muted")).ask)).toEqual(refused("muted"));
  expect(await withProof(async () => null)).toBeNull();
  expect(isProofWanted.value).toBe(false);
});

test("what needs a fresh proof goes on by itself once it was shown", async () => {
  const { asked, ask } = server(refused("prove_again"), { ok: true, seq: 7 });
  const going = withProof(ask);
  await turn();
  expect([isProofWanted.value, asked.times]).toEqual([true, 1]);
  settleProof(true);
  expect(await going).toEqual({ ok: true, seq: 7 });
  expect([isProofWanted.value, asked.times]).toEqual([false, 2]);
});

test("one proof lets all go on", async () => {
  const both = [1, 2].map(() => withProof(server(refused("prove_again")).ask));
  await turn();
  settleProof(true);
  expect(await Promise.all(both)).toMatchObject([{ ok: true }, { ok: true }]);
});

test("who will not show it has the refusal", async () => {
  const going = withProof(server(refused("prove_again")).ask);
  await turn();
  settleProof(false);
  expect(await going).toEqual(refused("prove_again"));
  expect(isProofWanted.value).toBe(false);
});

test("a session that ends refuses nothing: what waited stays in the outbox", async () => {
  let settled = false;
  void withProof(server(refused("prove_again")).ask).then(() => (settled = true));
  await turn();
  dropProof();
  settleProof(true);
  await turn();
  expect([settled, isProofWanted.value]).toEqual([false, false]);
});

test("a proof that was too old again is asked for again", async () => {
  const { asked, ask } = server(refused("prove_again"), refused("prove_again"), { ok: true, seq: 7 });
  const going = withProof(ask);
  await turn();
  settleProof(true);
  await turn();
  expect(isProofWanted.value).toBe(true);
  settleProof(true);
  expect(await going).toEqual({ ok: true, seq: 7 });
  expect(asked.times).toBe(3);
});
