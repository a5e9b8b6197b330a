"""The root of the site's addresses. Each feature brings its own by one line."""

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

import convenor.partnership.addresses  # noqa: F401 - makes <key:...> known
from convenor.web.views import account, body, elsewhere, frame, home, partnership_front, passkeys, proving, shared_problems, sign_in

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.Home.as_view(), name="home"),
    path("give/<slug:urn>/<slug:thing>/", home.Give.as_view(), name="give"),
    path("sign-in/", sign_in.SignIn.as_view(), name="sign-in"),
    path("sign-in/sent/", sign_in.SignInSent.as_view(), name="sign-in-sent"),
    path("sign-in/link/", sign_in.SignInLink.as_view(), name="sign-in-link"),
    path("sign-in/invited/", sign_in.SignInInvited.as_view(), name="sign-in-invited"),
    path("sign-in/demonstration/", sign_in.Demonstrate.as_view(), name="sign-in-demonstration"),
    # The names with an underscore are those by which django-allauth looks for its pages.
    path("sign-in/password/", sign_in.Password.as_view(), name="account_login"),
    path("sign-in/passkey/", passkeys.SignInByPasskey.as_view(), name="mfa_login_webauthn"),
    path("sign-in/with/<slug:provider_id>/", elsewhere.ToElsewhere.as_view(), name="openid_connect_login"),
    path("sign-in/with/<slug:provider_id>/back/", elsewhere.BackFromElsewhere.as_view(), name="openid_connect_callback"),
    path("sign-in/code/", sign_in.Code.as_view(), name="mfa_authenticate"),
    path("sign-in/closed/", sign_in.Closed.as_view(), name="account_inactive"),
    path("sign-out/", sign_in.SignOut.as_view(), name="sign-out"),
    path("account/", account.Account.as_view(), name="account"),
    path("account/post/", account.SwitchPost.as_view(), name="switch-post"),
    path("account/password/", account.ChoosePassword.as_view(), name="account_change_password"),
    path("account/prove/", proving.Prove.as_view(), name="prove"),
    path("account/pin/", proving.Pin.as_view(), name="account-pin"),
    path("account/confirm/", account.Confirm.as_view(), name="account_reauthenticate"),
    path("account/confirm/code/", account.ConfirmCode.as_view(), name="mfa_reauthenticate"),
    path("account/confirm/passkey/", passkeys.ConfirmPasskey.as_view(), name="mfa_reauthenticate_webauthn"),
    path("account/passkeys/", passkeys.Passkeys.as_view(), name="mfa_list_webauthn"),
    path("account/passkeys/add/", passkeys.AddPasskey.as_view(), name="mfa_add_webauthn"),
    path("account/passkeys/<key:pk>/remove/", passkeys.RemovePasskey.as_view(), name="mfa_remove_webauthn"),
    path("account/second-factor/", account.SecondFactor.as_view(), name="mfa_index"),
    path("account/second-factor/set-up/", account.SetUpSecondFactor.as_view(), name="mfa_activate_totp"),
    path("account/second-factor/remove/", account.RemoveSecondFactor.as_view(), name="mfa_deactivate_totp"),
    path("account/second-factor/recovery-codes/", account.RecoveryCodes.as_view(), name="mfa_view_recovery_codes"),
    path("account/second-factor/recovery-codes/new/", account.NewRecoveryCodes.as_view(), name="mfa_generate_recovery_codes"),
    path("account/sessions/", account.Sessions.as_view(), name="usersessions_list"),
    path("about/", frame.About.as_view(), name="about"),
    path("accessibility/", frame.Accessibility.as_view(), name="accessibility"),
    path("privacy/", frame.Privacy.as_view(), name="privacy"),
    path("p/<slug:slug>/", partnership_front.PartnershipFront.as_view(), name="partnership"),
    path("p/<slug:slug>/bodies/<slug:key>/", body.Body.as_view(), name="body"),
    path("p/<slug:slug>/early/shared-problems/", shared_problems.SharedProblemsPage.as_view(), name="early-shared"),
    path("health/", frame.Health.as_view(), name="health"),
]
ROOMS = (
    "convenor.web.area_urls",
    "convenor.partnership.urls",
    "convenor.contacts.urls",
    "convenor.agreements.urls",
    "convenor.intelligence.urls",
    "convenor.conditions.urls",
    "convenor.consultation.urls",
    "convenor.peer_review.urls",
    "convenor.support.urls",
    "convenor.archive.urls",
    "convenor.records.urls",
    "convenor.moving_in.urls",
)
urlpatterns += [path("", include(room)) for room in ROOMS if find_spec(room)]

handler400 = "convenor.web.views.frame.bad_request"
handler403 = "convenor.web.views.frame.not_allowed"
handler404 = "convenor.web.views.frame.not_found"
handler429 = "convenor.web.views.frame.too_many"
handler500 = "convenor.web.views.frame.went_wrong"
