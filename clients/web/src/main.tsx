// Starts the page: the address, the session, the client, the first view.

import { effect } from "@preact/signals";
import { render } from "preact";

import { Client } from "./client";
import { openSocket } from "./connection";
import { codeInFragment, Session } from "./session";
import { town } from "./town";
import { App } from "./views/app";
import { language, preferred } from "./words/words";
import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/door.css";
import "./styles/town.css";

const LANGUAGE = "bart.language";

/** The letter's code must not stay where shoulders, histories and screenshots see it. */
function takeCode(): string | null {
  const code = codeInFragment(location.hash);
  if (location.hash) history.replaceState(null, "", location.pathname + location.search);
  return code;
}

function chooseLanguage(): void {
  const kept = localStorage.getItem(LANGUAGE);
  language.value = preferred([...(kept ? [kept] : []), ...navigator.languages]);
  effect(() => {
    document.documentElement.lang = language.value;
    localStorage.setItem(LANGUAGE, language.value);
  });
}

/** A page that slept comes back before its timers do. */
function wake(client: Client): void {
  if (document.visibilityState !== "visible") return;
  client.hurry();
  if (town.value.chosen !== null) client.seen(town.value.chosen);
}

const code = takeCode();
chooseLanguage();
const session = new Session(localStorage, (path, options) => fetch(path, options));
const client = new Client({ session, marks: localStorage, open: openSocket });
addEventListener("online", () => client.hurry());
document.addEventListener("visibilitychange", () => wake(client));
// Begun before the first view is drawn: who is signed in must not see the door flash by.
const started = client.start();
render(<App client={client} code={code} />, document.getElementById("app") as HTMLElement);
await started;
