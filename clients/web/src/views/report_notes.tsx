// What people wrote for who decides on a report: those who reported it, the author who appealed, who asks for an expulsion.

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";

import type { Client } from "../client";
import { t } from "../words/words";

/** null until that is known, for nothing shall move under a finger; of no report there is none. */
export function useNotes(report: string | null, client: Client): readonly string[] | null {
  const notes = useSignal<readonly string[] | null>(report === null ? [] : null);
  useEffect(() => {
    if (report === null) return;
    void client.inquire("report.read", { report }).then((reply) => {
      notes.value = reply?.ok ? reply.notes : [];
    });
  }, []);
  return notes.value;
}

export function Notes({ notes }: { notes: readonly string[] }) {
  if (notes.length === 0) return null;
  return (
    <section class="judge-notes">
      <h3>{t("judge.notes")}</h3>
      {notes.map((note, index) => (
        <blockquote key={index} dir="auto">
          {note}
        </blockquote>
      ))}
    </section>
  );
}
