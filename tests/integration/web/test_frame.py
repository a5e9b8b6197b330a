"""The frame of the site: headers, strictness, pages that say what is not right."""

import re
from html.parser import HTMLParser

import pytest
from django.core.exceptions import PermissionDenied
from django.db import OperationalError, connection
from django.test import Client, RequestFactory
from django.urls import get_resolver

from convenor.web.views import frame
from tests.integration.web.people import signed_in, world

pytestmark = pytest.mark.django_db

PUBLIC_PAGES = [
    "/",
    "/sign-in/",
    "/sign-in/sent/",
    "/sign-in/link/?key=x",
    "/sign-in/password/",
    "/about/",
    "/accessibility/",
    "/privacy/",
    "/nowhere/",
]
OWN_PAGES = [
    "/",
    "/account/",
    "/account/password/",
    "/account/second-factor/",
    "/account/second-factor/set-up/",
    "/account/sessions/",
    "/sign-out/",
]


class Inline(HTMLParser):
    """Finds what a strict content security policy would refuse."""

    def __init__(self):
        super().__init__()
        self.found, self._script = [], False

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self._script = tag == "script" and "src" not in given
        self.found += [f"{tag} {name}" for name in given if name == "style" or name.startswith("on")]
        self.found += [tag for _ in (1,) if tag == "style"]
        self.found += [
            f"{tag} {name}" for name, value in attrs if name in ("href", "src", "action") and (value or "").startswith("javascript:")
        ]

    def handle_data(self, data):
        if self._script and data.strip():
            self.found.append("script")
        self._script = False


def inline_of(page):
    parser = Inline()
    parser.feed(page)
    return parser.found


@pytest.fixture
def here():
    there = world()
    there.post("Hal Head", "head", "Headteacher", school=there.near)
    return there


@pytest.mark.parametrize("path", PUBLIC_PAGES)
def test_policy_allows_nothing_inline_and_the_page_has_nothing_inline(client, path):
    answer = client.get(path)
    policy = dict(part.strip().split(" ", 1) for part in answer.headers["Content-Security-Policy"].split(";"))
    assert policy["script-src"] == "'self'"
    assert policy["style-src"] == "'self'"
    assert policy["default-src"] == "'self'"
    assert policy["frame-ancestors"] == "'none'"
    assert inline_of(answer.content.decode()) == []


@pytest.mark.parametrize("path", OWN_PAGES)
def test_own_pages_have_nothing_inline_and_are_kept_by_no_cache(here, path):
    answer = signed_in(here.people["hal"]).get(path)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store, private"
    assert inline_of(answer.content.decode()) == []


def test_parser_of_inline_finds_what_the_policy_refuses():
    assert inline_of('<p style="x" onclick="y"><style>z</style><script>a</script><a href="javascript:b">') == [
        "p style",
        "p onclick",
        "style",
        "script",
        "a href",
    ]


def test_security_headers_are_on_every_answer(client):
    headers = client.get("/about/").headers
    assert {
        name: headers[name]
        for name in ("X-Frame-Options", "X-Content-Type-Options", "Referrer-Policy", "Cross-Origin-Opener-Policy", "Cache-Control")
    } == {
        "X-Frame-Options": "DENY",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cache-Control": "no-cache",
    }


def test_session_cookie_is_out_of_reach_of_scripts_and_other_sites(here, client):
    from convenor.accounts.queries import link_token

    client.post("/sign-in/link/", {"key": link_token(here.people["hal"])})
    cookie = client.cookies["sessionid"]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")


def test_cookies_are_secure_over_https():
    import subprocess
    import sys

    code = (
        "import os; os.environ.update(CONVENOR_HTTPS='1', CONVENOR_SECRET_KEY='k' * 60)\n"
        "from convenor import settings as s\n"
        "print(s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SESSION_COOKIE_NAME, s.SECURE_HSTS_SECONDS > 0, s.SECURE_SSL_REDIRECT)"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert said == "True True __Host-session True True\n"


def test_page_that_is_not_there_says_so(client):
    answer = client.get("/nowhere/")
    assert answer.status_code == 404
    assert "There is no page here" in answer.content.decode()


def test_refusal_says_why_without_telling_what_is_there():
    request = RequestFactory().get("/p/x/")
    request.session = {}
    answer = frame.not_allowed(request, PermissionDenied("the database said: secret"))
    assert answer.status_code == 403
    assert "secret" not in answer.content.decode()


def test_failure_is_said_in_words_with_a_reference(monkeypatch):
    monkeypatch.setattr("convenor.web.views.home.home_of", lambda *_: 1 / 0)
    client = Client(raise_request_exception=False)
    answer = client.get("/")
    page = answer.content.decode()
    assert answer.status_code == 500
    assert "Something went wrong on our side" in page
    assert len(re.findall(r"<strong>[0-9a-f]{8}</strong>", page)) == 1


def test_form_without_its_token_is_answered_in_words():
    answer = Client(enforce_csrf_checks=True).post("/sign-in/", {"email": "ada@fernhollow.example"})
    assert answer.status_code == 403
    assert "Please send that again" in answer.content.decode()


def test_signed_out_reader_is_led_to_sign_in_and_back(client):
    assert client.get("/account/sessions/").url == "/sign-in/?next=/account/sessions/"


def test_every_page_names_its_permission():
    def walk(patterns):
        for pattern in patterns:
            yield from walk(pattern.url_patterns) if hasattr(pattern, "url_patterns") else (pattern,)

    silent = [
        str(p.pattern) for p in walk(get_resolver().url_patterns) if not hasattr(getattr(p.callback, "view_class", None), "permission")
    ]
    assert silent == []


def test_pages_of_the_sign_in_library_that_we_do_not_need_are_not_mounted(client):
    for path in ("/sign-in/signup/", "/account/email/", "/accounts/signup/", "/accounts/login/", "/account/password/reset/", "/admin/"):
        assert client.get(path).status_code == 404


def test_health_is_one_word(client):
    assert client.get("/health/").content == b"well\n"


def test_health_is_unwell_when_the_database_does_not_answer(client, monkeypatch):
    def away():
        raise OperationalError("connection refused")

    monkeypatch.setattr(connection, "cursor", away)
    answer = client.get("/health/")
    assert (answer.status_code, answer.content) == (503, b"the database does not answer\n")


@pytest.mark.parametrize("path", ["/about/", "/accessibility/", "/privacy/"])
def test_plain_pages_ask_the_database_nothing(client, path, django_assert_num_queries):
    client.get(path)
    with django_assert_num_queries(0):
        answer = client.get(path)
    assert (answer.status_code, answer.content.count(b"<h1")) == (200, 1)
