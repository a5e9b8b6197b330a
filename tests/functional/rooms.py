"""Tables of an invented room, each with a phone that runs no script: what a workshop's page says to it, it answers by ordinary forms."""

from __future__ import annotations

import re
from collections.abc import Mapping
from http.cookiejar import CookieJar
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, Request, build_opener

from tests.functional.deployment import Site

#: The nine conditions as most tables of the invented room see them, the greatest strength first, row by row.
MOST = {
    "trust": 1, "vision": 2, "leadership": 2, "engagement": 3, "authority": 3, "links": 3, "capacity": 4, "structures": 4,
    "contributions": 5,
}  # fmt: skip
#: And as some see them: two cards have changed places.
SOME = MOST | {"trust": 2, "vision": 1, "structures": 5, "contributions": 4}


class Table:
    """One table and its phone."""

    def __init__(self, site: Site, code: str) -> None:
        self.site, self.address = site, f"/join/{code}/"
        self.opener = build_opener(HTTPCookieProcessor(CookieJar()))
        self.opener.addheaders = [("User-Agent", "an invented phone")]

    def page(self, query: str = "") -> str:
        """What the phone shows."""
        with self.opener.open(self.site.at(self.address + query), timeout=30) as answer:
            return str(answer.read().decode())

    def send(self, kind: str, given: Mapping[str, str], *, form: int = 0) -> str:
        """Fills in the form of this kind that the page shows (the first, or another) and sends it; what the page then says."""
        forms = re.findall(rf'<form [^>]*data-send="{kind}".*?</form>', self.page(), re.DOTALL)
        hidden = re.findall(r'<input type="hidden" name="(?P<name>[^"]+)" value="(?P<value>[^"]*)"', forms[form])
        request = Request(
            self.site.at(self.address), data=urlencode(dict(hidden) | dict(given)).encode(), headers={"Referer": self.site.at(self.address)}
        )
        with self.opener.open(request, timeout=30) as answer:
            return str(answer.read().decode())

    def join(self, name: str, size: int) -> None:
        """Says who is at the table, and is in the room."""
        assert "The diamond" not in self.page()
        assert "data-joined" in self.send("about", {"way": "table", "group_size": str(size), "label": name})

    def place(self, rows: Mapping[str, int]) -> None:
        """Sends a diamond."""
        assert "Sent. Thank you." in self.send("diamond", {f"rows-{card}": str(row) for card, row in rows.items()})
