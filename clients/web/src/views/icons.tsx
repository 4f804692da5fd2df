// Icons of our own, drawn as strokes in the colour of the text around them. Each stands beside words or has a label.

const DRAWN = {
  reply: "M9.5 6 4 11l5.5 5M4.5 11H14a6 6 0 0 1 6 6v1",
  smile: "M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17ZM8.5 14.2a4.3 4.3 0 0 0 7 0M9 9.6v.2M15 9.6v.2",
  more: "M5 12h.01M12 12h.01M19 12h.01",
  back: "M15 5l-7 7 7 7",
  send: "M4.5 12 19.5 4.8 15 19.5l-3.6-6.4zM11.4 13.1 19.5 4.8",
  down: "M6 10l6 6 6-6",
  sent: "M5 12.5 10 17.5 19 7.5",
  waiting: "M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16ZM12 8v4.3l2.8 1.8",
  refused: "M12 4 3.2 19.2h17.6zM12 10v4M12 16.6v.2",
  close: "M6.5 6.5l11 11M17.5 6.5l-11 11",
  edit: "M5 19l.8-3.8L16 5l3 3L8.8 18.2zM14 7l3 3",
  copy: "M9 8.5h9.5V20H9zM15 8.5V4.5H5.5V16H9",
  retract: "M5.5 7.5h13M10 7V4.8h4V7M7 7.5 8 19.5h8l1-12",
  street: "M8.5 4 5 20M15.5 4 19 20M12 5v2.5M12 10.5v3M12 16.5v3",
  neighbourhood: "M3.5 19.5v-8L8.5 7l5 4.5v8zM13.5 11l3-2.7 4 3.7v7.5h-7M8.5 19.5v-4",
  desk: "M5 18.5a7 7 0 0 1 14 0zM12 11.5V9M10.5 9h3M3.5 18.5h17",
  case: "M4 8.5h16V19H4zM9 8.5V5.5h6v3M4 13h16",
  staff: "M5 7.5h14V20H5zM10 7.5V4h4v3.5M12 10.7a1.9 1.9 0 1 0 0 3.8 1.9 1.9 0 0 0 0-3.8ZM8.5 17.8a3.6 3.6 0 0 1 7 0",
  call: "M6 4.5h3l1.5 4-2 1.5a11 11 0 0 0 5.5 5.5l1.5-2 4 1.5v3c0 .8-.7 1.5-1.5 1.5A14 14 0 0 1 4.5 6Z",
  help: "M12 3.5 5 6.5v5c0 4.3 2.9 7.4 7 9 4.1-1.6 7-4.7 7-9v-5zM12 9v6M9 12h6",
  warning: "M12 4 3.2 19.2h17.6zM12 10v4M12 16.6v.2",
  flag: "M6 20.5V4.5M6 5h11.5l-2.5 4 2.5 4H6",
  lock: "M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3M12 14.5v2",
  bell: "M6 16.5V11a6 6 0 0 1 12 0v5.5l1.5 1.5h-15zM10 20.5h4M12 5V3.5",
  silent: "M6 16.5V11a6 6 0 0 1 9-5.2M18 11v5.5l1.5 1.5h-12M10 20.5h4M4.5 4.5l15 15",
  exit: "M10 5H5v14h5M14 8l4 4-4 4M18 12H9",
} as const;

export type IconName = keyof typeof DRAWN;

export function Icon({ name }: { name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={DRAWN[name]} />
    </svg>
  );
}
