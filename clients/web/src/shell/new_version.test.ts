import { beforeEach, expect, test } from "vitest";

import { NewVersion } from "./new_version";
import type { Registration, Worker } from "./new_version";

/** A service worker as the page sees it, moved on by hand. */
class FakeWorker {
  state: ServiceWorkerState = "installing";
  readonly told: unknown[] = [];
  readonly #heard: (() => void)[] = [];

  addEventListener(_kind: string, heard: () => void): void {
    this.#heard.push(heard);
  }
  postMessage(message: unknown): void {
    this.told.push(message);
  }
  become(state: ServiceWorkerState): void {
    this.state = state;
    for (const heard of this.#heard) heard();
  }
}

class FakeRegistration {
  active: FakeWorker | null = null;
  waiting: FakeWorker | null = null;
  installing: FakeWorker | null = null;
  asked = 0;
  #found: () => void = () => undefined;

  addEventListener(_kind: "updatefound", heard: () => void): void {
    this.#found = heard;
  }
  async update(): Promise<void> {
    this.asked += 1;
  }
  /** The browser finds a new worker and fetches its build. */
  find(): FakeWorker {
    const worker = (this.installing = new FakeWorker());
    this.#found();
    return worker;
  }
  install(worker: FakeWorker): void {
    [this.installing, this.waiting] = [null, worker];
    worker.become("installed");
  }
  activate(worker: FakeWorker): void {
    [this.waiting, this.active] = [null, worker];
    worker.become("activated");
  }
}

let registration: FakeRegistration;
let loads: number;
let page: NewVersion;

beforeEach(() => {
  registration = new FakeRegistration();
  loads = 0;
  page = new NewVersion(() => void loads++);
});

function watch(): void {
  page.watch(registration as unknown as Registration & { active: Worker | null }, 0);
}

test("the first worker of all is no new version", () => {
  watch();
  const first = registration.find();
  registration.install(first);
  registration.activate(first);
  expect([page.isReady.value, loads]).toEqual([false, 0]);
});

test("a new build waits until somebody asks for it, and only then the page is loaded anew", () => {
  registration.active = new FakeWorker();
  watch();
  const next = registration.find();
  expect(page.isReady.value).toBe(false);
  registration.install(next);
  expect([page.isReady.value, next.told, loads]).toEqual([true, [], 0]);

  page.take();
  expect([next.told, loads]).toEqual([["take over"], 0]);
  registration.activate(next);
  expect(loads).toBe(1);
});

test("a build that was found by an earlier page is offered at once", () => {
  registration.active = new FakeWorker();
  registration.waiting = new FakeWorker();
  watch();
  expect(page.isReady.value).toBe(true);
});

test("a change-over in another tab loads nothing here until it is asked for", () => {
  registration.active = new FakeWorker();
  watch();
  const next = registration.find();
  registration.install(next);
  registration.activate(next);
  expect([page.isReady.value, loads]).toEqual([true, 0]);
  page.take();
  expect(loads).toBe(1);
});

test("a build that could not be fetched is not offered", () => {
  registration.active = new FakeWorker();
  watch();
  registration.find().become("redundant");
  expect(page.isReady.value).toBe(false);
});

test("a page that wakes asks for a new build, at most once an hour", () => {
  watch();
  page.look(3_599_999);
  expect(registration.asked).toBe(0);
  page.look(3_600_000);
  page.look(3_600_001);
  expect(registration.asked).toBe(1);
});
