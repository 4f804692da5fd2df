"""What the demo's neighbours say, who they are and when they sleep: rules without a socket."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from random import Random

import msgspec
import pytest

from rooms.alert_payload import PreviewAlert
from rooms.case_payload import RaiseCase, Resolve
from rooms.default_town import default_town
from rooms.looks import only_looks
from rooms.name import check, skeleton
from rooms.place import Place, Places
from rooms.warning_payload import RaiseWarning
from server.demo import cast, hours, phrases, story
from server.demo.phrases import Words

SEEDS = range(300)
HERE = Places(default_town())
TALKED = re.compile(r"[A-ZÀ-Ý0-9🙂].*[.!?🙂]", re.DOTALL)
ID = "a" * 32 + ":1"


def talk() -> Iterator[str]:
    """Every sentence of 300 conversations about each topic."""
    told = phrases.read()
    for seed in SEEDS:
        for topic in told.topics.values():
            words = Words(told, Random(seed))
            for sentences in (topic.opens, topic.answers, topic.answers, topic.closes):
                yield words.one_of(sentences)


# what they say ---------------------------------------------------------------------------------------


def test_every_sentence_of_talk_is_one() -> None:
    """A capital at the beginning, a mark at the end, nothing of the grammar left, and read at one glance."""
    for sentence in talk():
        assert TALKED.fullmatch(sentence), sentence
        assert not re.search(r"[{}_]|\s\s|\s[,.!?]|\.\.|,\s*$|[.!?] [a-z]", sentence), sentence
        assert len(sentence) <= 200, sentence


def test_neighbours_have_much_to_say() -> None:
    """Thousands of sentences, so that an hour of the demo does not repeat itself."""
    assert len(set(talk())) > 2000


def test_a_conversation_stays_with_its_cat() -> None:
    """Who is missed is who is found: what is held is drawn once."""
    for seed in SEEDS:
        words = Words(phrases.read(), Random(seed))
        missed = words.one_of(("Onze {pet} {petname} is weg, het laatst {spot}.",))
        assert missed == words.one_of(("Onze {pet} {petname} is weg, het laatst {spot}.",))


def test_nobody_repeats_the_other() -> None:
    """Of several answers each is given once, while there are others."""
    for topic in phrases.read().topics.values():
        words = Words(msgspec.structs.replace(phrases.read(), parts={}), Random(1))
        plain = [answer for answer in topic.answers if "{" not in answer]
        assert sorted(words.one_of(plain) for _ in plain) == sorted(plain)


def test_every_part_is_used_and_is_there() -> None:
    """No word that nobody says, and none that is missing."""
    told = phrases.read()
    named = set(re.findall(r"\{(\w+)\}", msgspec.json.encode(told).decode()))
    assert named == set(told.parts)
    assert told.held <= named


@pytest.mark.parametrize("alarm", phrases.read().alarms, ids=lambda alarm: alarm.kind)
def test_every_warning_is_one_that_the_town_takes(alarm: phrases.Alarm) -> None:
    """In the form of the command, without "112?", with what happens and not how somebody looks."""
    for seed in SEEDS:
        words = Words(phrases.read(), Random(seed))
        payload = {"room": "BU05183637:jan-luykenlaan", "client_id": ID, "kind": alarm.kind, "severity": alarm.severity,
                   "text": words.one_of(alarm.opens), "place_note": words.one_of(alarm.notes)}  # fmt: skip
        raised = msgspec.convert(payload, RaiseWarning)
        assert only_looks(raised.text) is None
        for text in (words.one_of(alarm.sees), words.one_of(alarm.asks) if alarm.to else "Top."):
            assert TALKED.fullmatch(text), text
        if alarm.to:
            msgspec.convert({"room": payload["room"], "client_id": ID, "to": alarm.to.value, "urgency": "soon",
                             "text": text}, RaiseCase)  # fmt: skip


def test_every_outcome_is_one_that_the_desk_takes() -> None:
    """A code, and a sentence of 10 to 280 characters."""
    for desk in phrases.read().desk.values():
        for code, text in desk.outcomes:
            msgspec.convert({"case": "p07." + "a" * 12, "client_id": ID, "outcome": code, "text": text}, Resolve)


def test_the_evening_can_be_told() -> None:
    """Everybody in the script lives in the street or is on duty, every deed exists, and it takes under five minutes."""
    for line in story.script():
        assert line.who in {*cast.story_names(), "officer", "second"}
        assert line.deed in story.DEEDS
    assert 120 < sum(line.after for line in story.script()) < 270
    msgspec.convert({**story.ALERT, "places": ["BU05183637"]}, PreviewAlert)


# who they are ----------------------------------------------------------------------------------------


def test_some_three_hundred_neighbours_live_in_forty_streets() -> None:
    """Of both districts, the story's street first; every name is allowed and nobody else's, not even by its looks."""
    homes = cast.homes(HERE)
    names = [name for home in homes for name in home.names]
    assert (len(homes), len({home.street.id for home in homes}), len(names)) == (40, 40, 300)
    assert homes[0].street.name == cast.STORY_STREET
    assert {place.name for home in homes for place in HERE.ancestors(home.street.id) if place.kind == "district"} == {
        "Escamp", "Leidschenveen-Ypenburg",
    }  # fmt: skip
    assert len({skeleton(name) for name in (*names, cast.RESIDENT)}) == 301
    assert [check(name) for name in names] == names


def test_the_same_places_have_the_same_neighbours() -> None:
    """Or a kept town would have others every time."""
    assert cast.homes(HERE) == cast.homes(Places(default_town()))


def test_a_town_of_ones_own_can_be_a_demo_too() -> None:
    """With one street the story plays there; without any there is nobody to live there."""
    village = Places([Place("GM1", "Dorp", "municipality"), Place("BU1", "Kom", "neighbourhood", "GM1"),
                      Place("BU1:kade", "Kade", "street", "BU1")])  # fmt: skip
    assert [home.street.name for home in cast.homes(village)] == ["Kade"]
    assert cast.area(village, cast.OFFICER) == ("GM1",)
    with pytest.raises(RuntimeError, match="needs a street"):
        cast.homes(Places([Place("GM1", "Dorp", "municipality")]))


# when they sleep -------------------------------------------------------------------------------------


def everyone() -> list[str]:
    return [name for home in cast.homes(HERE) for name in home.names]


def test_a_few_are_up_at_night_and_nearly_all_in_the_evening() -> None:
    """By the town's hours; a room is silent for long at night, and not so in the evening."""
    up = {hour: sum(hours.is_awake(name, hour) for name in everyone()) for hour in range(24)}
    assert 3 <= up[3] <= 30
    assert up[20] == 300
    assert hours.gap_s(60, 20) == 60
    assert hours.gap_s(60, 3) > 1000


def test_the_same_are_up_late_every_night() -> None:
    """Who is awake when few are is awake when more are: nobody wakes and sleeps by chance from minute to minute."""
    by_share = sorted((minute / 60 for minute in range(24 * 60)), key=hours.awake)
    for fewer, more in zip(by_share[::90], by_share[90::90], strict=False):
        assert {name for name in everyone() if hours.is_awake(name, fewer)} <= {
            name for name in everyone() if hours.is_awake(name, more)
        }


def test_the_hours_change_without_a_jump() -> None:
    """From one minute to the next, over midnight too, hardly anybody comes or goes."""
    shares = [hours.awake(minute / 60) for minute in range(24 * 60 + 1)]
    assert max(abs(after - before) for before, after in pairwise(shares)) < 0.01
