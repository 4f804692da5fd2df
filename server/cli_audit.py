"""`bart audit`: whether the open books are as they were written, and a copy of them for somebody else's machine."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

import click
import msgspec

from rooms import audit_book, audit_chain, audit_export
from rooms.audit_chain import FIRST, Book, Problem, Seen
from rooms.audit_export import Export
from rooms.town import DAY_MS
from server import audit_heads
from server.audit_heads import Heads
from server.cli_ground import in_town, where_the_town_is
from server.ground import Ground
from server.settings import Settings

STDOUT = "-"


@click.group()
def audit() -> None:
    """The open books: what staff did, sealed row by row."""


@audit.command("verify")
@where_the_town_is
@click.option("--heads", "heads_file", metavar="FILE", help="Heads that were kept elsewhere, as audit.heads has them.")
@click.option("--file", "export_file", metavar="FILE", help="Verify what `bart audit export` wrote instead of a town.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON: {books, rows, unsealed, problems: [...]}.")
def verify(town: Settings, heads_file: str | None, export_file: str | None, as_json: bool) -> None:
    """Look for any change to a book; names the first wrong row of each, and ends with 1 where there is one."""
    kept = _heads(Path(heads_file)) if heads_file else {}
    if export_file:
        exports = _with(_read(Path(export_file)), kept)
        _report(exports, _keep_after_ms(town, time.time() * 1000), as_json=as_json)
        return

    async def work(ground: Ground) -> None:
        own = _heads(town.data_folder() / audit_heads.NAME, must_exist=False)
        exports = await _books(ground, own, kept)
        _report(exports, _keep_after_ms(town, ground.town.clock.now_ms()), as_json=as_json)

    in_town(town, work, default=False)


@audit.command("export")
@where_the_town_is
@click.argument("file")
def export_books(town: Settings, file: str) -> None:
    """Write all books, with their seals and the heads that were kept, as lines of JSON to a new FILE; - prints them."""
    path = Path(file)
    if file != STDOUT and path.exists():
        raise click.ClickException(f"{path.name} exists already; name a new file.")

    async def work(ground: Ground) -> None:
        own = _heads(town.data_folder() / audit_heads.NAME, must_exist=False)
        exports = await _books(ground, own)
        lines = [f"{line}\n" for export in exports for line in audit_export.lines(export)]
        if file == STDOUT:
            sys.stdout.writelines(lines)
            return
        _write(path, lines)
        click.echo(f"{_counted(len(exports), 'book')}, {_counted(_rows(exports), 'row')} written to {path.name}.")

    in_town(town, work, default=False)


def _write(path: Path, lines: Iterable[str]) -> None:
    """A new file, for its owner alone: words of staff about residents stand in it."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.writelines(lines)


# reading ---------------------------------------------------------------------------------------------


async def _books(ground: Ground, *kept: Heads) -> list[Export]:
    """Every book, with the heads of it that were kept; those first, so that no book is ahead of its own."""
    store = ground.town.store
    town = {book: (seen,) for book, seen in (await audit_book.heads(store)).items()}
    names = {*await audit_book.names(ground.town), *(book for heads in kept for book in heads)}
    books = [await audit_book.load(store, name) for name in sorted(names)]
    return [Export(book, _of(book.name, town, *kept)) for book in books]


def _of(book: str, *kept: Heads) -> tuple[Seen, ...]:
    return tuple(seen for heads in kept for seen in heads.get(book, ()))


def _with(exports: Iterable[Export], kept: Heads) -> list[Export]:
    """The books with these heads as well; one that is in no line of the file stands there empty, as its heads tell."""
    found = {one.book.name: one for one in exports}
    missing = [Export(Book(name=name, rows=(), seals={}, count=0, sealed=0, head=FIRST), ()) for name in kept]
    every = {one.book.name: one for one in missing} | found
    return [msgspec.structs.replace(one, kept=(*one.kept, *_of(one.book.name, kept))) for one in every.values()]


def _read(path: Path) -> list[Export]:
    try:
        with path.open(encoding="utf-8") as lines:
            return audit_export.read(lines)
    except FileNotFoundError:
        raise click.ClickException(f"There is no file {path.name}.") from None
    except OSError as error:
        raise click.ClickException(f"{path.name} can't be read ({error.strerror}).") from None
    except ValueError as error:
        raise click.ClickException(f"{error}.") from None


def _heads(path: Path, *, must_exist: bool = True) -> Heads:
    if must_exist and not path.exists():
        raise click.ClickException(f"There is no file {path.name}.")
    try:
        return audit_heads.read(path)
    except OSError as error:
        raise click.ClickException(f"{path.name} can't be read ({error.strerror}).") from None
    except ValueError as error:
        raise click.ClickException(f"{error}.") from None


def _keep_after_ms(town: Settings, now_ms: float) -> int:
    return int(now_ms) - town.keep_audit_days * DAY_MS


# telling ---------------------------------------------------------------------------------------------


def _report(exports: list[Export], keep_after_ms: int, *, as_json: bool) -> None:
    problems = list(_problems(exports, keep_after_ms))
    unsealed = sum(max(one.book.count - one.book.sealed, 0) for one in exports)
    if as_json:
        told = {"books": len(exports), "rows": _rows(exports), "unsealed": unsealed,
                "problems": msgspec.to_builtins(problems)}  # fmt: skip
        click.echo(json.dumps(told, ensure_ascii=False))
    else:
        _say(exports, problems, unsealed)
    if problems:
        raise click.ClickException(f"{len(problems)} of {_counted(len(exports), 'book')} no longer as written.")


def _problems(exports: Iterable[Export], keep_after_ms: int) -> Iterator[Problem]:
    for one in exports:
        found = [one.problem, audit_chain.verify(one.book, one.kept, keep_after_ms)]
        first = min((problem for problem in found if problem is not None), key=lambda problem: problem.n, default=None)
        if first is not None:
            yield first


def _say(exports: list[Export], problems: list[Problem], unsealed: int) -> None:
    for problem in problems:
        click.echo(f"{problem.book}, row {problem.n}: {problem.what}.")
    if unsealed:
        click.echo(f"{_counted(unsealed, 'row')} not sealed yet; a server seals within a second.")
    if not problems:
        books, rows = _counted(len(exports), "book"), _counted(_rows(exports), "row")
        heads = _counted(sum(len(one.kept) for one in exports), "head")
        click.echo(f"{books}, {rows}, {heads} kept elsewhere: everything is as it was written.")


def _rows(exports: Iterable[Export]) -> int:
    return sum(len(one.book.rows) for one in exports)


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
