// From an alert that is in force into the neighbourhoods that have it, for the organisation that sent it.

import type { Client } from "../client";
import type { Person, StaffAlertView } from "../protocol.gen";
import { t } from "../words/words";
import { EnterRoom } from "./enter_room";

interface Facts {
  view: StaffAlertView;
  me: Person;
  client: Client;
  choose: (room: string) => void;
}

export function AlertEnter({ view, me, client, choose }: Facts) {
  const { alert, state, organisation, neighbourhoods } = view;
  if (state !== "in_force" || organisation !== me.organisation || neighbourhoods.length === 0) return null;
  return (
    <details class="alert-enter" data-testid="alert-enter">
      <summary>{t("enter.alert")}</summary>
      <p class="explain">{t("enter.explain")}</p>
      <ul>
        {neighbourhoods.map(({ id, name }) => (
          <li key={id}>
            <EnterRoom
              room={id}
              ground={{ kind: "alert", id: alert }}
              client={client}
              choose={choose}
              words={{ enter: t("enter.enter_of", { name }), inside: t("enter.inside_of", { name }) }}
              testid="alert-enter-room"
            />
          </li>
        ))}
      </ul>
    </details>
  );
}
