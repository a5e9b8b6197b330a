"""Django's registration of the registers feature."""

from django.apps import AppConfig


class RegistersConfig(AppConfig):
    """The registers feature."""

    name = "convenor.registers"
    label = "registers"
