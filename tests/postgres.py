"""Runs a command beside a PostgreSQL server of its own, made for it and thrown away after it.

    python -m tests.postgres -- pytest tests/integration

The server listens on loopback only. PostgreSQL refuses to run as root, so root lends it to the
system's `postgres` user. The command finds the server in CONVENOR_DATABASE_URL; its exit status is ours.
"""

import os
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

UNSAFE_BUT_QUICK = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=60 -c listen_addresses=127.0.0.1"


def programs() -> pathlib.Path:
    """The folder of PostgreSQL's own programs, the newest version first."""
    for folder in sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: -float(p.parent.name)):
        if (folder / "initdb").exists():
            return folder
    found = shutil.which("initdb")
    if found is None:
        sys.exit("PostgreSQL is not installed. One line does: apt-get install postgresql")
    return pathlib.Path(found).parent


@contextmanager
def server() -> Iterator[str]:
    """A running server; yields its address as Convenor's settings read it."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix="convenor-pg-"))
    as_user: list[str] = []
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
        as_user = ["runuser", "-u", "postgres", "--"]
    bin_, store = programs(), folder / "data"

    def run(*words: str) -> None:
        subprocess.run([*as_user, *words], check=True, cwd=folder, stdout=subprocess.DEVNULL)

    run(str(bin_ / "initdb"), "-D", str(store), "-U", "convenor", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = f"{UNSAFE_BUT_QUICK} -p {port} -k {folder}"
    run(str(bin_ / "pg_ctl"), "-D", str(store), "-w", "-l", str(folder / "log"), "-o", options, "start")
    try:
        yield f"postgres://convenor@127.0.0.1:{port}/postgres"
    finally:
        run(str(bin_ / "pg_ctl"), "-D", str(store), "-w", "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


def main() -> None:
    """Run the words after `--` beside a fresh server."""
    words = sys.argv[sys.argv.index("--") + 1 :] if "--" in sys.argv else sys.argv[1:]
    if not words:
        sys.exit("Say what to run: python -m tests.postgres -- COMMAND")
    with server() as address:
        done = subprocess.run(words, env={**os.environ, "CONVENOR_DATABASE_URL": address}, check=False)
    sys.exit(done.returncode)


if __name__ == "__main__":
    main()
