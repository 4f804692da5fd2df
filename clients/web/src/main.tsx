// Starts the page: the address, the session, the client, the first view, and the worker that keeps the page.

import { effect } from "@preact/signals";
import { render } from "preact";

import { Client } from "./client";
import { deviceName } from "./device_name";
import { openEarly } from "./early_socket";
import { Session } from "./session";
import { NewVersion } from "./shell/new_version";
import { Tabs } from "./tabs";
import { town } from "./town";
import { letter, takeLetter } from "./views/letter";
import { openMe } from "./views/me_open";
import { Page } from "./views/page";
import { restoreRules } from "./views/rules_due";
import { startTheme } from "./views/theme";
import { fetchIndoors } from "./views/threshold";
import { language, preferred, speak } from "./words/words";
import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/door.css";

const LANGUAGE = "bart.language";
const WORKER = "/service_worker.js";
const HOUR_MS = 3_600_000;

async function chooseLanguage(): Promise<void> {
  const kept = localStorage.getItem(LANGUAGE);
  await speak(preferred([...(kept ? [kept] : []), ...navigator.languages]));
  effect(() => {
    document.documentElement.lang = language.value;
    localStorage.setItem(LANGUAGE, language.value);
  });
}

/** A letter that comes to who is signed in already can only mean another street. */
function readLetter(): void {
  takeLetter(location, history, sessionStorage);
  if (letter.value !== null && town.value.me !== null) openMe();
}

/** A page that slept comes back before its timers do; one that goes out of sight may be stopped at any time. */
function looked(client: Client, version: NewVersion): void {
  if (document.visibilityState !== "visible") return client.hidden();
  client.shown();
  version.look(Date.now());
}

/** The other pages of this browser that show BART. Locks are missing over plain http. */
function otherTabs(): Tabs {
  return new Tabs({
    locks: navigator.locks,
    channel: "BroadcastChannel" in window ? new BroadcastChannel("bart") : undefined,
  });
}

/** Over plain http there is no worker, and while developing it would keep yesterday's page: all comes by network. */
async function keepPage(version: NewVersion): Promise<void> {
  if (!import.meta.env.PROD || !navigator.serviceWorker) return;
  const registration = await navigator.serviceWorker.register(WORKER).catch(() => null);
  if (registration) version.watch(registration, Date.now());
}

/** Brings what stands behind the door, so that nobody waits for it after the door, and what starts without a network. */
async function settle(version: NewVersion): Promise<void> {
  // Without a network it is asked for again when somebody enters, who is then told.
  await Promise.allSettled([fetchIndoors(), client.prepare()]);
  await keepPage(version);
}

takeLetter(location, history, sessionStorage);
const spoken = chooseLanguage();
startTheme(document, localStorage);
restoreRules(localStorage);
const session = new Session(localStorage, (path, options) => fetch(path, options), deviceName(navigator.userAgent));
if (session.token) openEarly(location.href);
const client = new Client({ session, marks: localStorage, tabs: otherTabs() });
const version = new NewVersion(() => location.reload());
addEventListener("online", () => client.online());
addEventListener("offline", () => client.offline());
for (const deed of ["pointerdown", "keydown", "focus"]) addEventListener(deed, () => client.nudge(), { passive: true });
addEventListener("hashchange", readLetter);
document.addEventListener("visibilitychange", () => looked(client, version));
addEventListener("pageshow", ({ persisted }) => persisted && looked(client, version));
addEventListener("pagehide", () => client.hidden());
setInterval(() => version.look(Date.now()), HOUR_MS);
if (document.visibilityState !== "visible") client.hidden();
// Begun before the first view is drawn: who is signed in must not see the door flash by. Not awaited: what it fetches
// imports from this file, and each would wait for the other's end.
void client.start();
readLetter();
// In the reader's language from the first word on.
void spoken.then(() => render(<Page client={client} version={version} />, document.getElementById("app") as HTMLElement));
// After the page, which needs the network first.
addEventListener("load", () => void settle(version));
