"""Letters on paper: a page per code, with a QR code that a phone reads, in a file for its owner alone."""

from __future__ import annotations

import re
import stat
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import TextIO

import pytest
import zxingcpp

from rooms import letter_code
from server import letters
from server.letters import AddressError, Letter, base_address
from server.settings import Settings
from tests.neighbour import Neighbour
from tests.process import ServerProcess
from tests.server.command import Done, bart
from tests.town import GOUDKARPERSINGEL, JAN_LUYKENLAAN

BASE = "https://bart.example.nl"
CODE = "ABCDEFGHJK"
PIXELS = 4
"""Of one module of a QR code, as the tests look at it."""
MODULES = re.compile(r'<svg[^>]*viewBox="0 0 (\d+) \d+"[^>]*>.*?<path[^>]* d="([^"]+)"', re.DOTALL)
STROKE = re.compile(r"([Mm])(-?\d+) (-?[\d.]+)|h(\d+)")


def letter(**facts: object) -> Letter:
    """A letter to the Jan Luykenlaan, but for these facts."""
    usual = {"street": "Jan Luykenlaan", "neighbourhood": "Moerwijk-West", "base": BASE, "household": 4,
             "expires_at_ms": 1_798_066_800_000, "zone": "Europe/Amsterdam"}  # fmt: skip
    return Letter(**{**usual, **facts})  # type: ignore[arg-type]


def seen(sheet: str) -> Iterator[str]:
    """What a phone reads from each QR code of the sheet."""
    for size, strokes in MODULES.findall(sheet):
        side = int(size) * PIXELS
        picture = memoryview(bytes(painted(int(size), strokes))).cast("B", shape=[side, side])
        (found,) = zxingcpp.read_barcodes(picture)
        yield found.text


def painted(size: int, strokes: str) -> bytearray:
    """The picture that a path of horizontal strokes, one module high, draws: a byte per pixel, white is 255."""
    side = size * PIXELS
    picture, x, y = bytearray(b"\xff") * (side * side), 0, 0.0
    for kind, across, down, length in STROKE.findall(strokes):
        if length:
            for line in range(int(y) * PIXELS, int(y + 1) * PIXELS):
                start = line * side + x * PIXELS
                picture[start : start + int(length) * PIXELS] = bytes(int(length) * PIXELS)
            x += int(length)
        else:
            x, y = (int(across), float(down)) if kind == "M" else (x + int(across), y + float(down))
    return picture


def codes_of(sheet: str) -> list[str]:
    """The codes as they stand there to be typed."""
    return [letter_code.normalise(text) for text in re.findall(r'<p class="code">([^<]+)</p>', sheet)]


def words_of(sheet: str) -> str:
    """What a person reads, in one line."""
    return " ".join(unescape(re.sub(r"<style>.*?</style>|<[^>]+>", " ", sheet, flags=re.DOTALL)).split())


# the address -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "base"),
    [
        (BASE, BASE),
        ("https://bart.example.nl/", BASE),
        (" HTTPS://Bart.Example.NL\n", BASE),
        ("https://bart.example.nl:8443", "https://bart.example.nl:8443"),
        ("http://localhost:8000", "http://localhost:8000"),
        ("http://192.168.1.5:8000/", "http://192.168.1.5:8000"),
        ("https://[2001:db8::1]:8443", "https://[2001:db8::1]:8443"),
    ],
)
def test_an_address_is_one_that_a_phone_can_open(text: str, base: str) -> None:
    """Its scheme, its host and its port; a slash at the end is no matter."""
    assert base_address(text) == base


@pytest.mark.parametrize(
    "text",
    ["", "bart", "bart.example.nl", "ftp://bart.example.nl", "javascript:alert(1)", "https://", "https:///", "https://:80",
     "https://bart.example.nl/app", "https://bart.example.nl/?a=b", "https://bart.example.nl/#code=AAAAAAAAAA",
     "https://eva@bart.example.nl", "https://eva:geheim@bart.example.nl", "https://bart.example.nl:70000",
     "https://bart.example.nl:http", "https://bart example.nl", "https://bart_example.nl", "https://-bart.nl",
     'https://bart.nl"><script>', "https://[2001:db8::zz]", "https://[bart", "https://300.1.1.1", "https://bart..nl",
     "http://bart.example.nl", "http://8.8.8.8", "https://bart\\.nl"],
)  # fmt: skip
def test_an_address_that_can_not_be_meant_is_refused(text: str) -> None:
    """With an example of one that can; http is good on this machine and in a private network alone."""
    with pytest.raises(AddressError, match=re.escape("one like https://bart.example.nl.")):
        base_address(text)


