"""What may know what: imports run downwards, rules are pure, Redis and its keys have their files, deeds a header."""

from __future__ import annotations

import ast
import itertools
import json
import re
import shutil
import statistics
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
MODULES = {
    ".".join(file.relative_to(ROOT).with_suffix("").parts): file
    for package in ("rooms", "server")
    for file in sorted((ROOT / package).rglob("*.py"))
    if file.name != "__init__.py"
}
SOURCES = [file for folder, ending in (("rooms", "py"), ("rooms", "lua"), ("server", "py"), ("clients/web/src", "ts*"))
           for file in sorted((ROOT / folder).rglob(f"*.{ending}"))]  # fmt: skip

# Who may import what -----------------------------------------------------------------------------------

PURE = (
    "alert_body", "alert_chain", "alert_content", "alert_event", "alert_payload", "alert_rules", "alert_shape",
    "alert_words", "alias", "audit_chain", "audit_deed", "audit_export", "audit_payload", "case_audit",
    "call", "case", "case_event", "case_joining", "case_move", "case_passing", "case_payload", "case_policy",
    "cbs", "escalation", "event", "geojson", "import_draft", "key_dictionary", "keys", "letter_code", "limit", "name",
    "on_call", "permission", "person", "place", "place_import", "place_name", "refusal", "room", "shape", "skeleton",
    "space", "totp",
    "report", "report_event", "report_payload", "report_ruling", "report_shape",
    "warning_event", "warning_payload", "warning_shape",
    "looks", "sentence", "triage", "vocabulary",
    "activity", "activity_shape",
    "alert_cap", "cap", "cover", "moment", "outline", "polygon", "signature",
)  # fmt: skip
LEVELS: tuple[tuple[str, ...], ...] = (  # from the bottom; a module imports from lower levels only
    PURE,
    ("clock", "default_town", "lately", "script", "sealed_secret", "together"),
    ("pipeline",),
    ("along",),
    ("store",),
    ("town",),
    ("audit_book", "command_row", "deadline", "deed", "feed", "guest", "in_person", "log", "roster"),
    (
        "account",
        "alert_record",
        "attempt",
        "case_record",
        "correction",
        "given",
        "notice",
        "report_record",
    ),
    ("alert_audience", "alert_delivery", "audit", "traces", "warning_record"),
    ("alert_due", "alert_preview", "session", "letter", "presence", "retention"),
    (
        "alert",
        "alert_reach",
        "check",
        "erasure_rooms",
        "membership",
        "message",
        "own_words",
        "reading",
        "reporting",
        "second_factor",
        "warning",
        "watching",
    ),
    ("activity_store", "erasure_records", "inside", "measure", "raising", "warning_check", "warning_due"),
    ("arrangement", "desk", "entering", "erasure"),
    ("desk_view", "overdue", "report_due"),
    ("duty",),
    ("alert_table", "audit_table", "case_table", "report_table", "session_table", "staff", "warning_table"),
    ("command",),
    ("dispatch",),
)
WORLD = frozenset({"asyncio", "datetime", "os", "random", "redis", "secrets", "select", "selectors", "signal", "socket",
                   "structlog", "subprocess", "threading", "time"})  # fmt: skip
"""What a pure file does not know: clocks, chance, processes, sockets, Redis, the log."""

REACHES_OUT = {
    "letter_code": {"secrets"},  # a code is drawn by chance; tests hand in a seeded one
    "moment": {"datetime"},  # writes a moment that it is handed
}
REDIS = {
    "rooms.pipeline": "is the way to Redis: hiredis packs and parses",
    "rooms.store": "knows an answer of Redis that is an error",
    "server.redis_facts": "is the administrator of the embedded Redis",
}
SOCKETS = {
    "server.clients": "our manager of clients, under python-socketio",
    "server.demo.neighbour": "the neighbours of the demo are real clients",
    "server.engine": "our Engine.IO, under python-socketio",
    "server.gateway": "the exception by which python-socketio refuses a connection",
    "server.packet": "python-socketio's MessagePack packets",
    "server.socketio_server": "python-socketio itself",
}
CARRIERS = ("backlog", "clients", "connection", "deadlines", "door", "eager", "engine", "frames", "handshake", "line",
            "packet", "pings", "socketio_server", "turn")  # fmt: skip
"""The files that carry bytes: of the domain they know how a refusal reads, and of the server only each other."""

LONGER = {
    "clients/web/src/protocol.gen.ts": "rendered from the tables",
    "server/connection.py": "one connection from its first byte to its last",
}


