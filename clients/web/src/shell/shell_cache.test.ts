import { beforeEach, expect, test } from "vitest";

import { sha256 } from "./shell";
import type { Shell } from "./shell";
import { ShellCache } from "./shell_cache";

const PAGE = "<!doctype html>";
const SCRIPT = "export {}";
const SCRIPT_PATH = "/assets/index-3f2a.js";

/** The browser's caches, by name. */
let caches: Map<string, Map<string, Response>>;
/** What the server has, and what it was asked for. */
let served: Record<string, string>;
let asked: string[];

const store = {
  async open(name: string) {
    const held = caches.get(name) ?? new Map<string, Response>();
    caches.set(name, held);
    return {
      put: async (path: string, response: Response) => void held.set(path, response),
      match: async (path: string) => held.get(path)?.clone(),
    } as unknown as Cache;
  },
  async match(path: RequestInfo | URL) {
    return [...caches.values()].find((held) => held.has(String(path)))?.get(String(path))?.clone();
  },
  keys: async () => [...caches.keys()],
  delete: async (name: string) => caches.delete(name),
};

async function fetch(path: string): Promise<Response> {
  asked.push(path);
  const body = served[path];
  return new Response(body ?? "", { status: body === undefined ? 404 : 200 });
}

async function build(version: string, page: string): Promise<ShellCache> {
  const digest = (text: string) => sha256(new TextEncoder().encode(text));
  const shell: Shell = { version, files: { "/": await digest(page), [SCRIPT_PATH]: await digest(SCRIPT) } };
  return new ShellCache(shell, store, fetch);
}

beforeEach(() => {
  caches = new Map();
  asked = [];
  served = { "/": PAGE, [SCRIPT_PATH]: SCRIPT };
});

test("a filled shell answers for every file of its build without a network", async () => {
  const shell = await build("1", PAGE);
  await shell.fill();
  served = {};
  expect(await (await shell.answer("/"))?.text()).toBe(PAGE);
  expect(await (await shell.answer(SCRIPT_PATH))?.text()).toBe(SCRIPT);
});

test("a file that is gone from the server leaves the shell unfilled", async () => {
  delete served[SCRIPT_PATH];
  await expect((await build("1", PAGE)).fill()).rejects.toThrow("404");
});

test("the page of another build is not taken for this one's", async () => {
  await expect((await build("2", "<!doctype html><p>")).fill()).rejects.toThrow("another build");
});

test("a new build fetches only what is new, and the old one stays whole until it goes", async () => {
  const first = await build("1", PAGE);
  await first.fill();
  served["/"] = "<!doctype html><p>";
  asked = [];
  const second = await build("2", "<!doctype html><p>");
  await second.fill();
  expect(asked).toEqual(["/"]);
  expect(await (await first.answer("/"))?.text()).toBe(PAGE);
  await second.dropOthers();
  expect([...caches.keys()]).toEqual(["bart-shell-2"]);
});

test("caches of something else are left alone", async () => {
  await store.open("pictures");
  await (await build("1", PAGE)).dropOthers();
  expect([...caches.keys()]).toEqual(["pictures"]);
});
