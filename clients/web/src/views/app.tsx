// Which of the faces is shown: the door, the recovery code, the house rules, or the town.

import type { Client } from "../client";
import { recoveryCodes } from "../second_factor";
import { town } from "../town";
import { Door } from "./door";
import { areRulesDue, dropRules } from "./rules_due";
import { AtJoining, AtModeration, AtSecondFactor, Indoors, Splash } from "./threshold";

export function App({ client }: { client: Client }) {
  const { me, recovery } = town.value;
  if (recovery !== null) {
    return <AtJoining>{({ Recovery }) => <Recovery code={recovery} kept={() => client.keptRecovery()} />}</AtJoining>;
  }
  if (recoveryCodes.value !== null) return <CodesToKeep codes={recoveryCodes.value} />;
  if (me === null) return <Door client={client} />;
  if (areRulesDue.value) {
    return <AtJoining meanwhile={<Splash />}>{({ Rules }) => <Rules agree={() => dropRules()} />}</AtJoining>;
  }
  return (
    <Indoors meanwhile={<Splash />}>
      {({ TownView, WarningNotices }) => (
        <>
          <WarningNotices calls={client.calls} />
          {town.value.notices.length > 0 && (
            <AtModeration>{({ PersonalNotices }) => <PersonalNotices client={client} />}</AtModeration>
          )}
          <TownView client={client} me={me} />
        </>
      )}
    </Indoors>
  );
}

/** Of staff who have just enrolled. */
function CodesToKeep({ codes }: { codes: readonly string[] }) {
  const kept = (): void => void (recoveryCodes.value = null);
  return <AtSecondFactor>{({ RecoveryCodes }) => <RecoveryCodes codes={codes} kept={kept} />}</AtSecondFactor>;
}
