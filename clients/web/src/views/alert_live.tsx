// How far an alert has come, asked again while one looks: sent, delivered, seen, and where.

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";

import type { Alerting } from "../alerting";
import type { Told } from "../calls";
import type { AlertReach, StaffAlertView } from "../protocol.gen";
import { t } from "../words/words";

const ASK_EVERY_MS = 2_000;

type Reach = Told<"alert.reach">;
const COUNTS = ["sent", "delivered", "seen"] as const;

export function AlertLive({ view, alerting }: { view: StaffAlertView; alerting: Alerting }) {
  const reach = useReach(view, alerting);
  return (
    <section class="alert-live" data-testid="alert-live">
      <h3>{t("alerting.live")}</h3>
      {reach === null ? (
        <p class="explain">{t("alerting.live_waiting")}</p>
      ) : (
        <>
          <dl class="reach-counts">
            <Number word="alerting.members" count={reach.members} of={null} testid="live-members" />
            {COUNTS.map((name) => (
              <Number
                key={name}
                word={`alerting.${name}`}
                count={reach[name]}
                of={reach.members}
                testid={`live-${name}`}
              />
            ))}
          </dl>
          <Where places={reach.neighbourhoods} />
        </>
      )}
    </section>
  );
}

interface NumberFacts {
  word: "alerting.members" | `alerting.${(typeof COUNTS)[number]}`;
  count: number;
  of: number | null;
  testid: string;
}

function Number({ word, count, of, testid }: NumberFacts) {
  return (
    <div>
      <dt>{t(word)}</dt>
      <dd>
        <span data-testid={testid}>{count}</span>
        {of !== null && of > 0 && <progress aria-hidden="true" value={count} max={of} />}
      </dd>
    </div>
  );
}

function Where({ places }: { places: readonly AlertReach[] }) {
  return (
    <div class="live-where">
      <table data-testid="live-where">
        <caption class="unseen">{t("alerting.live_where")}</caption>
        <thead>
          <tr>
            <th scope="col">{t("alerting.neighbourhood")}</th>
            <th scope="col">{t("alerting.members")}</th>
            {COUNTS.map((name) => (
              <th key={name} scope="col">
                {t(`alerting.${name}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {places.map((place) => (
            <tr key={place.id}>
              <th scope="row">{place.name}</th>
              <td data-label={t("alerting.members")}>{place.members}</td>
              {COUNTS.map((name) => (
                <td key={name} data-label={t(`alerting.${name}`)}>
                  {place[name]}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Asked every 2 s while somebody looks; of one that ended, once. */
function useReach({ alert, state, n }: StaffAlertView, alerting: Alerting): Reach | null {
  const reach = useSignal<Reach | null>(null);
  useEffect(() => {
    let isGone = false;
    const ask = async (): Promise<void> => {
      if (document.visibilityState === "hidden") return;
      const told = await alerting.reach(alert);
      if (told && !isGone) reach.value = told;
    };
    void ask();
    const timer = state === "in_force" ? setInterval(() => void ask(), ASK_EVERY_MS) : undefined;
    return () => {
      isGone = true;
      clearInterval(timer);
    };
  }, [alert, state, n]);
  return reach.value;
}
