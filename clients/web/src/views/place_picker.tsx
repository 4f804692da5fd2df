// Where it is: on the map, in the list, or by name. All three pick the same places.

import type { Signal } from "@preact/signals";
import { useSignal } from "@preact/signals";
import { useId } from "preact/hooks";

import { above, found, heldOf, toggled } from "../places";
import type { Chosen, Place, PlaceTree } from "../places";
import { t } from "../words/words";
import { useWrong, WrongWords } from "./alert_fields";
import { Icon } from "./icons";
import { MapOfPlaces } from "./place_map_view";
import { PlaceTick, TreeOfPlaces } from "./place_tree";

/** A list longer than this is searched further. */
const MOST_FOUND = 30;

interface Facts {
  tree: PlaceTree;
  chosen: Signal<Chosen>;
}

export function PlacePicker({ tree, chosen }: Facts) {
  const typed = useSignal("");
  const wrong = useWrong("places");
  const toggle = (id: string): void => void (chosen.value = toggled(tree, chosen.value, id));
  return (
    <fieldset class="picker" data-invalid={wrong !== undefined} tabIndex={-1}>
      <legend>{t("alerting.where")}</legend>
      <ChosenPlaces tree={tree} chosen={chosen.value} drop={toggle} />
      {wrong !== undefined && <WrongWords field="places" words={wrong} />}
      <div class="picker-ways">
        <div class="picker-list">
          <Search typed={typed} />
          <div class="picker-scroll" tabIndex={-1}>
            {typed.value.trim() ? (
              <Found tree={tree} typed={typed.value} chosen={chosen.value} toggle={toggle} />
            ) : (
              <TreeOfPlaces tree={tree} chosen={chosen.value} toggle={toggle} />
            )}
          </div>
        </div>
        <MapOfPlaces tree={tree} chosen={chosen.value} toggle={toggle} />
      </div>
    </fieldset>
  );
}

function Search({ typed }: { typed: Signal<string> }) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{t("alerting.search")}</label>
      <input
        id={id}
        type="search"
        autocomplete="off"
        spellcheck={false}
        value={typed.value}
        data-testid="place-search"
        onInput={(event) => (typed.value = event.currentTarget.value)}
        onKeyDown={(event) => event.key === "Enter" && event.preventDefault()} // it would send the form
      />
    </div>
  );
}

interface ListFacts {
  tree: PlaceTree;
  chosen: Chosen;
  toggle: (id: string) => void;
}

function Found({ tree, typed, chosen, toggle }: ListFacts & { typed: string }) {
  const hits = found(tree, typed);
  const shown = hits.slice(0, MOST_FOUND);
  return (
    <>
      <p class="unseen" role="status">
        {t("alerting.found", { count: hits.length })}
      </p>
      <ul class="places" data-testid="places-found">
        {shown.map((place) => (
          <li key={place.id}>
            <PlaceTick
              place={place}
              held={heldOf(tree, chosen, place.id)}
              where={whereOf(tree, place)}
              toggle={toggle}
            />
          </li>
        ))}
      </ul>
      {hits.length === 0 && <p class="explain">{t("alerting.found_none")}</p>}
      {hits.length > shown.length && (
        <p class="explain">{t("alerting.found_more", { count: hits.length - shown.length })}</p>
      )}
    </>
  );
}

/** "Bouwlust, Escamp": which of two streets of one name it is. */
function whereOf(tree: PlaceTree, place: Place): string {
  return above(tree, place)
    .filter(({ kind, name }) => kind !== "municipality" && name !== place.name)
    .map(({ name }) => name)
    .join(", ");
}

/** What is chosen, as the fewest places that say it; each can be dropped here. */
function ChosenPlaces({ tree, chosen, drop }: { tree: PlaceTree; chosen: Chosen; drop: (id: string) => void }) {
  const places = [...chosen].flatMap((id) => tree.byId.get(id) ?? []);
  return (
    <div class="chosen-places">
      <p class="unseen" role="status">
        {places.length > 0 && t("alerting.chosen_said", { places: places.map(({ name }) => name).join(", ") })}
      </p>
      {places.length === 0 && <p class="explain">{t("alerting.chosen_none")}</p>}
      <ul data-testid="places-chosen">
        {places.map((place) => (
          <li key={place.id}>
            <button
              type="button"
              class="chosen-place"
              data-testid="place-drop"
              data-id={place.id}
              aria-label={t("alerting.drop_place", { place: place.name })}
              onClick={() => drop(place.id)}
            >
              <b>{place.name}</b>
              <small>{t(`alerting.kind_${place.kind}`)}</small>
              <Icon name="close" />
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
