// The worker that lets the page start without a network. It answers for the files of its own build and for nothing
// else, and a new one waits until somebody presses the button: no page is changed under anybody's hands.

import { pathInShell } from "./shell";
import type { Shell } from "./shell";
import { ShellCache } from "./shell_cache";

/** What TypeScript's library for pages lacks of a worker's surroundings. */
interface Lasting extends Event {
  waitUntil(work: Promise<unknown>): void;
}
interface Fetching extends Lasting {
  readonly request: Request;
  respondWith(response: Promise<Response>): void;
}
interface Surroundings {
  readonly location: Location;
  skipWaiting(): Promise<void>;
  addEventListener(kind: "install" | "activate", heard: (event: Lasting) => void): void;
  addEventListener(kind: "fetch", heard: (event: Fetching) => void): void;
  addEventListener(kind: "message", heard: (event: MessageEvent) => void): void;
}

/** The build puts its list here. */
declare const __SHELL__: Shell;

const worker = self as unknown as Surroundings;
const shell = __SHELL__;
const kept = new ShellCache(shell, caches, (path, options) => fetch(path, options));

worker.addEventListener("install", (event) => event.waitUntil(kept.fill()));
worker.addEventListener("activate", (event) => event.waitUntil(kept.dropOthers()));
worker.addEventListener("message", ({ data }) => {
  if (data === "take over") void worker.skipWaiting();
});
worker.addEventListener("fetch", (event) => {
  const path = pathInShell(event.request, worker.location.origin, shell);
  // A browser short of room may have dropped the cache; the network then has the last word.
  if (path) event.respondWith(kept.answer(path).then((held) => held ?? fetch(event.request)));
});
