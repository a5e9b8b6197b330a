"""Signing in by another service over OpenID Connect: what is asked of it, what is believed, and what is said when it fails.

django-allauth runs the exchange. Added here: a nonce and PKCE, the signature checked always, the same subject in every answer, and that
nobody comes to anything by it that the partnership did not give: it finds a person who is known, or nobody.
"""

from __future__ import annotations

import secrets
from typing import Any

import jwt
import requests
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter, get_adapter
from allauth.socialaccount.providers.base import ProviderException
from allauth.socialaccount.providers.base.constants import AuthError, AuthProcess
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout as end_session
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from convenor.accounts.queries import person_to_sign_in
from convenor.accounts.rules.organisations import Organisation, organisation_of
from convenor.accounts.rules.providers import DFE, ProviderSet, may_be_asked, same_issuer
from convenor.partnership.gate import Holding, Viewer, viewer_for
from convenor.registers.queries.organisations import AUTHORITY, SCHOOL, TRUST, OrganisationHere, organisation_here
from convenor.web.forms import LinkForm
from convenor.web.views.sign_in import Framed, safe_next, sign_in_as, work_as

#: How the answer about somebody may be signed. Never by a shared secret, nor not at all.
SIGNED_BY = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
CONFIGURATION_KEPT_SECONDS = 600
CLOCKS_DIFFER_SECONDS = 60
#: Where the organisation waits until the session stands, which may need a second factor first.
CAME_FOR = "came_for"
NO_ANSWER = (requests.RequestException, OAuth2Error, ProviderException, LookupError, TypeError, ValueError, AttributeError)


def provider_set(key: str) -> ProviderSet | None:
    """The service of this key, or None."""
    return next((one for one in settings.OIDC_PROVIDERS if one.key == key), None)


def refuse(request: HttpRequest, provider: ProviderSet, reason: str, **words: Any) -> HttpResponse:
    """Nobody was signed in: why, and what to do."""
    status = {"away": 502, "refused": 502}.get(reason, 403)
    context = Framed.frame(request) | {"provider": provider, "reason": reason, "form": LinkForm()} | words
    return render(request, "web/sign_in_elsewhere_refused.jinja", context, status=status)


class Exchange(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]
    """The exchange with one service."""

    def __init__(self, request: HttpRequest, provider: ProviderSet) -> None:
        super().__init__(request, provider.key)
        self.set = provider
        self.state: dict[str, Any] = {}

    @property
    def openid_config(self) -> dict[str, Any]:
        """What the service says of itself, kept for ten minutes. Raises OAuth2Error when it is another one or would be spoken to openly."""
        kept = f"oidc:{self.set.key}:{self.set.server}"
        found: dict[str, Any] | None = cache.get(kept)
        if found is None:
            found = dict(super().openid_config)
            if not same_issuer(str(found["issuer"]), self.set.server.split("/.well-known/")[0]):
                raise OAuth2Error("another issuer")
            for name in ("authorization_endpoint", "token_endpoint", "jwks_uri", "userinfo_endpoint"):
                if name in found and not may_be_asked(str(found[name])):
                    raise OAuth2Error(f"{name} is not over HTTPS")
            cache.set(kept, found, CONFIGURATION_KEPT_SECONDS)
        return found

    def begin(self, go_to: str) -> HttpResponse:
        """To the service's own door."""
        nonce = secrets.token_urlsafe(24)
        provider = self.get_provider()
        provider.get_oauth2_adapter = lambda _: self  # the library would make one of its own, which asks less
        answer: HttpResponse = provider.redirect(
            self.request, AuthProcess.LOGIN, next_url=go_to or None, nonce=nonce, auth_params={"nonce": nonce}
        )
        return answer

    def get_access_token_data(self, *args: Any, **kwargs: Any) -> Any:
        """The code exchanged. Raises OAuth2Error for whatever is no answer."""
        try:
            return super().get_access_token_data(*args, **kwargs)
        except requests.RequestException:
            raise
        except NO_ANSWER as error:
            raise OAuth2Error("no token") from error

    def complete_login(self, request: HttpRequest, app: Any, token: Any, **kwargs: Any) -> Any:
        """Who it is, from the signed answer; what more the service tells is believed of the same subject only."""
        try:
            claims = self._signed(str(kwargs["response"]["id_token"]), app.client_id)
            if not secrets.compare_digest(str(claims.get("nonce", "")), str(self.state.get("nonce", "-"))):
                raise OAuth2Error("another nonce")
            if "userinfo_endpoint" in self.openid_config:
                told = self._fetch_user_info(token.token)
                if str(told["sub"]) != str(claims["sub"]):
                    raise OAuth2Error("another subject")
                claims = claims | told
            login = self.get_provider().sociallogin_from_response(request, {"userinfo": claims})
        except requests.RequestException:
            raise
        except (jwt.PyJWTError, *NO_ANSWER) as error:
            raise OAuth2Error("not to be trusted") from error
        login.account.extra_data = {}  # what a service tells of somebody is used and not kept
        login.claims = claims
        return login

    def _signed(self, answer: str, client: str) -> dict[str, Any]:
        with get_adapter().get_requests_session() as session:
            said = session.get(self.openid_config["jwks_uri"])
            said.raise_for_status()
        keys = jwt.PyJWKSet.from_dict(said.json()).keys
        wanted = jwt.get_unverified_header(answer).get("kid")
        fitting = [key for key in keys if wanted is None or key.key_id == wanted]
        if len(fitting) != 1:
            raise OAuth2Error("no such key")
        claims: dict[str, Any] = jwt.decode(
            answer,
            fitting[0].key,
            algorithms=SIGNED_BY,
            audience=client,
            issuer=self.openid_config["issuer"],
            leeway=CLOCKS_DIFFER_SECONDS,
            options={"require": ["exp", "iat", "iss", "aud", "sub"]},
        )
        return claims


