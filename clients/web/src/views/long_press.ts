// A long press on a touch screen, for what a mouse does by hovering.

const HELD_MS = 450;
const MOVED_PX = 10;

interface Press {
  readonly timer: ReturnType<typeof setTimeout>;
  readonly x: number;
  readonly y: number;
}

// One finger at a time presses long.
let press: Press | null = null;

function release(): void {
  if (press) clearTimeout(press.timer);
  press = null;
}

/** The listeners to spread over an element. */
export function longPress(held: (element: HTMLElement) => void) {
  return {
    onPointerDown: (event: PointerEvent) => {
      release();
      if (event.pointerType === "mouse" || !event.isPrimary || isControl(event.target)) return;
      const element = event.currentTarget as HTMLElement;
      const timer = setTimeout(() => {
        release();
        held(element);
      }, HELD_MS);
      press = { timer, x: event.clientX, y: event.clientY };
    },
    onPointerMove: (event: PointerEvent) => {
      if (press && Math.hypot(event.clientX - press.x, event.clientY - press.y) > MOVED_PX) release();
    },
    onPointerUp: release,
    onPointerCancel: release,
    // Android opens a menu of its own for the same gesture.
    onContextMenu: (event: Event) => {
      if ((event as PointerEvent).pointerType === "touch" && !isControl(event.target)) event.preventDefault();
    },
  };
}

function isControl(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest("a, button, summary") !== null;
}
