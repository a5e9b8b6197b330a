"""People who may sign in."""

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError

from convenor.accounts import actions
from convenor.accounts.actions import add_person
from convenor.accounts.models import Person
from convenor.accounts.queries import fictitious_people, person_by_id, person_to_sign_in
from convenor.accounts.rules import PersonRefused

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


def add(name="Ada Example", email="ada@fernhollow.example", **more):
    return add_person(name=name, email=email, by="test", at=NOW, **more)


def test_person_is_known_by_an_address_in_any_case_and_has_no_password():
    ada = add(name="  Ada   Example ", email=" ADA@Fernhollow.example ")
    assert (ada.name, ada.email, ada.has_usable_password()) == ("Ada Example", "ada@fernhollow.example", False)
    assert person_to_sign_in("Ada@FERNHOLLOW.example") == ada
    assert person_to_sign_in("") is None


def test_two_people_may_have_no_address_and_neither_signs_in():
    add(email=None), add(email="")
    assert list(Person.objects.values_list("email", flat=True)) == [None, None]


def test_address_belongs_to_one_person():
    add()
    with pytest.raises(PersonRefused, match="already known"):
        add(name="Ada Again", email="ADA@fernhollow.example")


def test_address_taken_at_the_same_moment_is_refused_in_words(monkeypatch):
    def taken(self, *args, **kwargs):
        raise IntegrityError("unique")

    monkeypatch.setattr(actions.Person, "save", taken)
    with pytest.raises(PersonRefused, match="already known"):
        add()


def test_person_needs_a_name():
    with pytest.raises(PersonRefused, match="name"):
        add(name="  ")


def test_somebody_who_has_left_is_not_found():
    ada = add()
    Person.objects.update(is_active=False)
    assert (person_to_sign_in("ada@fernhollow.example"), person_by_id(ada.pk)) == (None, None)


def test_real_people_are_never_among_the_invented():
    real, invented = add(), add(name="Iris Invented", email="iris@fernhollow.example", fictitious=True)
    assert fictitious_people([real.pk, invented.pk]) == [invented]
    assert person_by_id(real.pk) == real
