"""How a row's key is written in an address, for every feature alike. Importing this module makes `<key:...>` known."""

from django.urls import register_converter
from django.urls.converters import IntConverter


class KeyConverter(IntConverter):
    """A row's key as the databases hold one: a number that no table could hold leads to no page, and reaches no query."""

    regex = "[0-9]{1,18}"


register_converter(KeyConverter, "key")
