"""A backup of a data folder while its town is open, and a data folder made of one.

The file is a tar: what Redis has on the disk, the secrets beside it, and at its end a list of both with their digests,
so that one that was cut off is not taken for a whole one. An answer means on the disk, so whatever was acknowledged
before the backup began is in it. It holds every word and every secret of the town: keep it as you keep those.
"""

from __future__ import annotations

import hashlib
import io
import os
import re
import secrets
import shutil
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, BinaryIO, Final

import msgspec

from server import erased_list

PARTS: Final = "redis/appendonlydir"
BESIDE: Final = ("code.key", "alert.key", "audit.heads", erased_list.NAME)
"""Of the data folder, where they are: without the secrets no letter and no signature would be good any longer, and
without the list who was erased could come back."""
LIST: Final = "backup.json"
FORM: Final = 1
PIECE: Final = 1 << 20
MOST_TRIES: Final = 50
_PART: Final = re.compile(rf"{PARTS}/[A-Za-z0-9._-]+")


class BackupError(RuntimeError):
    """It can't be done; the text says why and what a person can do."""


class Part(msgspec.Struct, frozen=True):
    """One file. size: bytes; sha256: hex digits."""

    size: int
    sha256: str


class Backup(msgspec.Struct, frozen=True):
    """What a backup holds. taken_ms: everything acknowledged before then is in it. files: by their names."""

    form: int
    taken_ms: int
    files: dict[str, Part]

    @property
    def size(self) -> int:
        return sum(part.size for part in self.files.values())


# taking ----------------------------------------------------------------------------------------------


def take(data: Path, target: Path, now_ms: int) -> Backup:
    """Write a backup of the data folder into the new file *target* (0600).

    Raises BackupError, OSError; then there is no such file.
    """
    if target.exists():
        raise BackupError(f"{target} is there already; a backup is a new file.")
    aside = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    try:
        with _private(aside) as file, _held(data) as parts:
            taken = _write(file, {**parts, **_beside(data)}, now_ms)
        os.link(aside, target)  # a file that came meanwhile is not written over
    finally:
        aside.unlink(missing_ok=True)
    _sync_folder(target.parent)
    return taken


@contextmanager
def _held(data: Path) -> Iterator[dict[str, Path]]:
    """The parts of the append-only file as one list of parts names them, held by links of their own: Redis may write it
    anew and take away the old parts meanwhile."""
    folder = data / f".backup-{secrets.token_hex(4)}"
    folder.mkdir(mode=0o700)
    try:
        for _ in range(MOST_TRIES):
            with suppress(FileNotFoundError):  # taken away between the list and the link: look again
                if found := _link_all(data / PARTS, folder):
                    yield {f"{PARTS}/{name}": folder / name for name in found}
                    return
            for link in folder.iterdir():
                link.unlink()
        raise BackupError("Redis keeps writing its file anew; try again in a moment.")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _link_all(parts: Path, folder: Path) -> list[str]:
    """The names of the parts, each linked into *folder*; none where the list changed while that was done."""
    manifest = next(parts.glob("*.manifest"), None)
    if manifest is None:
        raise BackupError(f"{parts} holds no town yet.")
    said = manifest.read_bytes()
    named = [words[1] for words in map(str.split, said.decode().splitlines()) if words[:1] == ["file"]]
    for name in named:
        os.link(parts / name, folder / name)
    (folder / manifest.name).write_bytes(said)
    return [manifest.name, *named] if manifest.read_bytes() == said else []


def _beside(data: Path) -> dict[str, Path]:
    return {name: data / name for name in BESIDE if (data / name).is_file()}


def _write(file: BinaryIO, sources: dict[str, Path], now_ms: int) -> Backup:
    with tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as tar:
        files = {name: _add(tar, name, path) for name, path in sources.items()}
        taken = Backup(FORM, now_ms, files)
        said = msgspec.json.encode(taken)
        tar.addfile(_row(LIST, len(said)), io.BytesIO(said))
    file.flush()
    os.fsync(file.fileno())
    return taken


def _add(tar: tarfile.TarFile, name: str, path: Path) -> Part:
    """A file as long as it is now: Redis goes on appending to its last part."""
    with path.open("rb") as source:
        size = os.fstat(source.fileno()).st_size
        reader = _Digesting(source)
        tar.addfile(_row(name, size), reader)
    return Part(size, reader.sha256.hexdigest())


class _Digesting(io.RawIOBase):
    """Reads on, and digests what was read."""

    def __init__(self, source: BinaryIO) -> None:
        super().__init__()
        self._source, self.sha256 = source, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        data = self._source.read(size)
        self.sha256.update(data)
        return data


def _row(name: str, size: int) -> tarfile.TarInfo:
    row = tarfile.TarInfo(name)
    row.size, row.mode = size, 0o600
    return row


# restoring -------------------------------------------------------------------------------------------


class Unpacked(msgspec.Struct, frozen=True):
    """A backup, and the folder in which it was laid out."""

    backup: Backup
    folder: Path


@contextmanager
def unpacked(source: Path, data: Path) -> Iterator[Unpacked]:
    """Lay a backup out beside *data*, which it becomes when the caller is done with it and nothing went wrong.

    Raises BackupError where it is none, or not whole, or *data* is there already; OSError.  Then nothing is left of it.
    """
    if data.exists() and (not data.is_dir() or any(data.iterdir())):
        raise BackupError(f"{data} is there already; a town is restored into a new folder.")
    data.parent.mkdir(parents=True, exist_ok=True)
    aside = data.with_name(f".{data.name}.{secrets.token_hex(4)}")
    try:
        aside.mkdir(mode=0o700)
        yield Unpacked(_read(source, aside), aside)
        aside.replace(data)  # an empty folder gives way
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    _sync_folder(data.parent)


def _read(source: Path, folder: Path) -> Backup:
    found: dict[str, Part] = {}
    said = b""
    try:
        with tarfile.open(source, mode="r:") as tar:
            for row in tar:
                content = tar.extractfile(row) if row.isfile() else None
                if content is None or not _is_ours(row.name) or row.name in found:
                    raise BackupError(f"{source} is no backup of BART: it holds {row.name[:80]!r}.")
                if row.name == LIST:
                    said = content.read(PIECE)
                else:
                    found[row.name] = _lay(content, folder / row.name)
    except tarfile.TarError as error:
        raise BackupError(f"{source} is no backup, or not a whole one.") from error
    return _checked(source, said, found)


def _is_ours(name: str) -> bool:
    return name == LIST or name in BESIDE or (_PART.fullmatch(name) is not None and ".." not in name)


def _lay(content: IO[bytes], path: Path) -> Part:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    with _private(path) as file:
        while piece := content.read(PIECE):
            digest.update(piece)
            size += len(piece)
            file.write(piece)
        file.flush()
        os.fsync(file.fileno())
    return Part(size, digest.hexdigest())


def _checked(source: Path, said: bytes, found: dict[str, Part]) -> Backup:
    """Raises BackupError unless what was found is what the list at the end names, byte for byte."""
    try:
        listed = msgspec.json.decode(said, type=Backup)
    except msgspec.DecodeError:
        raise BackupError(f"{source} is cut off: its end is missing. Use another backup.") from None
    if listed.form != FORM:
        raise BackupError(f"{source} was made by another version of BART.")
    if listed.files != found:
        raise BackupError(f"{source} is damaged. Use another backup.")
    return listed


@contextmanager
def _private(path: Path) -> Iterator[BinaryIO]:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        yield file


def _sync_folder(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
