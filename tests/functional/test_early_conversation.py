"""An early conversation, from a school that asks itself to its review, as each who has a part in it, and as those who have none."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

import pytest
from playwright.sync_api import Page, expect

from convenor.england.working_days import add_working_days
from tests.functional import deployment
from tests.functional.conftest import Door
from tests.functional.deployment import SLUG, Site
from tests.functional.looking import sideways, unmet
from tests.functional.test_signing_in import by_link

EARLY = f"/p/{SLUG}/early/"
LIST = f"{EARLY}conversations/"
NEW_HEAD = "perpetua.lanternfield@example.example"
ASKED = "Two teachers leave at Easter, and we would rather talk before than after."
DISPUTE = "One small cohort; the years beside it are as they ever were."
AGREED = "A reading lead from next door, two days a term."


def heading(page: Page) -> str:
    """The page's own heading."""
    return page.get_by_role("heading", level=1).inner_text()


def calm(page: Page) -> None:
    """Nothing that axe minds, and no sideways scroll on a narrow telephone."""
    size = page.viewport_size
    assert (unmet(page), sideways(page)) == ([], "")
    if size:
        page.set_viewport_size(size)


def schools_of_the_cluster(page: Page, site: Site) -> Iterator[str]:
    """The schools of the cluster that the demonstration's cluster lead leads, but for those whose head is known."""
    page.goto(f"/p/{SLUG}/structure/")
    page.get_by_role("link", name=site.people["Cluster lead"].place, exact=True).first.click()
    links = page.locator("main a[href^='/schools/9']").evaluate_all("all => all.map(one => one.getAttribute('href'))")
    for urn in dict.fromkeys(re.sub(r"\D", "", link) for link in links):
        page.goto(f"/schools/{urn}/")
        if page.get_by_role("listitem").filter(has_text=re.compile(", (Acting h|H)eadteacher")).count() == 0:
            yield urn


def a_head_nearby(door: Door, site: Site, *, width: int = 360) -> tuple[Page, str, str]:
    """A head who has just come to a school of that cluster, on a telephone; URN and name of the school."""
    urn = next(schools_of_the_cluster(door(site, "Cluster lead"), site))
    manager = door(site, "Partnership manager")
    manager.goto(f"/p/{SLUG}/posts/give/")
    manager.get_by_label("Role").select_option("head")
    manager.get_by_label("Where it is held").select_option(f"school:{urn}")
    manager.get_by_label("Name", exact=True).fill("Perpetua Lanternfield")
    manager.get_by_label("E-mail address").fill(NEW_HEAD)
    manager.get_by_label("First day").fill(date.today().isoformat())
    manager.locator("main form").get_by_role("button").click()
    manager.wait_for_url(f"**/p/{SLUG}/posts/**")
    head = door(site, width=width)
    by_link(head, site, NEW_HEAD)
    head.goto(f"{EARLY}schools/{urn}/refer/")
    return head, urn, head.locator(".eyebrow").inner_text()


def asks(head: Page, urn: str) -> str:
    """The school asks for a conversation: one screen, three taps. The address of the conversation."""
    head.goto(f"{EARLY}schools/{urn}/refer/")
    calm(head)
    head.get_by_label("Finding and keeping staff").check()
    head.get_by_label("In your own words").fill(ASKED)
    head.get_by_role("button", name="Ask for a conversation").click()
    head.get_by_text("You have asked.").wait_for()
    return re.sub(r"^https?://[^/]+", "", head.url)


def takes_up_and_shares(broker: Page, school: str) -> None:
    """A broker finds the school in the list, takes it up and shares its lines."""
    broker.goto(LIST)
    row = broker.locator("#waiting ~ ul > li").filter(has_text=school)
    assert row.get_by_text("Asked itself").count() == 1
    row.get_by_role("link", name=re.compile("^Take it up")).click()
    calm(broker)
    broker.get_by_role("button", name="Take it up").click()
    broker.get_by_text("You hold this conversation.").wait_for()
    calm(broker)
    broker.get_by_role("button", name="Share the lines with the school").click()
    calm(broker)
    broker.get_by_label("A word to the school").fill("I ring on Monday after school.")
    broker.get_by_role("button", name="Share them").click()
    broker.get_by_text("Shared. The school reads the lines now.").wait_for()


