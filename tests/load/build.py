"""Compiling the load client and the floor on the spot, and fetching Node's packages; nothing of it stays."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import click

from tests.web import npm

HERE = Path(__file__).resolve().parent
FLAGS = ("-O2", "-std=gnu11")


def compiler() -> str | None:
    return shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")


def compiled(folder: Path, name: str, *sources: str) -> Path | None:
    """The program made of these sources of ours; None where there is no compiler. Made once per *folder*."""
    program, cc = folder / name, compiler()
    if program.exists() or cc is None:
        return program if program.exists() else None
    done = subprocess.run(
        [cc, *FLAGS, "-o", str(program), *(str(HERE / source) for source in sources)],
        check=False, capture_output=True, text=True,
    )  # fmt: skip
    if done.returncode:
        raise click.ClickException(f"{name} does not compile:\n{done.stderr}")
    return program


def node_peer(folder: Path) -> Path | None:
    """The Node peer with its packages, in a copy; None where they can't be had (no Node, or no registry)."""
    copy = folder / "node"
    if not copy.exists():
        shutil.copytree(HERE / "peers" / "node", copy, ignore=shutil.ignore_patterns("node_modules"))
        try:
            done = npm.run("ci", "--ignore-scripts", "--no-audit", "--no-fund", folder=copy)
        except ImportError:
            return None
        if done.returncode:
            click.echo(f"npm can't install the Node peer: {done.stderr.strip()[-200:]}", err=True)
    return copy if (copy / "node_modules" / "socket.io").exists() else None
