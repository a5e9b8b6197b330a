"""`convenor serve`: the web application, on one small machine."""

from __future__ import annotations

import gc
import hashlib
import os
import socket
import sys
from argparse import ArgumentParser
from contextlib import closing
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from convenor.accounts.actions import forget_ended_sessions
from convenor.web.reckoning import reckon_if_never

WORKERS, THREADS = 2, 4
#: A kept connection stays with the process that took it, and eight busy readers would all crowd into one while the other idles
#: (measured: 60 pages a second instead of 150). Each request comes anew; a proxy in front keeps its readers' connections.
KEPT_ALIVE_SECONDS = 0


class Command(BaseCommand):
    """Serves the site with gunicorn: a few processes, each with a few threads."""

    help = "Serve the web application. Stop it with Ctrl-C."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The address, and how much of the machine to use."""
        parser.add_argument("--port", type=int, default=8000, help="port to listen at (default: 8000)")
        parser.add_argument(
            "--host", default="127.0.0.1", help="address to listen at; 0.0.0.0 for all (default: 127.0.0.1, this machine only)"
        )
        parser.add_argument("--workers", type=int, default=WORKERS, help=f"server processes (default: {WORKERS}, each about 120 MB)")
        parser.add_argument(
            "--threads", type=int, default=THREADS, help=f"requests that one process answers at a time (default: {THREADS})"
        )
        parser.add_argument(
            "--access-log", action="store_true", help="write a line per request: addresses of readers are personal data, so off by default"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Bring the database and the static files up to date, then serve."""
        if not 0 < options["port"] < 65536:
            raise CommandError("A port is a number from 1 to 65535.", returncode=2)
        if options["workers"] < 1 or options["threads"] < 1:
            raise CommandError("There must be at least one process and one thread.", returncode=2)
        refuse_taken_port(options["host"], options["port"])
        if waiting_migrations():
            self.stderr.write("Bringing the database up to date ...")
            call_command("migrate", verbosity=0, interactive=False)
        forget_ended_sessions(by="the system", at=timezone.now())
        reckon_if_never(by="the system", at=timezone.now(), say=self._say)
        if collect_static():
            self.stderr.write("Static files collected.")
        connection.close()
        os.environ.setdefault("CONVENOR_POST", "beside")
        settings.POST_LEAVES = os.environ["CONVENOR_POST"]
        host = f"[{options['host']}]" if ":" in options["host"] else options["host"]
        self.stderr.write(f"Serving on http://{host}:{options['port']}/ (Ctrl-C stops it)")
        serve(f"{host}:{options['port']}", options["workers"], options["threads"], access_log=options["access_log"])

    def _say(self, words: str) -> None:
        self.stderr.write(f"{words} ...")


def refuse_taken_port(host: str, port: int) -> None:
    """Raise CommandError when nothing can listen there, before any work is done."""
    try:
        with closing(socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)):
            return
    except OSError as error:
        raise CommandError(f"Cannot listen at {host}, port {port}: {error.strerror}. Choose another port with --port.") from error


def waiting_migrations() -> bool:
    """Whether the database is behind the code."""
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def collect_static() -> bool:
    """Gather and compress the static files where they have changed since last time; whether anything was done."""
    if settings.DEBUG:
        return False
    root = Path(settings.STATIC_ROOT)
    stamp, now = root / ".collected-from", _digest_of_static()
    if stamp.exists() and stamp.read_text() == now:
        return False
    root.mkdir(parents=True, exist_ok=True)
    call_command("collectstatic", interactive=False, verbosity=0, clear=True)
    stamp.write_text(now)
    return True


def _digest_of_static() -> str:
    """Changes when any static file of ours, or the version of the code that serves them, does."""
    said = hashlib.sha256()
    for path in sorted(Path(settings.STATIC_BUILT).rglob("*")):
        if path.is_file():
            known = path.stat()
            said.update(f"{path.relative_to(settings.STATIC_BUILT)} {known.st_size} {known.st_mtime_ns}\n".encode())
    return said.hexdigest()


def serve(bind: str, workers: int, threads: int, *, access_log: bool) -> None:
    """Run gunicorn in this process until it is stopped. The code is loaded once, before the processes part, and shared."""
    from gunicorn.app.base import BaseApplication

    class Site(BaseApplication):  # type: ignore[misc]
        """Our site, as gunicorn asks for it."""

        def load_config(self) -> None:
            """The few settings that differ from gunicorn's own."""
            chosen = {
                "bind": bind, "workers": workers, "threads": threads, "worker_class": "gthread", "preload_app": True, "timeout": 60,
                "graceful_timeout": 10, "keepalive": KEPT_ALIVE_SECONDS, "max_requests": 20_000,
                "max_requests_jitter": 2_000, "loglevel": "error",
                "accesslog": "-" if access_log else None, "worker_tmp_dir": "/dev/shm" if Path("/dev/shm").is_dir() else None,  # noqa: S108  # gunicorn's own advice: memory, not disk

                "proc_name": "convenor", "forwarded_allow_ips": "*" if settings.HTTPS else "127.0.0.1", "control_socket_disable": True,
            }  # fmt: skip
            for key, value in chosen.items():
                if key in self.cfg.settings:
                    self.cfg.set(key, value)

        def load(self) -> Any:
            """The application, with its pages, templates and static files known before the first reader comes."""
            from django.urls import get_resolver

            from convenor.web.wsgi import application

            get_resolver().url_patterns  # noqa: B018  # imports every page
            gc.collect()
            gc.freeze()
            return application

    sys.argv = ["convenor", "serve"]  # gunicorn would read our words as its own
    Site().run()
