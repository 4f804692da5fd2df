import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { openEarly, takeEarly } from "./early_socket";

/** A browser's WebSocket, moved on by hand. */
class HandSocket extends EventTarget {
  static readonly OPEN = 1;
  readonly url: string;
  readyState = 0;
  onopen: (() => void) | null = null;
  onmessage: ((message: MessageEvent) => void) | null = null;

  constructor(address: URL) {
    super();
    this.url = address.href;
    opened.push(this);
  }
  opens(): void {
    this.readyState = 1;
    this.onopen?.();
  }
  says(data: string): void {
    const message = new MessageEvent("message", { data });
    this.dispatchEvent(message);
    this.onmessage?.(message);
  }
  close(): void {
    this.readyState = 3;
  }
}

const ADDRESS = "wss://bart.example/socket.io/?EIO=4&transport=websocket";
let opened: HandSocket[];

/** What a taker hears of it. */
function listen(socket: WebSocket | null): string[] {
  const heard: string[] = [];
  if (!socket) return heard;
  socket.onopen = () => heard.push("open");
  socket.onmessage = ({ data }) => heard.push(data);
  return heard;
}

beforeEach(() => {
  opened = [];
  vi.stubGlobal("WebSocket", HandSocket);
  openEarly("https://bart.example/?from=home");
});

afterEach(() => {
  takeEarly(ADDRESS);
  vi.unstubAllGlobals();
});

test("who takes it hears what came before, and then what comes, each once", async () => {
  const [socket] = opened as [HandSocket];
  socket.opens();
  socket.says("hello");
  const heard = listen(takeEarly(ADDRESS));
  await Promise.resolve();
  socket.says("again");
  expect(heard).toEqual(["open", "hello", "again"]);
});

test("one that is still opening is taken as it is", async () => {
  const [socket] = opened as [HandSocket];
  const heard = listen(takeEarly(ADDRESS));
  await Promise.resolve();
  expect(heard).toEqual([]);
  socket.opens();
  expect(heard).toEqual(["open"]);
});

test("it is given to one taker alone", () => {
  expect(takeEarly(ADDRESS)).not.toBeNull();
  expect(takeEarly(ADDRESS)).toBeNull();
});

test("one that broke meanwhile, or leads elsewhere, is given to nobody and closed", () => {
  opened[0]?.close();
  expect(takeEarly(ADDRESS)).toBeNull();
  openEarly("https://elsewhere.example/");
  expect(takeEarly(ADDRESS)).toBeNull();
  expect(opened.map(({ readyState }) => readyState)).toEqual([3, 3]);
});
