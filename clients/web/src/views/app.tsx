// Which of the faces is shown: the door, the recovery code, the house rules, or the town.

import type { Client } from "../client";
import { town } from "../town";
import { Door } from "./door";
import { Recovery } from "./recovery";
import { Rules } from "./rules";
import { areRulesDue, dropRules } from "./rules_due";
import { Indoors, Splash } from "./threshold";

export function App({ client }: { client: Client }) {
  const { me, recovery } = town.value;
  if (recovery !== null) return <Recovery code={recovery} kept={() => client.keptRecovery()} />;
  if (me === null) return <Door client={client} />;
  if (areRulesDue.value) return <Rules agree={() => dropRules()} />;
  return (
    <Indoors meanwhile={<Splash />}>
      {({ TownView, WarningNotices }) => (
        <>
          <WarningNotices calls={client.calls} />
          <TownView client={client} me={me} />
        </>
      )}
    </Indoors>
  );
}
