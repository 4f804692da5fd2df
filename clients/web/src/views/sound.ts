// The sound of a page, made here: two soft tones, twice. Browsers allow sound only after the person has done something.

const TONES: readonly { at_s: number; pitch_hz: number }[] = [
  { at_s: 0, pitch_hz: 660 },
  { at_s: 0.22, pitch_hz: 880 },
  { at_s: 0.7, pitch_hz: 660 },
  { at_s: 0.92, pitch_hz: 880 },
];
const TONE_S = 0.2;
const LOUD = 0.25;

let output: AudioContext | null = null;

/** Call it from a press of a button or key. */
export function allowSound(): void {
  if (!("AudioContext" in globalThis)) return;
  output ??= new AudioContext();
  if (output.state === "suspended") void output.resume().catch(() => undefined);
}

/** Silent where nothing was pressed yet. */
export function ring(): void {
  if (output?.state !== "running") return;
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
