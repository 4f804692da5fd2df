// The socket of a page whose person is signed in, opened while the rest of the program is still on its way: opening
// takes two turns of the line, and nobody has to wait for them. What comes over it meanwhile is held for its taker.

const PATH = "/socket.io/?EIO=4&transport=websocket";

interface Early {
  readonly socket: WebSocket;
  readonly held: MessageEvent[];
  readonly hold: (message: MessageEvent) => void;
}

let early: Early | null = null;

/** here: the page's own address. The server closes what nobody joins on within 10 s. */
export function openEarly(here: string): void {
  const address = new URL(PATH, here);
  address.protocol = address.protocol.replace("http", "ws");
  const socket = new WebSocket(address);
  const held: MessageEvent[] = [];
  const hold = (message: MessageEvent): void => void held.push(message);
  socket.addEventListener("message", hold);
  early = { socket, held, hold };
}

/** Hands it out, once, to who sets its handlers in the same turn; null where there is none to this address that is good. */
export function takeEarly(address: string): WebSocket | null {
  const taken = early;
  early = null;
  if (!taken) return null;
  const { socket, held, hold } = taken;
  socket.removeEventListener("message", hold);
  const isGood = socket.url === new URL(address).href && socket.readyState <= WebSocket.OPEN;
  if (!isGood) {
    socket.close();
    return null;
  }
  if (socket.readyState === WebSocket.OPEN) queueMicrotask(() => tell(socket, held));
  return socket;
}

/** What its taker was too late to hear. */
function tell(socket: WebSocket, held: readonly MessageEvent[]): void {
  socket.onopen?.(new Event("open"));
  for (const message of held) socket.onmessage?.(message);
}