def disputes_by_keyboard(head: Page, conversation: str) -> None:
    """The school disputes a line without touching anything but the keyboard."""
    head.goto(f"{conversation}?line=ATT#reply")
    chosen = head.get_by_label("Which line?")
    assert chosen.input_value() == "ATT"
    chosen.focus()
    head.keyboard.press("Tab")
    head.keyboard.press("ArrowDown")
    head.keyboard.press("ArrowDown")
    expect(head.get_by_label("A dispute")).to_be_checked()
    head.keyboard.press("Tab")
    head.keyboard.type(DISPUTE)
    for _ in range(3):
        head.keyboard.press("Tab")
        if head.evaluate("document.activeElement.textContent.trim()") == "Put it on record":
            break
    head.keyboard.press("Enter")
    head.get_by_text("It stands beside the score from now on.").wait_for()


def test_a_school_asks_and_the_two_walk_the_whole_way(own_site: Site, door: Door) -> None:
    head, urn, school = a_head_nearby(door, own_site)
    conversation = asks(head, urn)
    assert head.get_by_text("Your school asked for this conversation itself.").count() == 1
    calm(head)

    broker = door(own_site, "Broker")
    takes_up_and_shares(broker, school)
    name = head.locator("footer").inner_text()
    assert "headteacher" in name
    letters = [letter for letter in own_site.letters() if "There is something for you in Convenor" in letter]
    assert letters != []
    assert [word for word in (school, urn, "conversation", "Two teachers", "staff") for letter in letters if word in letter] == []

    disputes_by_keyboard(head, conversation)
    assert head.get_by_text(DISPUTE).count() == 1
    calm(head)

    broker.goto(conversation)
    broker.get_by_role("link", name=re.compile("^Answer the dispute on attainment")).click()
    calm(broker)
    broker.get_by_label("Your answer").fill("Noted, and it stands beside the line.")
    broker.get_by_role("button", name="Put the answer on record").click()
    broker.get_by_text("Your answer stands beside the school’s words.").wait_for()
    broker.get_by_role("button", name="Write down what comes next").click()
    calm(broker)
    broker.get_by_label("Support from other schools").check()
    broker.get_by_label("What was agreed, and why").fill(AGREED)
    broker.get_by_role("button", name="Write it down").click()
    broker.get_by_text("Written down.").wait_for()

    head.goto(conversation)
    assert [head.get_by_text(each).count() for each in (AGREED, "Noted, and it stands beside the line.")] == [1, 1]
    assert head.get_by_text("Support from other schools, agreed").count() == 1

    broker.get_by_role("button", name="Write down what came of it").click()
    calm(broker)
    broker.get_by_label("What came of it").fill("Reading is on its way; both say so.")
    broker.get_by_label("It ends here").check()
    broker.get_by_role("button", name="Write it down").click()
    broker.get_by_text("The review is on record.").wait_for()
    head.goto(conversation)
    assert head.locator("#steps ~ ol > li").last.inner_text().startswith(f"{date.today().day} ")
    assert head.get_by_text(DISPUTE).count() == 1  # what was said stands beside the score when all is over
    head.goto(f"/schools/{urn}/held/")
    assert head.get_by_text(own_site.people["Broker"].name).count() > 0


def weeks_pass(site: Site, conversation: str) -> None:
    """What no page can do: eleven working days have passed since the school asked and was shown its lines."""
    then, pk = add_working_days(date.today(), -11), re.findall(r"\d+", conversation)[-1]
    deployment.change(site, f"UPDATE intelligence_earlyconversation SET opened_on = '{then}', shared_on = '{then}' WHERE id = {pk}")


