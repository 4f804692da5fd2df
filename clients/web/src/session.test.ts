import { beforeEach, describe, expect, test } from "vitest";

import { ADA } from "./cast";
import { codeInFragment, Session, tidyCode } from "./session";

let kept: Map<string, string>;
let asked: { path: string; body: any; authorization: string | undefined }[];

const store = {
  getItem: (key: string) => kept.get(key) ?? null,
  setItem: (key: string, value: string) => void kept.set(key, value),
  removeItem: (key: string) => void kept.delete(key),
};

/** A session whose server gives this one answer. */
function session(status: number, answer: object | string): Session {
  return new Session(store, async (path, { body, headers }) => {
    asked.push({
      path,
      body: body === undefined ? null : JSON.parse(String(body)),
      authorization: (headers as Record<string, string>).authorization,
    });
    return new Response(typeof answer === "string" ? answer : JSON.stringify(answer), { status });
  });
}

beforeEach(() => {
  kept = new Map();
  asked = [];
});

test("the device is 32 hex characters, made once, and outlives sessions", async () => {
  const first = session(200, { ok: true });
  const { device } = first;
  expect(device).toMatch(/^[0-9a-f]{32}$/);
  await first.signOut();
  expect(session(200, {}).device).toBe(device);
});

describe("signing in", () => {
  test("is kept for the next page, without the password", async () => {
    await session(200, { token: "secret", person: ADA }).signIn(" Ada ", "correct horse");
    expect(asked).toMatchObject([{ path: "/api/sign-in", body: { name: "Ada", password: "correct horse" } }]);
    const next = session(200, {});
    expect([next.token, next.person]).toEqual(["secret", ADA]);
    expect(JSON.stringify([...kept])).not.toContain("correct horse");
  });

  test("that is refused keeps nothing and says why", async () => {
    const refused = session(401, { ok: false, error: { code: "wrong_credentials", message: "", retryable: false } });
    expect(await refused.signIn("Ada", "x")).toMatchObject({ ok: false, error: { code: "wrong_credentials" } });
    expect(refused.token).toBeNull();
  });

  test.each([
    ["no network", async () => Promise.reject(new TypeError("failed to fetch")), "unreachable"],
    ["a proxy's error page", async () => new Response("<h1>Bad Gateway</h1>", { status: 502 }), "fault"],
    ["a good status without an answer", async () => new Response("", { status: 200 }), "fault"],
  ])("says so at %s", async (_, fetch, code) => {
    expect(await new Session(store, fetch).signIn("Ada", "x")).toMatchObject({ ok: false, error: { code } });
  });
});

test("joining sends the code as the letter means it and gives the recovery code, which is not kept", async () => {
  const joined = session(201, { token: "secret", person: ADA, recovery: "KEEP-ME" });
  expect(await joined.join({ code: "abcde-fghjk", name: "Ada", password: "p" })).toEqual({
    ok: true,
    recovery: "KEEP-ME",
  });
  expect(asked).toMatchObject([{ path: "/api/join", body: { code: "ABCDEFGHJK", device: joined.device } }]);
  expect(JSON.stringify([...kept])).not.toContain("KEEP-ME");
});

test("a recovery code gives a session and a new recovery code", async () => {
  const found = session(200, { token: "secret", person: ADA, recovery: "NEXT-ONE" });
  const recovering = { name: " Ada ", recovery: " OLD-ONE ", password: "p" };
  expect(await found.recover(recovering)).toEqual({ ok: true, recovery: "NEXT-ONE" });
  expect(asked).toMatchObject([{ path: "/api/recover", body: { name: "Ada", recovery: "OLD-ONE" } }]);
  expect(found.token).toBe("secret");
});

test("moving keeps the session, and the person with the new street for the next page", async () => {
  const moved = { ...ADA, street: { id: "street-new", name: "Goudkarpersingel" } };
  await session(200, { token: "secret", person: ADA }).signIn("Ada", "x");
  await session(200, { person: moved }).move("abcde-fghjk");
  const told = { path: "/api/move", body: { code: "ABCDEFGHJK" }, authorization: "Bearer secret" };
  expect(asked.at(-1)).toMatchObject(told);
  expect(session(200, {})).toMatchObject({ token: "secret", person: moved });
});

