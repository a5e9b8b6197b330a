"""Who is offered, and that each of them gets in."""

from tests.functional.conftest import Door
from tests.functional.deployment import ROLE_NAMES, Built, Site


def test_a_newcomer_is_told_of_somebody_for_every_role(built: Built) -> None:
    assert tuple(built.people) == ROLE_NAMES


def test_everybody_offered_gets_in_and_is_greeted_by_name(site: Site, door: Door) -> None:
    greeted = {}
    for role, person in site.people.items():
        page = door(site, role)
        greeted[role] = page.locator("header").get_by_text(person.name).count() > 0
        page.context.close()
    assert greeted == dict.fromkeys(ROLE_NAMES, True)
