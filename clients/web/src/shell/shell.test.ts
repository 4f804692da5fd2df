import { expect, test } from "vitest";

import { pathInShell, shellOf } from "./shell";
import type { Shell } from "./shell";

const file = (path: string, text: string) => ({ path, bytes: new TextEncoder().encode(text) });
const HERE = "https://bart.example";

const PAGE = file("index.html", "<!doctype html>");
const SCRIPT = file("assets/index-3f2a.js", "export {}");

test("the shell lists what the page needs: not the worker, no pictures for installing, no packed copies", async () => {
  const left = [file("service_worker.js", "x"), file("icon-512.png", "x"), file("assets/index-3f2a.js.gz", "x")];
  const { files } = await shellOf([SCRIPT, PAGE, ...left]);
  expect(Object.keys(files)).toEqual(["/", "/assets/index-3f2a.js"]);
  expect(files["/"]).toMatch(/^[0-9a-f]{64}$/);
});

test("the version follows from the files alone", async () => {
  const [one, other] = [await shellOf([PAGE, SCRIPT]), await shellOf([SCRIPT, PAGE])];
  expect(other).toEqual(one);
  expect((await shellOf([SCRIPT, file("index.html", "<!doctype html> ")])).version).not.toBe(one.version);
});

const SHELL: Shell = { version: "1", files: { "/": "a", "/first.js": "b", "/assets/index-3f2a.js": "c" } };
const asked = (url: string, mode = "cors", method = "GET") => ({ url: HERE + url, mode: mode as RequestMode, method });

test.each([
  ["/", "navigate", "/"],
  ["/?from=home", "navigate", "/"],
  ["/assets/index-3f2a.js", "cors", "/assets/index-3f2a.js"],
  ["/first.js", "no-cors", "/first.js"],
])("%s (%s) is answered as %s", (url, mode, path) => {
  expect(pathInShell(asked(url, mode), HERE, SHELL)).toBe(path);
});

test.each([
  ["/api/sign-in", "cors"],
  ["/socket.io/?EIO=4", "cors"],
  ["/healthz", "navigate"],
  ["/metrics", "navigate"],
  ["/first.js", "navigate"],
  ["/assets/index-0000.js", "cors"],
  ["/toString", "cors"],
])("%s (%s) is left to the network", (url, mode) => {
  expect(pathInShell(asked(url, mode), HERE, SHELL)).toBeNull();
});

test("what is sent, and what goes elsewhere, is left to the network", () => {
  expect(pathInShell(asked("/", "cors", "POST"), HERE, SHELL)).toBeNull();
  expect(pathInShell(asked("/"), "https://elsewhere.example", SHELL)).toBeNull();
});
