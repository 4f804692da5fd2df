// What an auditor has: the open books of the town, each read page by page and compared with what was seen of it before.

import { useSignal } from "@preact/signals";
import { useEffect, useId, useRef } from "preact/hooks";

import { booksOf, matching, partsOf } from "../books";
import type { BookOfPlace } from "../books";
import type { Client } from "../client";
import type { Place } from "../places";
import { town } from "../town";
import { t } from "../words/words";
import { Icon } from "./icons";
import { OpenBook } from "./open_book";
import type { WhichBook } from "./open_book";

/** Of no place: about private cases, or about accounts of staff. */
type Chosen = { readonly place: BookOfPlace } | { readonly part: string } | null;

export function AuditorDesk({ client }: { client: Client }) {
  const books = useSignal<readonly BookOfPlace[] | null>(null);
  const isMissing = useSignal(false);
  const chosen = useSignal<Chosen>(null);
  const title = useRef<HTMLHeadingElement>(null);
  const fetch = async (): Promise<void> => {
    const told = await client.fetch<{ places: Place[] }>("/api/places");
    isMissing.value = !told.ok;
    if (told.ok) books.value = booksOf(told.places);
  };
  useEffect(() => void fetch(), []);
  const open = (which: Chosen): void => {
    chosen.value = which;
    requestAnimationFrame(() => title.current?.focus());
  };
  const now = chosen.value;
  return (
    <section class={now ? "auditor reading-book" : "auditor"} aria-labelledby="auditor-title" data-testid="auditor">
      <div class="auditor-shelf">
        <h2 id="auditor-title" tabIndex={-1}>
          {t("auditor.title")}
        </h2>
        <p class="explain">{t("auditor.explain")}</p>
        {isMissing.value && (
          <button type="button" class="button soft" onClick={() => void fetch()}>
            {t("audit.again")}
          </button>
        )}
        {books.value && <Shelf books={books.value} chosen={now} open={open} />}
      </div>
      <div class="auditor-book">
        {now ? (
          <>
            <header>
              <button
                type="button"
                class="tool"
                data-testid="auditor-back"
                title={t("auditor.back")}
                onClick={() => open(null)}
              >
                <Icon name="back" />
                <span class="unseen">{t("auditor.back")}</span>
              </button>
              <h3 tabIndex={-1} ref={title}>
                {titleOf(now)}
              </h3>
            </header>
            <Reading key={titleOf(now)} chosen={now} client={client} />
          </>
        ) : (
          <p class="auditor-none">{t("auditor.none")}</p>
        )}
      </div>
    </section>
  );
}

function titleOf(chosen: NonNullable<Chosen>): string {
  return "place" in chosen ? chosen.place.name : partName(chosen.part);
}

/** "Privézaken, deel 7" */
function partName(book: string): string {
  const [kind = "", part = ""] = book.split(":p");
  return t(kind === "case" ? "auditor.cases" : "auditor.staff", { part: Number(part) + 1 });
}

interface ShelfFacts {
  books: readonly BookOfPlace[];
  chosen: Chosen;
  open: (which: Chosen) => void;
}

function Shelf({ books, chosen, open }: ShelfFacts) {
  const typed = useSignal("");
  const id = useId();
  const found = matching(books, typed.value);
  const wheres = [...new Set(found.map(({ where }) => where))];
  const isOpen = (book: BookOfPlace): boolean => chosen !== null && "place" in chosen && chosen.place.id === book.id;
  return (
    <>
      <label class="auditor-search" for={id}>
        {t("auditor.search")}
      </label>
      <input
        id={id}
        type="search"
        autocomplete="off"
        value={typed.value}
        data-testid="auditor-search"
        onInput={(event) => (typed.value = event.currentTarget.value)}
      />
      <p class="unseen" role="status">
        {t("auditor.found", { count: found.length })}
      </p>
      <nav aria-label={t("auditor.shelf")}>
        {wheres.map((where) => (
          <section key={where}>
            <h3>{where}</h3>
            <ul>
              {found.flatMap((place) =>
                place.where === where
                  ? [
                      <li key={place.id}>
                        <button
                          type="button"
                          data-testid="auditor-pick"
                          data-id={place.id}
                          aria-current={isOpen(place) ? "true" : undefined}
                          onClick={() => open({ place })}
                        >
                          {place.name}
                        </button>
                      </li>,
                    ]
                  : [],
              )}
            </ul>
          </section>
        ))}
        {(["case", "staff"] as const).map((kind) => (
          <details key={kind}>
            <summary>{t(`auditor.${kind}_books`)}</summary>
            <ul>
              {partsOf(kind).map((part) => (
                <li key={part}>
                  <button type="button" data-testid="auditor-part" data-id={part} onClick={() => open({ part })}>
                    {partName(part)}
                  </button>
                </li>
              ))}
            </ul>
          </details>
        ))}
      </nav>
    </>
  );
}

/** A book, or what it tells of one of its rooms. */
function Reading({ chosen, client }: { chosen: NonNullable<Chosen>; client: Client }) {
  const room = useSignal("");
  const isLive = town.value.connection === "live";
  const id = useId();
  if (!isLive) return <p class="audit-quiet">{t("audit.loading")}</p>;
  if ("part" in chosen) return <OpenBook of={{ book: chosen.part }} client={client} />;
  const { place } = chosen;
  const of: WhichBook = room.value ? { room: room.value } : { book: place.id };
  const nameOf = (asked: string): string | undefined => place.rooms.find((one) => one.id === asked)?.name;
  return (
    <>
      <div class="auditor-room">
        <label for={id}>{t("auditor.room")}</label>
        <select id={id} data-testid="auditor-room" onChange={(event) => (room.value = event.currentTarget.value)}>
          <option value="">{t("auditor.every_room")}</option>
          {place.rooms.map((one) => (
            <option key={one.id} value={one.id}>
              {one.id === place.id ? t("auditor.own_room", { name: one.name }) : one.name}
            </option>
          ))}
        </select>
      </div>
      <OpenBook key={room.value} of={of} client={client} {...(room.value ? {} : { roomNameOf: nameOf })} />
    </>
  );
}
