// Between the door and the rooms: what is drawn indoors comes when somebody enters, or before that if nothing else
// needs the network; what is drawn at a desk comes to staff, a form or one's own panel when it is opened.

import { signal } from "@preact/signals-core";
import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";

import icon from "../styles/icon.svg";
import { t } from "../words/words";

interface Facts<Drawn> {
  /** What is shown while it is on its way. */
  meanwhile?: ComponentChildren;
  children: (drawn: Drawn) => ComponentChildren;
}

/** A part of the page that is a file of its own: how to fetch it, and where it is drawn. */
function part<Drawn>(load: () => Promise<Drawn>) {
  const drawn = signal<Drawn | null>(null);
  /** Resolves when it is there. Rejects where neither the network nor this browser has it; ask again when it is needed. */
  const fetch = async (): Promise<void> => {
    drawn.value ??= await load();
  };
  /** Throws where it can't be had: an old page may ask for files that a new server has no longer, and must be loaded anew. */
  function Part({ meanwhile = null, children }: Facts<Drawn>) {
    const fault = useSignal<unknown>(null);
    useEffect(() => void fetch().catch((why: unknown) => (fault.value = why)), []);
    if (fault.value !== null) throw fault.value;
    return <>{drawn.value ? children(drawn.value) : meanwhile}</>;
  }
  return { fetch, Part };
}

export const { fetch: fetchIndoors, Part: Indoors } = part(() => import("./indoors"));
export const { Part: AtDesk } = part(() => import("./at_desk"));
export const { Part: AtAlerts } = part(() => import("./at_alerts"));
export const { Part: AtBoard } = part(() => import("./at_board"));
export const { Part: AtModeration } = part(() => import("./at_moderation"));
export const { fetch: fetchMenu, Part: AtMenu } = part(() => import("./at_menu"));
export const { Part: AtMe } = part(() => import("./at_me"));
export const { Part: AtAudit } = part(() => import("./at_audit"));
export const { Part: AtAuditor } = part(() => import("./at_auditor"));
export const { Part: AtForm } = part(() => import("./at_form"));
export const { Part: AtOfficial } = part(() => import("./at_official"));
export const { fetch: fetchJoining, Part: AtJoining } = part(() => import("./at_joining"));
export const { Part: AtSecondFactor } = part(() => import("./at_second_factor"));
export const { Part: AtWarning } = part(() => import("./at_warning"));

/** As the page itself looks before its program has come (index.html). */
export function Splash() {
  return (
    <main class="splash">
      <img src={icon} alt="" width={64} height={64} />
      <p>{t("live.starting")}</p>
      <p>{t("app.emergency")}</p>
    </main>
  );
}