class Back(OAuth2CallbackView):  # type: ignore[misc]
    """Back from the service: what was begun in this very browser, and nothing else."""

    adapter: Exchange

    def _get_state(self, request: HttpRequest, provider: Any) -> Any:
        state, answer = super()._get_state(request, provider)
        self.adapter.state = state or {}
        return state, answer


class SocialAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Whom a service's word signs in: somebody whom the partnership knows, by an address that the service made sure of."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Nobody becomes a person here by coming."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Find the person and begin their session as every other way in does, or say what to do. Always raises ImmediateHttpResponse."""
        provider = provider_set(sociallogin.account.provider)
        assert provider is not None
        claims = sociallogin.claims
        came_for = organisation_of(claims) if provider.kind == DFE else None
        if not sociallogin.is_existing:
            self._find(request, sociallogin, provider, claims, came_for)
        if request.user.is_authenticated:  # two doors were open at once: the later one counts
            end_session(request)
        if came_for is not None:
            found = [came_for.name, came_for.urn, came_for.uid, came_for.ukprn, came_for.authority_code, provider.name]
            request.session[CAME_FOR] = found
        go_to = safe_next(request, sociallogin.state.get("next"))
        raise ImmediateHttpResponse(sign_in_as(request, sociallogin.user, method="socialaccount", go_to=go_to))

    def _find(
        self, request: HttpRequest, sociallogin: Any, provider: ProviderSet, claims: dict[str, Any], came_for: Organisation | None
    ) -> None:
        address = str(claims.get("email") or "")
        if not address:
            raise ImmediateHttpResponse(refuse(request, provider, "no-address"))
        if claims.get("email_verified") is not True and not provider.vouches:
            raise ImmediateHttpResponse(refuse(request, provider, "unverified"))
        person = person_to_sign_in(address)
        if person is None:
            raise ImmediateHttpResponse(refuse(request, provider, "unknown", address=address, came_for=came_for))
        sociallogin.connect(request, person)

    def on_authentication_error(
        self, request: HttpRequest, provider: Any, error: Any = None, exception: Any = None, extra_context: Any = None
    ) -> None:
        """Cancelled, too late, away, or not to be trusted."""
        known = provider_set(provider.app.provider_id)
        assert known is not None
        if error == AuthError.CANCELLED:
            reason = "cancelled"
        elif isinstance(exception, requests.RequestException):
            reason = "away"
        elif exception is None and "state_id" in (extra_context or {}):
            reason = "state"
        else:
            reason = "refused"
        raise ImmediateHttpResponse(refuse(request, known, reason))


def come_home(request: HttpRequest, person: Any, on: Any) -> None:
    """Work under the post at the organisation for which somebody came, where the partnership gave them one; else say that it gave none."""
    kept = request.session.pop(CAME_FOR, None)
    if not kept:
        return
    came_for, service = Organisation(*kept[:5]), str(kept[5])
    viewer = viewer_for(person, on=on)
    here = organisation_here(came_for, viewer=viewer)
    held = _held_at(here, viewer, person, on) if here is not None else None
    if held is not None:
        work_as(request, held)
    elif here is not None:
        words = f"{service} says that you come from {came_for.name}. You hold no post there here; your partnership manager can record one."
        messages.info(request, words)
    else:
        words = f"{service} says that you come from {came_for.name}, which no register here describes. What you hold stays open to you."
        messages.info(request, words)


def _held_at(here: OrganisationHere, viewer: Viewer, person: Any, on: Any) -> Holding | None:
    places = [viewer, *(viewer_for(person, partnership_slug=place.slug, on=on) for place in viewer.elsewhere)]
    holdings = [holding for place in places for holding in place.holdings]
    there = [one for one in holdings if _is_of(one, here)]
    leads = [one for one in holdings if here.kind == SCHOOL and one.trust_uid and set(one.urns) & set(here.urns)]
    return next(iter([*there, *leads]), None)


def _is_of(holding: Holding, here: OrganisationHere) -> bool:
    if here.kind == SCHOOL:
        return holding.urn in here.urns
    return here.key == {TRUST: holding.trust_uid, AUTHORITY: holding.authority_code}[here.kind]
