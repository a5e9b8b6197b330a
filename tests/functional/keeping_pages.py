"""Addresses of people, agreements, moving in, records and archives, for the walk over every page."""

from __future__ import annotations

from tests.functional.deployment import SLUG
from tests.functional.support_pages import Kept

HERE = f"/p/{SLUG}"
OWN = "900001"


def of_contact(path: str = "") -> Kept:
    """A page of the first address."""
    return Kept("SELECT id FROM contacts_contact ORDER BY id", f"{HERE}/contacts/{{}}/{path}")


def of_request(path: str = "") -> Kept:
    """A page of the first request that waits for an answer."""
    return Kept("SELECT id FROM records_informationrequest WHERE state = 'open' ORDER BY id", f"{HERE}/requests/{{}}/{path}")


#: name of the page -> where it is
KEEPING: dict[str, str | Kept] = {
    "contacts": f"{HERE}/contacts/",
    "contact-add": f"{HERE}/contacts/add/",
    "contacts-prefill": f"{HERE}/contacts/heads/",
    "contact-change": of_contact(),
    "contact-remove": of_contact("remove/"),
    "school-contacts": f"{HERE}/contacts/school/{OWN}/",
    "school-contact-add": f"{HERE}/contacts/school/{OWN}/add/",
    "school-contact-change": Kept(
        f"SELECT id FROM contacts_contact WHERE school_id = '{OWN}' ORDER BY id", f"{HERE}/contacts/school/{OWN}/{{}}/"
    ),
    "circulars": f"{HERE}/circulars/",
    "circular-write": f"{HERE}/circulars/write/",
    "circular": Kept("SELECT id FROM contacts_circular ORDER BY id", f"{HERE}/circulars/{{}}/"),
    "circular-change": Kept("SELECT id FROM contacts_circular ORDER BY id", f"{HERE}/circulars/{{}}/change/"),
    "circular-drop": Kept("SELECT id FROM contacts_circular ORDER BY id", f"{HERE}/circulars/{{}}/drop/"),
    "invite-heads": f"{HERE}/invite/",
    "held-letters": f"{HERE}/invite/held/",
    "agreements": f"{HERE}/agreements/",
    "agreement-begin": f"{HERE}/agreements/begin/",
    "agreement-text": f"{HERE}/agreements/text/",
    "agreement-privacy": f"{HERE}/agreements/privacy/",
    "agreement-school": f"{HERE}/agreements/{OWN}/",
    "agreement-agree": f"{HERE}/agreements/{OWN}/agree/",
    "agreement-withdraw": f"{HERE}/agreements/{OWN}/withdraw/",
    "move-ins": f"{HERE}/move-in/",
    "set-apart": f"{HERE}/move-in/set-apart/{OWN}/",
    "information-requests": f"{HERE}/requests/",
    "information-request-new": f"{HERE}/requests/new/",
    "information-request": of_request(),
    "information-request-search": of_request("search/"),
    "information-request-elsewhere": of_request("elsewhere/"),
    "information-request-stop": of_request("stop/"),
    "information-request-longer": of_request("longer/"),
    "information-request-letter": of_request("letter/"),
    "information-request-archive": of_request("archive/"),
    "information-request-end": of_request("end/"),
    "information-request-decide": of_request("decide/accounts.Person/"),
    "information-request-item": Kept(
        "SELECT request_id || '/items/' || id FROM records_requestitem WHERE \"table\" <> '' ORDER BY id", f"{HERE}/requests/{{}}/"
    ),
    "holdings": f"{HERE}/held/",
    "hold-place": f"{HERE}/held/holds/new/",
    "hold-end": Kept("SELECT id FROM records_hold ORDER BY id", f"{HERE}/held/holds/{{}}/end/"),
    "impact-assessment": f"{HERE}/held/assessment/",
    "archives": f"{HERE}/archive/",
}
#: Pages looked at in the journeys that lead to them, pages that are only posted to, and files.
KEEPING_ELSEWHERE = {
    "circulars-stop",  # tests/integration/contacts: asks for the key of a letter
    "agreements-file", "agreement-write", "agreement-adopt", "agreement-drop",  # test_agreeing.py
    "move-in", "move-in-sheet", "move-in-questions", "move-in-changes", "move-in-changes-csv", "move-in-undo", "move-in-drop",
    "move-in-apart", "move-in-save", "move-in-file-drop", "move-in-constitution", "set-apart-delete",
    "set-apart-answer",  # test_bringing.py
    "information-request-go-on",  # tests/functional/test_answering_a_request.py: of a clock that stands still
    "impact-assessment-file", "archive-fetch", "archive-remove",  # test_moving_in_within_a_day.py
}  # fmt: skip