def test_the_levels_name_every_file_of_the_domain() -> None:
    """A new file finds its level, or this fails."""
    named = [name for level in LEVELS for name in level]
    assert sorted(named) == sorted(name.removeprefix("rooms.") for name in MODULES if name.startswith("rooms."))


@pytest.mark.parametrize("number", range(len(LEVELS)))
def test_imports_run_downwards(number: int) -> None:
    """dispatch -> command -> features -> log, feed, account -> store -> keys; pure files know each other at most."""
    below = {name for level in LEVELS[:number] for name in level} | (set(PURE) if number == 0 else set())
    for name in LEVELS[number]:
        known = {part.split(".")[1] for part in imports(f"rooms.{name}") if part.startswith("rooms.")}
        assert known <= below, f"rooms/{name}.py imports {sorted(known - below)}"


def test_nothing_imports_in_a_circle() -> None:
    """Whoever reads a file from the top never comes back to it."""
    graph = {name: imports(name) & set(MODULES) for name in MODULES}
    while free := {name for name, known in graph.items() if not known}:
        graph = {name: known - free for name, known in graph.items() if name not in free}
    assert graph == {}


def test_the_domain_knows_no_transport() -> None:
    """rooms/ knows Redis, and no socket.io, no aiohttp, no server."""
    transports = {"aiohttp", "argon2", "click", "engineio", "prometheus_client", "server", "socketio", "uvloop"}
    found = {name: roots(name) & transports for name in MODULES if name.startswith("rooms.")}
    assert {name: known for name, known in found.items() if known} == {}


@pytest.mark.parametrize(("libraries", "allowed"), [({"redis", "hiredis"}, REDIS), ({"socketio", "engineio"}, SOCKETS)])
def test_a_library_is_known_where_it_must_be(libraries: set[str], allowed: dict[str, str]) -> None:
    """Each file that speaks to redis-py or python-socketio has its reason, and no other does."""
    assert {name for name in MODULES if roots(name) & libraries} == set(allowed)


@pytest.mark.parametrize("name", CARRIERS)
def test_who_carries_decides_nothing(name: str) -> None:
    """Rules decide, the store commits, transports carry."""
    known = {part for part in imports(f"server.{name}") if part.split(".")[0] in ("rooms", "server")}
    assert known <= {"rooms.refusal", *(f"server.{other}" for other in CARRIERS)}


def test_only_the_command_line_composes() -> None:
    """app is the composition root: the command line and the demo's server import it, and those only `python -m`."""
    assert [name for name in MODULES if "server.app" in imports(name)] == ["server.cli", "server.demo.serving"]
    assert [name for name in MODULES if "server.cli" in imports(name)] == ["server.__main__"]


