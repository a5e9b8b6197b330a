"""The walk that tests of confidence share: somebody opens every address, and what they are told that only some may read is noted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.test import Client

from convenor.journal.models import Look

#: How the pages answer that are asked for what may be there or not.
ANSWERS = (200, 301, 302, 400, 403, 404, 405)


@dataclass(frozen=True, slots=True)
class Stranger:
    """Somebody who is not of the school whose secrets these are: each page that tells them one must write down that they looked.

    `own` names what they themselves wrote: that is no record of the school's.
    """

    person_id: int
    urn: str
    own: frozenset[str] = frozenset()


def told_at(
    browser: Client, addresses: Iterable[str], secrets: Mapping[str, str], *, signed_in: bool, stranger: Stranger | None = None
) -> dict[str, list[str]]:
    """Which of the secrets (name to words) a browser is told, and where, when it opens every address.

    A page that fails, or that leads somebody who is signed in to the door, fails the test: it would have hidden what it leaks. So does
    a page that tells a stranger something of which the school would not see that they looked.
    """
    found: dict[str, list[str]] = {}
    for address in addresses:
        if stranger is not None:
            Look.objects.all().delete()
        page = browser.get(address)
        said = b"".join(page.streaming_content).decode(errors="replace") if page.streaming else page.content.decode(errors="replace")
        led = page.headers.get("Location", "").startswith("/sign-in/")
        assert (page.status_code in ANSWERS, led and signed_in) == (True, False), (address, page.status_code)
        for name, words in secrets.items():
            if words in said.replace("&#39;", "’").replace("&rsquo;", "’"):
                found.setdefault(name, []).append(address)
                if stranger is not None and name not in stranger.own:
                    looked = Look.objects.filter(urn=stranger.urn, by_key=str(stranger.person_id)).exists()
                    assert (looked, address, name) == (True, address, name), (address, name)
    return found