def test_the_settings_know_where_the_town_is() -> None:
    """The first origin that browsers may come from, else the port that the server listens on."""
    named = Settings(origins=" https://bart.example.nl, https://oud.example.nl")
    assert letters.default_address(named) == BASE
    assert letters.default_address(Settings(port=8123)) == "http://localhost:8123"


# the sheet -------------------------------------------------------------------------------------------


def test_a_phone_reads_the_link_with_the_code_in_its_fragment() -> None:
    """What stands behind the # is sent to no server, so nobody's log has it."""
    codes = [letter_code.make() for _ in range(5)]
    sheet = letters.sheet(letter(), codes)
    assert list(seen(sheet)) == [f"{BASE}/#code={code}" for code in codes]
    assert codes_of(sheet) == codes


def test_a_letter_tells_what_bart_is_and_is_not() -> None:
    """112 stands first; then what it is, where to go, how long the code lasts, and for how many."""
    words = words_of(letters.sheet(letter(), [CODE]))
    assert "ABCDE-FGHJK" in words
    assert "Jan Luykenlaan , Moerwijk-West" in words
    assert "De code werkt tot 24 december 2026, voor 4 mensen in jouw huishouden." in words
    assert f"Ga naar {BASE} en typ deze code" in words
    assert words.index("112") < words.index("Wat is BART?") < words.index("geen alarmnummer")
    assert "voor 1 persoon in jouw huishouden" in words_of(letters.sheet(letter(household=1), [CODE]))


def test_a_sheet_runs_nothing_and_fetches_nothing() -> None:
    """No script, no address outside the text, and a policy that would forbid both."""
    sheet = letters.sheet(letter(), [CODE])
    assert not re.search(r"<(script|img|link|iframe|object)|url\(|@import|\son\w+=|(src|href)=", sheet)
    assert "default-src 'none'" in sheet
    assert sheet.count('<section class="letter">') == 1


def test_a_name_of_a_place_is_text_and_no_markup() -> None:
    """However a town's places were called when they were imported."""
    sheet = letters.sheet(letter(street="<b>Laan</b> & $pages \"'", neighbourhood="</p><script>x</script>"), [CODE])
    assert "<script" not in sheet
    assert "&lt;b&gt;Laan&lt;/b&gt; &amp; $pages" in sheet


# the file --------------------------------------------------------------------------------------------


def test_a_file_appears_whole_and_for_its_owner_alone(tmp_path: Path) -> None:
    """Whoever looks while it is written finds the name taken and nothing in it."""
    path = tmp_path / "letters.html"
    with letters.new_file(path) as file:
        file.write("brief")
        file.flush()
        assert path.read_text() == ""
        assert {stat.S_IMODE(one.stat().st_mode) for one in tmp_path.iterdir()} == {0o600}
    assert path.read_text() == "brief"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_that_fails_leaves_nothing(tmp_path: Path) -> None:
    """Neither half a file nor the name."""

    def fail(file: TextIO) -> None:
        file.write("brief")
        raise RuntimeError("the store is gone")

    with pytest.raises(RuntimeError, match="store"), letters.new_file(tmp_path / "letters.html") as file:
        fail(file)
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_there_stays_as_it_is(tmp_path: Path) -> None:
    """Its codes may be on no other paper; a link that leads nowhere is somebody's name too."""
    path, dangling = tmp_path / "letters.html", tmp_path / "link.html"
    path.write_text("brieven van gisteren")
    dangling.symlink_to(tmp_path / "elsewhere.html")
    for taken in (path, dangling):
        with pytest.raises(FileExistsError), letters.new_file(taken):
            pass
    assert path.read_text() == "brieven van gisteren"
    assert sorted(tmp_path.iterdir()) == [path, dangling]


# the command -----------------------------------------------------------------------------------------


async def invite(process: ServerProcess, *more: str, **environ: str) -> Done:
    return await bart("invite", JAN_LUYKENLAAN, *more, "--data", str(process.data), **environ)