@pytest.mark.parametrize("name", [*(f"rooms.{name}" for name in PURE), "server.typescript", "server.contract"])
def test_a_rule_is_pure(name: str) -> None:
    """A rule is a function of its arguments: no clock, no chance, no Redis, no socket, no log."""
    allowed = REACHES_OUT.get(name.removeprefix("rooms."), set())
    assert roots(name) & WORLD == allowed
    called = {
        node.func.id for node in ast.walk(tree(name)) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    assert not called & {"input", "open", "print"}


def test_what_calls_itself_pure_is_held_to_it() -> None:
    """The word in a docstring is a promise."""
    claims = {name for name in MODULES if re.search(r"\bpure\b", ast.get_docstring(tree(name)) or "", re.IGNORECASE)}
    assert claims <= {f"rooms.{name}" for name in PURE} | {"server.typescript"}


def test_only_the_clock_tells_the_time() -> None:
    """The domain is handed now_ms, so that tests move time instead of sleeping; the store's patience is monotonic."""
    telling = {name for name in MODULES if name.startswith("rooms.") and roots(name) & {"time", "datetime"}}
    assert telling == {"rooms.clock", "rooms.moment", "rooms.pipeline", "rooms.store"}
    assert "now(" not in MODULES["rooms.moment"].read_text()  # it writes a moment that it is handed
    assert imports("rooms.store") & {"time", "time.monotonic"} == {"time.monotonic"}


def test_keys_are_put_together_in_one_file() -> None:
    """A hash tag stands in rooms/keys.py, and a key's pattern in the dictionary; elsewhere keys are asked for."""
    tag = re.compile(r"\{(p\d\d|town|tag)\}|^\}:")
    found = {
        (name, text)
        for name in sorted(MODULES.keys() - {"rooms.keys", "rooms.key_dictionary"})
        for text in strings(tree(name))
        if tag.search(text)
    }
    assert found == {("rooms.feed", "}:")}  # which reads the partition in a stream's name


# Files -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", MODULES)
def test_a_file_says_what_it_is(name: str) -> None:
    """A tired colleague reads the first lines and knows whether this is the place."""
    assert re.match(r"[A-Z/`p].*[.:]", (ast.get_docstring(tree(name)) or "").split("\n\n")[0], re.DOTALL)


@pytest.mark.parametrize("package", ["rooms", "server"])
def test_the_reading_order_names_every_file(package: str) -> None:
    """Who begins to read finds every file in the package's docstring, with what it belongs to."""
    order = (ast.get_docstring(ast.parse((ROOT / package / "__init__.py").read_text())) or "").split("in this order")[1]
    own = {file.stem for name, file in MODULES.items() if name.count(".") == 1 and name.startswith(f"{package}.")}
    assert own - {"__main__"} <= set(re.findall(r"\w+", order))


def test_a_file_fits_in_the_head() -> None:
    """No file is above 350 lines but those with a reason."""
    long = {str(file.relative_to(ROOT)) for file in SOURCES if len(file.read_text().splitlines()) > 350}
    assert long <= set(LONGER)


def test_functions_are_small() -> None:
    """Half of all functions have at most 8 lines, nine in ten at most 35."""
    lengths = sorted(
        len(ast.unparse(node).splitlines())
        for name in MODULES
        for node in ast.walk(tree(name))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    )
    assert statistics.median(lengths) <= 8
    assert lengths[len(lengths) * 9 // 10] <= 35


def test_files_are_named_by_the_field() -> None:
    """A file has one reason to be opened, and its name says which."""
    empty = {"utils", "util", "helpers", "helper", "manager", "service", "services", "common", "misc", "lib"}
    named = {file: file.lower().replace("service_worker", "") for file in listed()}  # the web's own word
    found = {file for file, name in named.items() if empty & set(re.split(r"[/._-]", name))}
    assert found == set()


def test_nothing_is_left_to_do() -> None:
    """What is not done stands in an issue, not in the sources."""
    marks = re.compile("|".join((r"\bTO" + "DO", "FIX" + "ME", r"\bXX" + "X\\b", r"\bHA" + "CK")))
    endings = {".py", ".lua", ".ts", ".tsx", ".css", ".md", ".toml", ".html", ".mjs", ".js"}
    files = [file for file in listed() if Path(file).suffix in endings]
    assert {file for file in files if marks.search((ROOT / file).read_text())} == set()


def test_the_top_level_holds_what_was_agreed() -> None:
    """Packages, clients, tests, the contract, how to run it; nothing else."""
    allowed = {"Procfile", "README.md", "clients", "protocol.md", "pyproject.toml", "rooms", "server", "tests"}
    top = {file.split("/")[0] for file in listed()}
    assert {name for name in top if not name.startswith(".")} == allowed


def test_lock_files_name_no_registry() -> None:
    """A lock file says which version and which hash; from where is everybody's own setting."""
    for file in [file for file in listed() if file.endswith("package-lock.json")]:
        packages = json.loads((ROOT / file).read_text())["packages"]
        assert {name for name, package in packages.items() if "://" in str(package.get("resolved", ""))} == set(), file


# Deeds -------------------------------------------------------------------------------------------------

LUA = {file.stem: file for file in sorted((ROOT / "rooms" / "lua").glob("*.lua"))}
FRAGMENTS = {file.stem: file for file in sorted((ROOT / "rooms" / "lua" / "fragments").glob("*.lua"))}
ARGUMENT = re.compile(r"\b(KEYS|ARGV)\[(\d+)\]")


@pytest.mark.parametrize("name", LUA)
def test_a_deed_has_its_header(name: str) -> None:
    """It says what it does and what it returns before anything else, and fits on two screens."""
    lines = LUA[name].read_text().splitlines()
    header = itertools.takewhile(lambda line: line.startswith("--"), lines)
    said = [line for line in header if not line.startswith("-- uses:")]
    assert len(lines) <= 80
    assert re.match(r"-- [A-Z].*", said[0])
    assert any(line.startswith("-- Returns {'ok'") for line in said[1:])


@pytest.mark.parametrize("name", LUA)
def test_a_deed_names_its_keys_and_arguments(name: str) -> None:
    """Each KEYS[n] and ARGV[n] is introduced in turn, with its [type or unit] beside it."""
    text, introduced = LUA[name].read_text(), dict[tuple[str, int], None]()
    for line in text.splitlines():
        code, _, comment = line.partition("--")
        new = dict.fromkeys(found for kind, n in ARGUMENT.findall(code) if (found := (kind, int(n))) not in introduced)
        assert len(re.findall(r"\[[^\]]+\]", comment)) >= len(new), line
        introduced |= new
    for kind in ("KEYS", "ARGV"):
        numbers = [number for found, number in introduced if found == kind]
        assert sorted(numbers) == list(range(1, len(numbers) + 1)), (kind, numbers)
        if re.search(rf"{kind}\[[a-z]", code_of(LUA[name])):
            assert re.search(rf"-- {kind}.*\[.+\]", text), f"{kind} of any number, without a word on what they are"


@pytest.mark.parametrize("name", LUA)
def test_a_deed_uses_the_fragments_it_declares(name: str) -> None:
    """All of them, no others, and each after those it stands on."""
    first = LUA[name].read_text().splitlines()[0]
    declared = first.removeprefix("-- uses:").split() if first.startswith("-- uses:") else []
    words, needed = used(LUA[name]), set[str]()
    for fragment in reversed(declared):
        if words & given(FRAGMENTS[fragment]):
            needed.add(fragment)
            words |= used(FRAGMENTS[fragment])
    assert needed == set(declared)
    unknown = {other for other in set(FRAGMENTS) - set(declared) if used(LUA[name]) & given(FRAGMENTS[other])}
    assert unknown == set()


@pytest.mark.parametrize("name", [*LUA, *FRAGMENTS])
def test_a_deed_makes_no_key(name: str) -> None:
    """It touches the keys it is handed and no other, or a cluster could not say where it runs."""
    file = LUA.get(name) or FRAGMENTS[name]
    assert re.findall(r"redis\.call\('\w+', *'.*", code_of(file)) == []
    assert "}:" not in code_of(file)


def test_every_deed_is_done_by_somebody() -> None:
    """A script that nobody runs is not a rule."""
    said = {text for name in MODULES if name.startswith("rooms.") for text in strings(tree(name))}
    assert set(LUA) - said == set()


def code_of(file: Path) -> str:
    """A script without its comments."""
    return re.sub(r"--.*", "", file.read_text())


def given(file: Path) -> set[str]:
    """The names that a fragment gives to those after it."""
    return set(re.findall(r"^local (?:function )?(\w+)", code_of(file), re.MULTILINE))


def used(file: Path) -> set[str]:
    """The names that a script uses and does not make itself."""
    code = re.sub(r"'[^']*'", "''", code_of(file))
    made = {
        name for names in re.findall(r"\blocal (?:function )?([\w, ]+)", code) for name in re.split(r"[,\s]+", names)
    }
    return set(re.findall(r"(?<![.\w])[A-Za-z_]\w*", code)) - made


# Reading the sources -----------------------------------------------------------------------------------


def tree(name: str) -> ast.Module:
    return ast.parse(MODULES[name].read_text())


def imports(name: str) -> set[str]:
    """Every module that a module imports when it runs: `rooms.keys`, `redis.asyncio`, `time.monotonic`."""
    found = set()
    for node in _running(tree(name)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            inner = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= inner if node.module in ("rooms", "server", "time") else {str(node.module)}
    return found


def roots(name: str) -> set[str]:
    return {part.split(".")[0] for part in imports(name)}


def _running(node: ast.AST) -> Iterator[ast.AST]:
    """Every node but those that only a type checker reads."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and isinstance(child.test, ast.Name) and child.test.id == "TYPE_CHECKING":
            continue
        yield child
        yield from _running(child)


def strings(node: ast.AST) -> set[str]:
    """Every string in the code, docstrings aside."""
    docstrings = {ast.get_docstring(part, clean=False) for part in ast.walk(node)
                  if isinstance(part, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)}  # fmt: skip
    found = {part.value for part in ast.walk(node) if isinstance(part, ast.Constant) and isinstance(part.value, str)}
    return {text for text in found if text not in docstrings}


def listed() -> list[str]:
    """What git has, or will have, of this checkout. Skips the test where there is none."""
    if not (ROOT / ".git").exists() or shutil.which("git") is None:
        pytest.skip("this is no checkout")
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return [file for file in done.stdout.splitlines() if (ROOT / file).is_file()]
