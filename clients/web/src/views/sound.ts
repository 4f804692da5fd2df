// The sound of a page, made here: two soft tones, twice. Browsers allow sound only after the person has done something.
// Whether it sounds is chosen, and kept on this device; the title of the page tells of it in any case.

import { signal } from "@preact/signals-core";

const TONES: readonly { at_s: number; pitch_hz: number }[] = [
  { at_s: 0, pitch_hz: 660 },
  { at_s: 0.22, pitch_hz: 880 },
  { at_s: 0.7, pitch_hz: 660 },
  { at_s: 0.92, pitch_hz: 880 },
];
const TONE_S = 0.2;
const LOUD = 0.25;
const SOUND = "bart.sound";
const OFF = "off";

let output: AudioContext | null = null;

export const isSoundOn = signal(localStorage.getItem(SOUND) !== OFF);

/** Call it from a press of a button or key. Switched on, it is heard once, so that one knows how loud it will be. */
export function switchSound(): void {
  isSoundOn.value = !isSoundOn.value;
  localStorage.setItem(SOUND, isSoundOn.value ? "on" : OFF);
  allowSound();
  ring();
}

/** Call it from a press of a button or key. */
export function allowSound(): void {
  if (!("AudioContext" in globalThis)) return;
  output ??= new AudioContext();
  if (output.state === "suspended") void output.resume().catch(() => undefined);
}

/** Silent where nothing was pressed yet, and where sound is switched off. */
export function ring(): void {
  if (!isSoundOn.peek() || output?.state !== "running") return;
  for (const { at_s, pitch_hz } of TONES) tone(output, output.currentTime + at_s, pitch_hz);
}

function tone(context: AudioContext, at_s: number, pitch_hz: number): void {
  const source = new OscillatorNode(context, { type: "sine", frequency: pitch_hz });
  const volume = new GainNode(context, { gain: 0 });
  // Rising and falling without a click.
  volume.gain.setTargetAtTime(LOUD, at_s, 0.015);
  volume.gain.setTargetAtTime(0, at_s + TONE_S, 0.06);
  source.connect(volume).connect(context.destination);
  source.start(at_s);
  source.stop(at_s + 3 * TONE_S);
}
