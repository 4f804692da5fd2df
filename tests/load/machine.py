"""What the operating system knows of a process: its cores, its time, its memory, its open files."""

from __future__ import annotations

import os
import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

FILES_BESIDE = 500  # descriptors a process needs besides its clients


def cpu_s(pid: int) -> float:
    """Processor time that a process has used, all its threads together, to the nanosecond (clock_getcpuclockid(3))."""
    return time.clock_gettime((~pid << 3) | 2)


def busy_s(core: int) -> float:
    """Time that a core has worked for anybody since the start, in steps of a clock tick."""
    lines = Path("/proc/stat").read_text().splitlines()
    words = next(line for line in lines if line.startswith(f"cpu{core} ")).split()
    user, nice, system, _idle, _waiting, interrupts, soft, steal = map(int, words[1:9])
    return (user + nice + system + interrupts + soft + steal) / os.sysconf("SC_CLK_TCK")


def resident_bytes(pid: int) -> int:
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * resource.getpagesize()


def socket_bytes() -> int:
    """Memory that the kernel holds for all TCP sockets of the machine."""
    lines = Path("/proc/net/sockstat").read_text().splitlines()
    words = next(line for line in lines if line.startswith("TCP:")).split()
    return int(words[words.index("mem") + 1]) * resource.getpagesize()


def open_files(pid: int) -> int:
    return len(os.listdir(f"/proc/{pid}/fd"))  # noqa: PTH208 - counted, not walked


@contextmanager
def on_core(core: int | None) -> Iterator[None]:
    """Whatever is started here inherits this core; None leaves the choice to the kernel."""
    before = os.sched_getaffinity(0)
    if core is not None:
        os.sched_setaffinity(0, {core})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def allow_files(clients: int) -> None:
    """Raise the limit on open files, which children inherit. Raises ClickException with what a person can do."""
    wanted = clients + FILES_BESIDE
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft >= wanted:
        return
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, max(wanted, hard)))
    except (ValueError, OSError):
        raise click.ClickException(
            f"{clients} clients need {wanted} open files, and this machine allows {hard}. Raise it (`ulimit -Hn "
            f"{wanted}` as root, or LimitNOFILE) or choose fewer with --sizes."
        ) from None
