// Which of the faces is shown: the door, the recovery code, or the town.

import { useSignal } from "@preact/signals";

import type { Client } from "../client";
import { town } from "../town";
import { language } from "../words/words";
import { Door } from "./door";
import { Recovery } from "./recovery";
import { TownView } from "./town_view";

/** code: the letter's code when the page was opened through it. */
export function App({ client, code }: { client: Client; code: string | null }) {
  const letter = useSignal(code);
  const { me, recovery } = town.value;
  if (recovery !== null) return <Recovery code={recovery} kept={() => client.keptRecovery()} />;
  if (me !== null) return <TownView client={client} me={me} key={language.value} />;
  return <Door client={client} letter={letter} />;
}
