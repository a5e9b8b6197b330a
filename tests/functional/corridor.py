"""What a school corridor does to a phone: the network goes and comes back, an answer is lost, the battery ends.

`Network` stands between one phone and the site as a pair of wires does, so that the phone's browser, its service worker and
all it starts anew are without a network in earnest. `Phone` is a Chromium with a profile of its own, which outlives being killed.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, Page, Playwright

from tests.functional.deployment import Site


class Network:
    """The wires between a phone and the site, on an address of their own. They can be cut, and an answer can be lost on them."""

    def __init__(self, site: Site) -> None:
        place = urlsplit(site.address)
        self.there = (place.hostname or "127.0.0.1", place.port or 80)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}"
        self.lose_answers = 0
        self.lost = 0
        self._door: socket.socket | None = None
        self._wires: set[socket.socket] = set()
        self._lock = threading.Lock()

    def up(self) -> None:
        """The network is there."""
        if self._door is None:
            self._door = socket.create_server(("127.0.0.1", self.port))
            threading.Thread(target=self._welcome, args=(self._door,), daemon=True).start()

    def down(self) -> None:
        """The network is gone, also for whatever was under way."""
        door, self._door = self._door, None
        if door is not None:
            with contextlib.suppress(OSError):
                door.shutdown(socket.SHUT_RDWR)
            door.close()
        with self._lock:
            wires, self._wires = self._wires, set()
        for wire in wires:
            _close(wire)

    def _welcome(self, door: socket.socket) -> None:
        while True:
            try:
                near, _ = door.accept()
                far = socket.create_connection(self.there, timeout=30)
            except OSError:
                return
            with self._lock:
                self._wires |= {near, far}
            sends = threading.Event()
            threading.Thread(target=self._carry, args=(near, far, sends, True), daemon=True).start()
            threading.Thread(target=self._carry, args=(far, near, sends, False), daemon=True).start()

    def _carry(self, one: socket.socket, other: socket.socket, sends: threading.Event, outward: bool) -> None:
        """Bytes from one end to the other. An answer to something sent is lost where answers are to be lost: the site has it by then."""
        with contextlib.suppress(OSError):
            while data := one.recv(65536):
                if outward and data.startswith(b"POST "):
                    sends.set()
                if not outward and sends.is_set():
                    sends.clear()
                    if self.lose_answers:
                        self.lose_answers, self.lost = self.lose_answers - 1, self.lost + 1
                        break
                other.sendall(data)
        _close(one)
        _close(other)


def _close(wire: socket.socket) -> None:
    with contextlib.suppress(OSError):
        wire.shutdown(socket.SHUT_RDWR)
    wire.close()


class Phone:
    """A Chromium with a profile on the disk, behind a network of its own."""

    def __init__(self, playwright: Playwright, site: Site, profile: Path, watch: Callable[[Page], Page], launch: dict[str, Any]) -> None:
        self.playwright, self.profile, self.watch, self.launch = playwright, profile, watch, launch
        self.network = Network(site)
        self.network.up()
        self.context: BrowserContext | None = None
        self.cookies: list[Any] = []
        self.page = self.start()

    def start(self) -> Page:
        """Switch it on."""
        self.context = self.playwright.chromium.launch_persistent_context(
            self.profile, **self.launch, base_url=self.network.address, viewport={"width": 360, "height": 740}, locale="en-GB",
            timezone_id="Europe/London", has_touch=True, is_mobile=True,
        )  # fmt: skip
        if self.cookies:
            self.context.add_cookies([{key: each[key] for key in each if key != "partitionKey"} for each in self.cookies])  # type: ignore[misc]
        self.page = self.watch(self.context.pages[0])
        return self.page

    def pid(self) -> int:
        """The process of the browser itself, by the profile that it was started with."""
        for folder in Path("/proc").iterdir():
            if folder.name.isdigit():
                with contextlib.suppress(OSError):
                    words = (folder / "cmdline").read_bytes().split(b"\0")
                    if f"--user-data-dir={self.profile}".encode() in words and not any(each.startswith(b"--type=") for each in words):
                        return int(folder.name)
        raise AssertionError("the browser is not running")

    def killed(self) -> None:
        """Its process is killed, as when a battery ends: it is given no time to put anything in order.

        Chromium writes its cookies to the disk once in half a minute; those of a phone that was signed in this morning are there, and
        so it has them again when it starts.
        """
        assert self.context is not None
        self.cookies = self.context.cookies()
        pid = self.pid()
        os.kill(pid, signal.SIGKILL)
        until = time.monotonic() + 10
        while time.monotonic() < until and Path(f"/proc/{pid}/cmdline").exists() and Path(f"/proc/{pid}/cmdline").read_bytes():
            time.sleep(0.02)
        with contextlib.suppress(Exception):
            self.context.close()
        for name in ("SingletonLock", "SingletonCookie", "SingletonSocket"):
            (self.profile / name).unlink(missing_ok=True)

    def off(self) -> None:
        """Switch it off, and its network."""
        self.network.down()
        with contextlib.suppress(Exception):
            if self.context is not None:
                self.context.close()