def test_the_circle_opens_only_as_the_school_agrees_and_the_days_pass(own_site: Site, door: Door) -> None:
    head, urn, school = a_head_nearby(door, own_site, width=1280)
    conversation = asks(head, urn)
    takes_up_and_shares(door(own_site, "Broker"), school)
    roles = ("Cluster lead", "Partnership manager", "Local authority officer", "Board member", "Alliance lead", "Headteacher")
    others = {role: door(own_site, role) for role in roles}

    def opens() -> set[str]:
        return {role for role, page in others.items() if (answer := page.goto(conversation)) and answer.status == 200}

    def names() -> set[str]:
        for page in others.values():
            page.goto(LIST)
        return {role for role, page in others.items() if page.get_by_text(school).count()}

    assert (opens(), names()) == (set(), set())
    head.goto(conversation)
    head.get_by_role("link", name="Let your cluster lead read along").click()
    calm(head)
    head.get_by_role("button", name="Yes, let them read along").click()
    head.get_by_text("Saved. It holds from this moment.").wait_for()
    assert (opens(), names()) == ({"Cluster lead"}, {"Cluster lead"})
    lead = others["Cluster lead"]
    lead.goto(conversation)
    assert (lead.get_by_text("You read along because the school agrees.").count(), lead.locator("main form").count()) == (1, 0)
    calm(lead)
    head.goto(conversation)
    head.get_by_role("link", name="Take back that your cluster lead reads along").click()
    head.get_by_role("button", name="Take this back").click()
    head.get_by_text("Saved. It holds from this moment.").wait_for()
    assert (opens(), names()) == (set(), set())

    weeks_pass(own_site, conversation)
    assert (opens(), names()) == (set(), {"Partnership manager"})
    manager = others["Partnership manager"]
    assert manager.get_by_role("listitem").filter(has_text=school).get_by_text("Shared with the school").count() == 1
    assert [word for word in (ASKED, "Attainment", "staff") if manager.get_by_text(word).count()] == []
    calm(manager)
    head.goto(f"/schools/{urn}/held/")
    looked = head.locator("#held-panel").inner_text()
    assert [own_site.people[role].name in looked for role in ("Cluster lead", "Partnership manager", "Board member")] == [True, True, False]

    head.goto(conversation)
    head.get_by_role("link", name="Take the request back").click()
    calm(head)
    head.get_by_role("button", name="Take it back").click()
    head.get_by_text("Taken back. Nobody but your own school sees it any more.").wait_for()
    assert (opens(), names()) == (set(), set())
    broker = door(own_site, "Broker").goto(conversation)
    assert broker is not None
    assert broker.status == 404


def test_a_broker_hands_over_and_sees_it_no_more(own_site: Site, door: Door) -> None:
    broker = door(own_site, "Broker")
    broker.goto(LIST)
    link = broker.locator("#held + ul .name a").first
    school, conversation = link.inner_text(), str(link.get_attribute("href"))
    link.click()
    broker.get_by_role("link", name="Step aside").click()
    calm(broker)
    broker.go_back()
    broker.get_by_role("link", name="Hand over to another broker").click()
    calm(broker)
    other = broker.get_by_label("Who follows?").locator("option").nth(1).inner_text()
    broker.get_by_label("Who follows?").select_option(index=1)
    broker.get_by_label("Why").fill("I am away until February.")
    broker.get_by_role("button", name="Hand over").click()
    broker.get_by_text("They hold it from now on, and you no longer see it.").wait_for()
    assert broker.locator("main").get_by_text(school).count() == 0
    answer = broker.goto(conversation)
    assert answer is not None
    assert answer.status == 404
    head = door(own_site, "Headteacher")
    assert other != own_site.people["Broker"].name
    if own_site.people["Headteacher"].place == school:
        head.goto(conversation)
        assert head.get_by_text(f"Between your school and one broker, {other}.").count() == 1


@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("role", ["Headteacher", "Broker", "Cluster lead", "Partnership manager", "Local authority officer"])
def test_the_list_is_calm_for_each(site: Site, door: Door, role: str, width: int) -> None:
    page = door(site, role, width=width)
    page.goto(LIST)
    assert heading(page) == "Early conversations"
    calm(page)


def test_the_ten_days_stand_on_the_schools_page(site: Site, door: Door) -> None:
    head = door(site, "Headteacher", width=360)
    head.goto(LIST)
    head.locator("#own + ul .name a").first.click()
    assert head.get_by_text("You see it first.").count() == 1
    manager = head.get_by_role("row").filter(has_text="The partnership manager").inner_text()
    first_day = re.search(r"from (\d+ \w+ \d{4}), while it is open", manager)
    assert first_day is not None
    assert head.get_by_text("freedom of information").count() > 0
