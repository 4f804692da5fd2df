// A sheet with a title: over the whole phone, at the edge of a wider screen. The browser's own dialog keeps the focus
// inside, closes at Escape and gives the focus back.

import type { ComponentChildren } from "preact";
import { useId, useLayoutEffect, useRef } from "preact/hooks";

import { t } from "../words/words";
import { Icon } from "./icons";

interface Facts {
  title: string;
  testid: string;
  close: () => void;
  children: ComponentChildren;
}

export function Panel({ title, testid, close, children }: Facts) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useLayoutEffect(() => {
    const shown = dialog.current;
    shown?.showModal();
    return () => shown?.close();
  }, []);
  return (
    <dialog
      class="panel"
      data-testid={testid}
      aria-labelledby={id}
      ref={dialog}
      onCancel={(event) => {
        event.preventDefault();
        close();
      }}
    >
      <header class="panel-head">
        <h2 id={id}>{title}</h2>
        <button type="button" class="tool" data-testid="panel-close" title={t("me.close")} onClick={close}>
          <Icon name="close" />
          <span class="unseen">{t("me.close")}</span>
        </button>
      </header>
      <div class="panel-inside">{children}</div>
    </dialog>
  );
}
