"""What is asked of every page, whoever made it: axe, no sideways scroll, a light weight."""

from __future__ import annotations

import fcntl
import json
import re
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, Request, build_opener

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Page

from tests.functional.deployment import Site

#: WCAG 2.2, levels A and AA, as axe tags its rules.
RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]},
    "resultTypes": ["violations"],
}
#: Compressed, fonts included: a page without charts, and one with.
LIGHT, WITH_CHARTS = 150_000, 450_000
NARROW = 320


def unmet(page: Page) -> list[str]:
    """What axe finds wrong with the page as it stands, in its own words and places."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    found = page.evaluate(
        "rules => axe.run(rules).then(found => found.violations.map(each =>"
        " [each.id, each.nodes.slice(0, 4).map(node => JSON.stringify(node.target)).join(', '), each.help]))",
        RULES,
    )
    return [f"{name} at {places}: {words}" for name, places, words in found]


def sideways(page: Page) -> str:
    """The widest thing that makes a page scroll sideways on a narrow telephone; "" when it does not."""
    page.set_viewport_size({"width": NARROW, "height": 640})
    wide: int = page.evaluate("document.documentElement.scrollWidth")
    if wide <= NARROW:
        return ""
    culprit = page.evaluate(
        "[...document.querySelectorAll('body *')].map(e => [e.getBoundingClientRect().right, e.tagName, e.className, e.textContent.trim()])"
        ".sort((a, b) => b[0] - a[0])[0].join(' ').slice(0, 120)"
    )
    return f"{wide} px wide: {culprit}"


class Scales:
    """Weighs what a page brings over the wire, compressed, from an empty cache."""

    def __init__(self, page: Page) -> None:
        self.bytes = 0
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        session.on("Network.loadingFinished", self._add)

    def _add(self, event: dict[str, Any]) -> None:
        self.bytes += int(event["encodedDataLength"])


class Window:
    """One window of the browser for many looks, each by somebody who was never here: no cookie but theirs, nothing stored, no cache.

    A new window for each look would be a new process each time, and axe would be read and compiled in each.
    """

    def __init__(self, browser: Browser, **more: Any) -> None:
        self.context = browser.new_context(**more)
        self.context.add_init_script(f"sessionStorage.clear();\n{AXE_SCRIPT}")
        self.page = self.context.new_page()
        self.scales = Scales(self.page)
        self.session = self.context.new_cdp_session(self.page)
        self.session.send("Network.enable")
        self.session.send("Network.setCacheDisabled", {"cacheDisabled": True})
        self.size = self.page.viewport_size

    def empty_for(self, visitor: Visitor) -> None:
        """Forget whoever looked before, and go on as this visitor."""
        self.session.send("Storage.clearDataForOrigin", {"origin": visitor.site.address, "storageTypes": "all"})
        self.context.clear_cookies()
        self.context.add_cookies(visitor.cookies())  # type: ignore[arg-type]
        assert self.size
        self.page.set_viewport_size(self.size)
        self.scales.bytes = 0


class Met:
    """The kinds of thing that the walk has looked at, known to every worker process of the run through one file."""

    def __init__(self, file: Path) -> None:
        self.file, self.read_until, self.known = file, 0, set[str]()
        file.touch()

    def so_far(self) -> set[str]:
        """Everything met up to now, by whichever process."""
        with self.file.open(encoding="utf-8") as lines:
            fcntl.flock(lines, fcntl.LOCK_SH)
            lines.seek(self.read_until)
            self.known.update(json.loads(line) for line in iter(lines.readline, ""))
            self.read_until = lines.tell()
        return self.known

    def add(self, new: set[str]) -> None:
        """What the next look looks at."""
        with self.file.open("a", encoding="utf-8") as lines:
            fcntl.flock(lines, fcntl.LOCK_EX)
            lines.writelines(f"{json.dumps(each)}\n" for each in new)


class Visitor:
    """Somebody at the site without a browser: quick, for finding pages and for telling which differ."""

    def __init__(self, site: Site, role: str = "") -> None:
        self.site, self.jar = site, CookieJar()
        self.opener: OpenerDirector = build_opener(HTTPCookieProcessor(self.jar))
        if role:
            self._come_in(role)

    def _come_in(self, role: str) -> None:
        _, _, door = self.get("/sign-in/")
        name = re.escape(self.site.people[role].name)
        form = re.search(
            r'name="csrfmiddlewaretoken" value="(?P<csrf>\w+)">\s*<input type="hidden" name="person" value="(?P<person>\d+)">'
            rf"(?:(?!</form>).)*Sign in as {name}<span[^>]*>, {re.escape(escaped(role))}<",
            door,
            re.DOTALL,
        )
        assert form, f"the door has no button for {name}, {role}"
        words = {"csrfmiddlewaretoken": form["csrf"], "person": form["person"], "next": ""}
        status, _, _ = self.get("/sign-in/demonstration/", urlencode(words).encode())
        assert status == 200

    def get(self, path: str, data: bytes | None = None) -> tuple[int, str, str]:
        """The status, the path at which it ended after redirections, and the page."""
        request = Request(self.site.at(path), data=data, headers={"Referer": self.site.at("/sign-in/")})
        try:
            with self.opener.open(request, timeout=30) as answer:
                return answer.status, answer.url.removeprefix(self.site.address), answer.read().decode("utf-8", "replace")
        except HTTPError as error:
            return error.code, path, error.read().decode("utf-8", "replace")

    def cookies(self) -> list[dict[str, Any]]:
        """For a browser that is to go on as this visitor."""
        return [{"name": each.name, "value": each.value, "url": self.site.address} for each in self.jar]


def escaped(text: str) -> str:
    """As a page writes it."""
    return text.replace("&", "&amp;").replace("'", "&#39;")


def shapes(html: str) -> set[str]:
    """The kinds of thing a page is made of, each with what stands before it: two pages of equal shapes differ in words alone."""
    found, before = set(), ""
    for tag in re.finditer(r"<([a-z][a-z0-9]*)((?:\s[^<>]*)?)>", html):
        attributes = sorted(re.findall(r"([a-z-]+)=", tag[2]))
        named = re.search(r'class="([^"]*)"', tag[2])
        here = f"{tag[1]}.{named[1] if named else ''}[{','.join(attributes)}]"
        found.add(f"{before} {here}")
        before = here
    return found
