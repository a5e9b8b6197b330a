"""Signing in: a link by e-mail, a password, a second factor; and the demonstration's own door."""

from __future__ import annotations

import json
import time
from typing import Any, ClassVar

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.internal.flows.logout import logout
from allauth.account.models import Login
from allauth.account.signals import user_logged_in
from allauth.account.views import AccountInactiveView, LoginView
from allauth.core import ratelimit
from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth import logout as end_session
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme, urlencode

from convenor.accounts import queries as accounts
from convenor.accounts.actions import spend_invitation, spend_link
from convenor.accounts.rules import ANSWER_TAKES_SECONDS, LinkRefused, same_address, sign_in_letter
from convenor.contacts.queries.inviting import link_may_leave
from convenor.partnership.gate import PUBLIC, Page, day_of, navigation, viewer_for, viewer_of_request
from convenor.partnership.queries.demonstration import DemonstrationPerson, demonstration_people
from convenor.post.actions import enqueue
from convenor.web.forms import LinkForm
from convenor.web.homes import holding_key
from convenor.web.middleware import BY_DEMONSTRATION, gave_second_factor

#: The three homes that differ most are offered first to whoever tries the demonstration.
FIRST_TRIED = ("head", "manager", "board-member")


def safe_next(request: HttpRequest, address: str | None) -> str:
    """Where to go afterwards: a page of this site, or an empty text."""
    if address and url_has_allowed_host_and_scheme(address, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        return address
    return ""


def sign_in_as(request: HttpRequest, person: Any, *, method: str, go_to: str) -> HttpResponse:
    """Begin a session for somebody who has proved who they are; their second factor, if they have one, is asked for first."""
    if request.user.is_authenticated and request.user.pk != person.pk:
        end_session(request)
    record_authentication(request, person, method=method)
    answer: HttpResponse = perform_login(request, Login(user=person, redirect_url=go_to or None, email=person.email))
    return answer


class SignIn(Page):
    """Ask for a link. The answer is the same, and takes as long, whether or not the address is known."""

    permission = PUBLIC
    before_second_factor = True

    def get(self, request: HttpRequest) -> HttpResponse:
        """The form."""
        go_to = safe_next(request, request.GET.get("next"))
        if self.viewer.signed_in:
            return HttpResponseRedirect(go_to or "/")
        return self.show(LinkForm(initial={"next": go_to}))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Send a link, if there is anybody to send it to; say the same either way."""
        form = LinkForm(request.POST)
        if not form.is_valid():
            return self.show(form, status=400)
        began = time.monotonic()
        address = same_address(form.cleaned_data["email"])
        refused: HttpResponse | None = ratelimit.consume_or_429(request, action="sign_in_link", key=address)
        if refused is not None:
            return refused
        person = accounts.person_to_sign_in(address)
        if person is not None and link_may_leave(person.pk, viewer="the system", on=self.today):
            self.post_link(person, safe_next(request, form.cleaned_data["next"]))
        time.sleep(max(0.0, ANSWER_TAKES_SECONDS - (time.monotonic() - began)))
        return redirect("sign-in-sent")

    def post_link(self, person: Any, go_to: str) -> None:
        """Put the letter in the post."""
        query = {"key": accounts.link_token(person)} | ({"next": go_to} if go_to else {})
        address = self.request.build_absolute_uri(f"{reverse('sign-in-link')}?{urlencode(query)}")
        letter = sign_in_letter(name=person.name, address=address, demonstration=settings.DEMONSTRATION)
        enqueue(
            by="the system", at=self.now, to_address=person.email, to_name=person.name, kind="sign-in-link",
            subject=letter.subject, body=letter.body,
        )  # fmt: skip

    def show(self, form: LinkForm, *, status: int = 200) -> HttpResponse:
        """The page, with the demonstration's people where there are any."""
        people = demonstration_people(viewer=self.viewer, on=self.today) if settings.DEMONSTRATION else []
        people.sort(key=lambda one: FIRST_TRIED.index(one.role) if one.role in FIRST_TRIED else len(FIRST_TRIED))
        go_to = form["next"].value() or ""
        return self.page("web/sign_in.jinja", form=form, people=people, go_to=go_to, elsewhere=settings.OIDC_PROVIDERS, status=status)


class SignInSent(Page):
    """What to do now that a link may be on its way."""

    permission = PUBLIC
    before_second_factor = True

    def get(self, request: HttpRequest) -> HttpResponse:
        """The words."""
        letters = getattr(settings, "EMAIL_FILE_PATH", "") if settings.DEMONSTRATION else ""
        return self.page("web/sign_in_sent.jinja", letters=letters)


class SignInLink(Page):
    """The page that a link opens. Opening it spends nothing, so a mail scanner's visit is harmless; the button does."""

    permission = PUBLIC
    before_second_factor = True
    address = "sign-in-link"
    method: ClassVar[str] = "link"
    read = staticmethod(accounts.person_of_link)
    spend = staticmethod(spend_link)

    def get(self, request: HttpRequest) -> HttpResponse:
        """One button, or what to do when the link no longer works."""
        key = request.GET.get("key", "")
        person = self.read(key)
        if person is None:
            return self.refuse()
        go_to = safe_next(request, request.GET.get("next"))
        answer = self.page("web/sign_in_link.jinja", person=person, key=key, go_to=go_to, address=self.address, method=self.method)
        # The address is a key until the button is pressed: neither the browser's store nor another request keeps it. Not
        # "no-referrer": with that a browser hides the origin of the form itself, and the form would be refused as another site's.
        answer.headers["Cache-Control"], answer.headers["Referrer-Policy"] = "no-store, private", "strict-origin"
        return answer

    def post(self, request: HttpRequest) -> HttpResponse:
        """Spend the link, once."""
        refused: HttpResponse | None = ratelimit.consume_or_429(request, action="spend_link")
        if refused is not None:
            return refused
        try:
            person = self.spend(token=request.POST.get("key", ""), by="the system", at=self.now)
        except LinkRefused:
            return self.refuse()
        return sign_in_as(request, person, method=self.method, go_to=safe_next(request, request.POST.get("next")))

    def refuse(self) -> HttpResponse:
        """The link is spent, too old, altered or somebody's who has left: say what to do, and nothing more."""
        return self.page("web/sign_in_link_refused.jinja", form=LinkForm(), method=self.method, status=410)


class SignInInvited(SignInLink):
    """The page that an invitation opens; it works as a link does, and for fourteen days."""

    address = "sign-in-invited"
    method = "invitation"
    read = staticmethod(accounts.person_of_invitation)
    spend = staticmethod(spend_invitation)


class Demonstrate(Page):
    """The demonstration's door: sign in as an invented person. It does not exist outside a demonstration."""

    permission = PUBLIC
    before_second_factor = True

    def post(self, request: HttpRequest) -> HttpResponse:
        """Sign in as one of the people that the sign-in page lists."""
        if not settings.DEMONSTRATION:
            raise Http404
        wanted = request.POST.get("person", "")
        listed = {str(one.person_id): one for one in demonstration_people(viewer=self.viewer, on=self.today)}
        people = accounts.fictitious_people([listed[wanted].person_id]) if wanted in listed else []
        if not people:
            raise Http404
        person = people[0]
        if request.user.is_authenticated:
            end_session(request)
        get_adapter().login(request, person)
        user_logged_in.send(sender=type(person), request=request, response=None, user=person)
        request.session[BY_DEMONSTRATION] = True
        self.come_home(person, listed[wanted])
        return HttpResponseRedirect(safe_next(request, request.POST.get("next")) or "/")

    def come_home(self, person: Any, listed: DemonstrationPerson) -> None:
        """Begin under the post by which they were listed, whatever else they hold."""
        viewer = viewer_for(person, partnership_slug=listed.slug, on=self.today)
        held = next((one for one in viewer.holdings if one.role == listed.role), None)
        if held is not None:
            work_as(self.request, held)


def work_as(request: HttpRequest, holding: Any) -> None:
    """Remember in the session under which post somebody works: it names them in the journal, and opens that post's home."""
    request.session["home"], request.session["in"] = holding_key(holding), holding.partnership_slug
    request.session.pop("school", None)
    if holding.post_id is None:
        request.session.pop("post", None)
    else:
        request.session["post"] = holding.post_id


class SignOut(Page):
    """Leave."""

    permission = PUBLIC
    before_second_factor = True

    def get(self, request: HttpRequest) -> HttpResponse:
        """A button, for whoever came by a link."""
        return self.page("web/sign_out.jinja") if self.viewer.signed_in else redirect("home")

    def post(self, request: HttpRequest) -> HttpResponse:
        """End this session."""
        logout(request)
        return redirect("home")


class Framed:
    """Our frame and our words around a page of django-allauth's. `words` gives fields our label and hint."""

    permission = PUBLIC
    before_second_factor = True
    words: ClassVar[dict[str, tuple[str, str]]] = {}
    request: HttpRequest

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What the frame reads beside the page's own, and our words for its fields."""
        context: dict[str, Any] = super().get_context_data(**kwargs)  # type: ignore[misc]
        form = context.get("form")
        for name, (label, hint) in self.words.items():
            if form is not None and name in form.fields:
                form[name].label, form[name].help_text = label, hint
                form.fields[name].widget.attrs.pop("placeholder", None)
        return self.frame(self.request) | context

    @staticmethod
    def frame(request: HttpRequest) -> dict[str, Any]:
        """What the frame reads. Rooms are shown once every door is passed."""
        viewer = viewer_of_request(request, slug=None, on=day_of(timezone.now()))
        inside = viewer.signed_in and (not viewer.needs_second_factor or gave_second_factor(request))
        return {
            "viewer": viewer,
            "navigation": navigation(viewer, request.path) if inside else [],
            "partnership_name": viewer.partnership.name if viewer.partnership else "",
        }


class Password(Framed, LoginView):  # type: ignore[misc]
    """E-mail address and password."""

    template_name = "web/sign_in_password.jinja"
    words = {"login": ("Your work e-mail address", ""), "password": ("Password", "")}


class Code(Framed, AuthenticateView):  # type: ignore[misc]
    """The second factor's code, after the password or the link."""

    template_name = "web/sign_in_code.jinja"
    words = {"code": ("Code", "Six digits from your authenticator app, or one of your recovery codes.")}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The passkey's ceremony, for whoever has one."""
        context = super().get_context_data(**kwargs)
        options = context.get("js_data", {}).get("request_options")
        has_passkey = is_mfa_enabled(self.stage.login.user, ["webauthn"])
        return context | {"options": json.dumps(options) if has_passkey else "", "has_app": is_mfa_enabled(self.stage.login.user, ["totp"])}


class Closed(Framed, AccountInactiveView):  # type: ignore[misc]
    """Somebody who has left tried to sign in."""

    template_name = "web/sign_in_closed.jinja"
