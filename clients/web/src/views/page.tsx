// Everything on the screen: the face that is shown, the panel beside it, and what stands around them.

import type { Client } from "../client";
import { isProofWanted } from "../second_factor";
import type { NewVersion } from "../shell/new_version";
import { town } from "../town";
import { App } from "./app";
import { FaultBoundary } from "./fault";
import { isMeOpen } from "./me_open";
import { NewVersionBar } from "./new_version";
import { AtMe, AtSecondFactor } from "./threshold";

export function Page({ client, version }: { client: Client; version: NewVersion }) {
  const { me } = town.value;
  return (
    <>
      {/* Outside of the boundary: the newer build may be what mends the fault. */}
      <NewVersionBar version={version} />
      <FaultBoundary>
        <App client={client} />
        {me && isProofWanted.value && (
          <AtSecondFactor>{({ ProveSheet }) => <ProveSheet client={client} />}</AtSecondFactor>
        )}
        {me && isMeOpen.value && <AtMe>{({ Me }) => <Me client={client} me={me} />}</AtMe>}
      </FaultBoundary>
    </>
  );
}
