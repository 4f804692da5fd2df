// What is seen when a view fails: calm words and a way on, instead of a white page.

import { Component } from "preact";
import type { ComponentChildren } from "preact";

import { t } from "../words/words";

interface Failed {
  hasFailed: boolean;
}

export class FaultBoundary extends Component<{ children: ComponentChildren }, Failed> {
  state: Failed = { hasFailed: false };

  static getDerivedStateFromError(): Failed {
    return { hasFailed: true };
  }

  componentDidCatch(fault: unknown): void {
    console.error(fault); // for who looks; nothing of it leaves the device
  }

  render({ children }: { children: ComponentChildren }, { hasFailed }: Failed) {
    return hasFailed ? <Fault /> : children;
  }
}

function Fault() {
  return (
    <main class="door" data-testid="fault">
      <section class="card" role="alert">
        <h1>{t("fault.title")}</h1>
        <p>{t("fault.what")}</p>
        <button type="button" class="button" data-testid="reload" onClick={() => location.reload()}>
          {t("fault.reload")}
        </button>
      </section>
      <footer class="door-foot">
        <strong>{t("app.emergency")}</strong>
      </footer>
    </main>
  );
}
