"""Addresses of contacts, below `/p/<slug>/contacts/`, `/p/<slug>/circulars/` and `/p/<slug>/invite/`."""

from django.urls import URLPattern, URLResolver, path

import convenor.partnership.addresses  # noqa: F401 - makes <key:...> known
from convenor.contacts.views import circulars, contacts, inviting

CONTACTS = "p/<slug:slug>/contacts/"
OWN = f"{CONTACTS}school/<slug:urn>/"
CIRCULARS = "p/<slug:slug>/circulars/"
INVITE = "p/<slug:slug>/invite/"

urlpatterns: list[URLPattern | URLResolver] = [
    path(CONTACTS, contacts.Contacts.as_view(), name="contacts"),
    path(f"{CONTACTS}add/", contacts.Add.as_view(), name="contact-add"),
    path(f"{CONTACTS}heads/", contacts.Prefill.as_view(), name="contacts-prefill"),
    path(f"{CONTACTS}<key:pk>/", contacts.Change.as_view(), name="contact-change"),
    path(f"{CONTACTS}<key:pk>/remove/", contacts.Remove.as_view(), name="contact-remove"),
    path(OWN, contacts.Own.as_view(), name="school-contacts"),
    path(f"{OWN}add/", contacts.OwnWrite.as_view(), name="school-contact-add"),
    path(f"{OWN}<key:pk>/", contacts.OwnWrite.as_view(), name="school-contact-change"),
    path(CIRCULARS, circulars.Circulars.as_view(), name="circulars"),
    path(f"{CIRCULARS}write/", circulars.Write.as_view(), name="circular-write"),
    path(f"{CIRCULARS}stop/", circulars.Stop.as_view(), name="circulars-stop"),
    path(f"{CIRCULARS}<key:pk>/", circulars.Circular.as_view(), name="circular"),
    path(f"{CIRCULARS}<key:pk>/change/", circulars.Write.as_view(), name="circular-change"),
    path(f"{CIRCULARS}<key:pk>/drop/", circulars.Drop.as_view(), name="circular-drop"),
    path(INVITE, inviting.InviteHeads.as_view(), name="invite-heads"),
    path(f"{INVITE}held/", inviting.Held.as_view(), name="held-letters"),
]