async def test_a_neighbour_joins_by_a_printed_letter(process: ServerProcess, tmp_path: Path) -> None:
    """What a phone reads from the paper opens the door of the street; no code is printed or logged beside it."""
    path = tmp_path / "letters.html"
    done = await invite(process, "--count", "2", "--letters", str(path), "--address", BASE, BART_LOG_LEVEL="debug")
    assert done.out == f"2 letters to Jan Luykenlaan. Print {path}, then delete it.\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    sheet = path.read_text(encoding="utf-8")
    links = list(seen(sheet))
    assert links == [f"{BASE}/#code={code}" for code in codes_of(sheet)]
    for code in codes_of(sheet):
        assert code not in done.err
        assert letter_code.spoken(code) not in done.err
    ada = await Neighbour(process.url, "Ada").join(links[0].partition("#code=")[2])
    assert ada.person["street"]["id"] == JAN_LUYKENLAAN


async def test_letters_are_printed_or_listed_beside_the_file(process: ServerProcess, tmp_path: Path) -> None:
    """- prints the sheet; with --json or --csv the codes of the file are listed as ever."""
    printed = await invite(process, "--letters", "-", "--address", BASE, "--household", "1")
    assert printed.out.startswith("<!doctype html>")
    assert "voor 1 persoon" in printed.out
    path = tmp_path / "a.html"
    made = (await invite(process, "--count", "3", "--letters", str(path), "--address", BASE, "--json")).json()
    assert [one["code"] for one in made] == codes_of(path.read_text(encoding="utf-8"))
    path = tmp_path / "b.html"
    table = (await invite(process, "--letters", str(path), "--address", BASE, "--csv")).out.splitlines()
    assert table == ["code,street", *(f"{code},{JAN_LUYKENLAAN}" for code in codes_of(path.read_text()))]


async def test_letters_go_where_the_settings_say(process: ServerProcess) -> None:
    """Without --address the town's own origin; and who would print the address of this machine is warned."""
    public = await invite(process, "--letters", "-", BART_ORIGINS=BASE)
    assert f"<b>{BASE}</b>" in public.out
    assert "--address" not in public.err
    here = await invite(process, "--letters", "-")
    assert "<b>http://localhost:8000</b>" in here.out
    assert "no other machine can open: give --address" in here.err


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (("--letters", "{folder}/a.html", "--address", "bart"), "https://bart.example.nl"),
        (("--letters", "{folder}/a.html", "--address", "http://bart.example.nl"), "https://"),
        (("--address", BASE), "--letters"),
        (("--letters", "-", "--json"), "file"),
        (("--letters", "{folder}/there.html"), "there already"),
        (("--letters", "{folder}/nowhere/a.html"), "No such file"),
        (("--letters", "{folder}"), "{folder}"),
    ],
)
async def test_letters_that_can_not_be_kept_are_not_made(tmp_path: Path, more: tuple[str, ...], words: str) -> None:
    """A sentence says why, and no file is touched."""
    folder = tmp_path / "paper"
    folder.mkdir()
    (folder / "there.html").write_text("brieven van gisteren")
    options = [option.format(folder=folder) for option in more]
    done = await bart("invite", JAN_LUYKENLAAN, *options, "--data", str(tmp_path / "data"))
    done.refused(words.format(folder=folder))
    assert [(one.name, one.read_text()) for one in folder.iterdir()] == [("there.html", "brieven van gisteren")]


async def test_a_street_that_is_none_leaves_no_letters(tmp_path: Path) -> None:
    """Nor does --withdraw take a file to write."""
    path, data = tmp_path / "a.html", str(tmp_path / "data")
    (await bart("invite", "Nergenslaan", "--letters", str(path), "--address", BASE, "--data", data)).refused(
        "Nergenslaan"
    )
    (await bart("invite", "--withdraw", CODE, "--letters", str(path), "--data", data)).refused("--letters")
    assert not path.exists()


async def test_letters_name_the_street_they_go_to(process: ServerProcess) -> None:
    """And its neighbourhood, since a name may be that of two streets."""
    made = await bart("invite", GOUDKARPERSINGEL, "--letters", "-", "--address", BASE, "--data", str(process.data))
    assert "Goudkarpersingel , De Vissen" in words_of(made.out)
    assert len(codes_of(made.out)) == 1
