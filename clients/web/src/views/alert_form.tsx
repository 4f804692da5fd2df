// An alert is made up here: where, what, how grave; beside it how it will look. Then one sees whom it reaches
// (alert_reach), and only then it can be sent.

import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";

import type { AlertDraft } from "../alert_draft";
import type { Alerting, Shown } from "../alerting";
import { tidied } from "../places";
import type { PlaceTree } from "../places";
import type { Person } from "../protocol.gen";
import { t } from "../words/words";
import { CategoryField, FrameFields, SeverityField, WordsFields } from "./alert_facts";
import { focusWrong, TextField, Tick, WrongFields } from "./alert_fields";
import type { Wrongs } from "./alert_fields";
import { AlertPhone } from "./alert_phone";
import { AlertReach } from "./alert_reach";
import { refusedOf, wrongsOf } from "./alert_refused";
import { AlertUnderWay } from "./alert_under_way";
import { townNow } from "./clock";
import { PlacePicker } from "./place_picker";
import { reasonOf } from "./refused_field";
import { fetchPlaces, usePlaces } from "./town_places";
import type { TownPlaces } from "./town_places";

const LONGEST_LINK = 500;

interface Facts {
  me: Person;
  draft: AlertDraft;
  alerting: Alerting;
}

export function AlertForm({ me, draft, alerting }: Facts) {
  const shown = useSignal<Shown | null>(null);
  const wrongs = useSignal<Wrongs>({});
  const trouble = useSignal<string | null>(null);
  const isBusy = useSignal(false);
  const form = useRef<HTMLFormElement>(null);
  const places = usePlaces(alerting, me);
  const tree = places && "tree" in places ? places.tree : null;
  useTidy(draft, tree);
  useEffect(() => focusWrong(form.current), [wrongs.value]);
  const preview = async (): Promise<void> => {
    trouble.value = null;
    const lacks = draft.lacks(me.organisation);
    wrongs.value = wrongsOf(lacks);
    if (lacks.length > 0 || isBusy.value) return;
    isBusy.value = true;
    const told = await alerting.preview(draft.preview(townNow()));
    isBusy.value = false;
    if ("shown" in told) return void (shown.value = told.shown);
    const { field, words } = refusedOf(told.failure);
    shown.value = null;
    if (field) wrongs.value = { [field]: words };
    else trouble.value = words;
  };
  const edit = (): void => void (shown.value = null);
  if (draft.sentAs.value !== null) {
    const facts = { draft, preview: draft.sentAs.value, alerting };
    return <AlertUnderWay {...facts} edit={edit} anew={preview} />;
  }
  if (shown.value) {
    return <AlertReach shown={shown.value} draft={draft} me={me} tree={tree} alerting={alerting} edit={edit} />;
  }
  return (
    <div class="alert-making">
      <form
        class="alert-form"
        data-testid="alert-form"
        noValidate
        ref={form}
        aria-busy={isBusy.value}
        onSubmit={(event) => {
          event.preventDefault();
          void preview();
        }}
      >
        <WrongFields.Provider value={wrongs.value}>
          <AlertFields draft={draft} me={me} alerting={alerting} places={places} />
        </WrongFields.Provider>
        <div role="alert">
          {trouble.value && (
            <p class="failure" data-testid="alert-trouble">
              {trouble.value}
            </p>
          )}
        </div>
        <div class="alert-buttons">
          <button class="button" data-testid="alert-preview" aria-disabled={isBusy.value}>
            {t(isBusy.value ? "alerting.previewing" : "alerting.preview")}
          </button>
          {!draft.isEmpty && (
            <button type="button" class="button quiet" data-testid="alert-clear-form" onClick={() => draft.clear()}>
              {t("alerting.clear_form")}
            </button>
          )}
        </div>
      </form>
      <AlertPhone draft={draft} me={me} tree={tree} />
    </div>
  );
}

/** In the order in which one thinks: where, what, how grave, the words, and what has a default. */
function AlertFields({ draft, me, alerting, places }: Facts & { places: TownPlaces }) {
  return (
    <>
      {places && "tree" in places && <PlacePicker tree={places.tree} chosen={draft.places} />}
      {places === null && <p class="alerts-quiet">{t("alerting.places_loading")}</p>}
      {places && "failure" in places && (
        <div class="failure" role="alert">
          <p>{reasonOf(places.failure)}</p>
          <button type="button" class="button small" onClick={() => void fetchPlaces(alerting, me)}>
            {t("alerting.try_again")}
          </button>
        </div>
      )}
      <CategoryField draft={draft} />
      <SeverityField draft={draft} organisation={me.organisation} />
      <WordsFields draft={draft} />
      <FrameFields draft={draft} />
      <TextField
        field="link"
        label={t("alerting.link")}
        hint={t("alerting.link_hint")}
        value={draft.link.value}
        most={LONGEST_LINK}
        testid="alert-link"
        write={(link) => (draft.link.value = link)}
      />
      <Tick
        label="alert.exercise"
        hint="alerting.exercise_hint"
        isOn={draft.exercise.value}
        testid="alert-is-exercise"
        turn={(isOn) => (draft.exercise.value = isOn)}
      />
    </>
  );
}

/** What was kept may name places that are gone, or in which one works no longer. */
function useTidy(draft: AlertDraft, tree: PlaceTree | null): void {
  useEffect(() => {
    if (tree) draft.places.value = tidied(tree, draft.places.value);
  }, [tree]);
}