test("another password, the end of all sessions, and being forgotten are asked for in the name of this one", async () => {
  const signedIn = session(200, { token: "secret", person: ADA });
  await signedIn.signIn("Ada", "x");
  await signedIn.changePassword("old", "new");
  await signedIn.signOutEverywhere();
  await signedIn.erase("new");
  expect(asked.slice(1)).toMatchObject([
    { path: "/api/password", body: { old: "old", new: "new" }, authorization: "Bearer secret" },
    { path: "/api/sign-out-everywhere", authorization: "Bearer secret" },
    { path: "/api/erase", body: { password: "new" }, authorization: "Bearer secret" },
  ]);
});

test("what lies at a path is asked for in the name of this session, and a refusal is told as one", async () => {
  const signedIn = session(200, { token: "secret", person: ADA, places: [] });
  await signedIn.signIn("Ada", "x");
  expect(await signedIn.get("/api/places")).toMatchObject({ ok: true, places: [] });
  expect(asked.at(-1)).toMatchObject({ path: "/api/places", authorization: "Bearer secret" });
  const refused = await session(403, { error: { code: "not_permitted" } }).get("/api/places");
  expect(refused).toMatchObject({ ok: false, error: { code: "not_permitted" } });
});

test("signing out forgets the session at once and tells the server which one", async () => {
  const signedIn = session(200, { token: "secret", person: ADA });
  await signedIn.signIn("Ada", "x");
  const told = signedIn.signOut();
  expect(signedIn.token).toBeNull();
  await told;
  expect(asked.at(-1)).toMatchObject({ path: "/api/sign-out", authorization: "Bearer secret" });
  expect(session(200, {}).token).toBeNull();
});

test("a session that was kept by something else is no session", () => {
  kept.set("bart.session", "{torn");
  expect(session(200, {}).token).toBeNull();
  kept.set("bart.session", '{"token": 5}');
  expect(session(200, {}).person).toBeNull();
});

test.each([
  ["#code=ABCDEFGHJK", "ABCDEFGHJK"],
  ["#code=abcde-fghjk", "ABCDEFGHJK"],
  ["#code=short", null],
  ["#code=<b>ABCDEFG", null],
  ["#name=Ada&password=x", null],
  ["", null],
])("the address's fragment %s holds the code %s", (fragment, code) => {
  expect(codeInFragment(fragment)).toBe(code);
});

test("a typed code may hold spaces and dashes", () => {
  expect(tidyCode(" abc-def ghjk ")).toBe("ABCDEFGHJK");
});

describe("the second factor", () => {
  const half = { second_factor: "needed", ticket: "a ticket", now: 1_795_442_461_234 };

  test("is asked for, and until it was shown nothing is kept", async () => {
    const asking = session(200, half);
    expect(await asking.signIn("vega", "correct horse")).toEqual({ ok: true, ...half });
    expect([asking.token, asking.person]).toEqual([null, null]);
    expect(JSON.stringify([...kept])).not.toContain("ticket");
  });

  test("signs in, with recovery codes the first time", async () => {
    const codes = ["ABCDE-FGHJK"];
    const enrolling = session(200, { token: "secret", person: ADA, recovery_codes: codes });
    expect(await enrolling.secondFactor("a ticket", " 123 456 ")).toEqual({ ok: true, codes });
    expect(asked).toMatchObject([{ path: "/api/second-factor", body: { ticket: "a ticket", code: "123 456" } }]);
    expect([enrolling.token, enrolling.person]).toEqual(["secret", ADA]);
    expect(JSON.stringify([...kept])).not.toContain("ABCDE");
    expect(await session(200, { token: "secret", person: ADA }).secondFactor("a ticket", "1")).toMatchObject({ codes: null });
  });

  test("that is wrong keeps nothing", async () => {
    const error = { code: "wrong_second_factor", message: "", retryable: false };
    const refused = session(403, { ok: false, error });
    expect(await refused.secondFactor("a ticket", "123456")).toEqual({ ok: false, error });
    expect(refused.token).toBeNull();
  });
});

test("a device says what it is called, where it has a name", async () => {
  const answer = async () => new Response(JSON.stringify({ token: "secret", person: ADA }));
  const bodies: any[] = [];
  const fetch = (_: string, { body }: RequestInit) => (bodies.push(JSON.parse(String(body))), answer());
  await new Session(store, fetch, "Firefox, Android").signIn("Ada", "x");
  await new Session(store, fetch).signIn("Ada", "x");
  expect(bodies.map(({ device_name }) => device_name)).toEqual(["Firefox, Android", undefined]);
});
