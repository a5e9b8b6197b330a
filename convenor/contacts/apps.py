"""Django's registration of the contacts feature."""

from django.apps import AppConfig


class ContactsConfig(AppConfig):
    """The contacts feature."""

    name = "convenor.contacts"
    label = "contacts"
