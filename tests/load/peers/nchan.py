"""nginx with nchan, where it is installed: one worker in the foreground, one channel, published to over WebSocket.

`python -m tests.load.peers.nchan NGINX FOLDER` writes its settings, tells its port and becomes nginx.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

MODULES = ("lib", "share", "lib64")  # beside the folder of the program, as distributions have them
MODULE = "ngx_nchan_module.so"
SETTINGS = """
{load}
daemon off; master_process off; pid {folder}/nginx.pid; error_log {folder}/error.log;
worker_rlimit_nofile 65536;
events {{ worker_connections 32768; }}
http {{
  access_log off; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fcgi;
  uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  server {{
    listen 127.0.0.1:{port} backlog=4096;
    location = /everybody {{
      nchan_pubsub websocket; nchan_channel_id everybody; nchan_message_buffer_length 64;
      nchan_subscriber_first_message newest;
    }}
  }}
}}
"""


def module(program: str) -> Path | None:
    """The module of this nginx; None where it is built in, or is not there."""
    above = Path(program).resolve().parents[1]
    return next((file for lib in MODULES if (file := above / lib / "nginx" / "modules" / MODULE).exists()), None)


def command(folder: Path) -> list[str] | None:
    """The words that start it; None where nginx or its module is not there."""
    program = shutil.which("nginx")
    if program is None or (module(program) is None and not _is_built_in(program)):
        return None
    return [sys.executable, "-m", "tests.load.peers.nchan", program, str(folder)]


def _is_built_in(program: str) -> bool:
    told = subprocess.run([program, "-V"], check=False, capture_output=True, text=True)
    return "nchan" in told.stderr


def main(program: str, folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    found = module(program)
    settings = folder / "nginx.conf"
    settings.write_text(SETTINGS.format(load=f"load_module {found};" if found else "", folder=folder, port=port))
    print(json.dumps({"port": port}), flush=True)
    os.execv(program, [program, "-c", str(settings), "-p", str(folder)])  # noqa: S606 - becomes it, to be ended as it


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
