"""Who may see and do what.

Everyone holds a role through a post or a seat, somewhere, from a day until a day. What no role names, nobody may do. What the Department,
Ofsted or the partnership itself publishes is open to anyone. These tables are the whole of it: they are checked against the roles that
every page and every change asks.
"""

from __future__ import annotations

from convenor.partnership.gate import Holding
from convenor.partnership.roles import GIVEN_BY_SCHOOL, ROLES, HeldAt, Permission, Role, role_of_seat
from tests.spec.telling import Row, table

#: Those who keep the partnership's business and its books: they have a table of their own.
KEEPERS = ("Partnership manager", "Auditor")


def may(*places: HeldAt, keepers: bool = False) -> list[Row]:
    """What the roles held at these places may do: a row for each thing that one of them may. `keepers`: those of KEEPERS, or the others."""
    held = [role for role in ROLES.values() if role.held_at in places and (role.name in KEEPERS) is keepers]
    things = [each for each in Permission if any(each in role.permissions for role in held)]
    return [{"May": thing.value, **{role.name: "yes" if thing in role.permissions else "" for role in held}} for thing in things]


def named(name: str) -> type[Role]:
    """The role of a name."""
    return next(role for role in ROLES.values() if role.name == name)


def test_the_roles_there_are() -> None:
    """The roles there are.

    Whoever can change much, or keeps watch over others, signs in with a second factor.
    """
    told = table("""
        | Role                                     | Held at     | What it is                                                                                                                                                                                                                                                 | Second factor |
        | Headteacher                              | school      | Leads a school and speaks for it. An executive head holds this post at each of their schools; it may be held acting or interim.                                                                                                                            |               |
        | School leader                            | school      | A deputy, assistant head or other senior leader to whom the head has opened the school's own pages.                                                                                                                                                        |               |
        | Chair of the governing board or trustees | school      | Answers for a school with its head, sees what the head sees of it, and may speak for it.                                                                                                                                                                   |               |
        | Clerk to the governing board or trustees | school      | Keeps a governing board's business in order and puts names forward on its behalf.                                                                                                                                                                          |               |
        | School office                            | school      | Does the school's everyday business with the partnership without opening its confidential pages.                                                                                                                                                           |               |
        | Trust leader                             | trust       | Leads a trust and moves between its schools as the head of each would.                                                                                                                                                                                     |               |
        | System leader                            | school      | Lends expertise to other schools, when a school or the partnership asks.                                                                                                                                                                                   |               |
        | Independent supporter                    | partnership | Supports schools from outside every school: of a hub, a university, a service, or alone. Opens only packages of their own.                                                                                                                                 |               |
        | Reviewer                                 | partnership | Takes part in reviews of other schools; opens only what a host school shares.                                                                                                                                                                              |               |
        | Cluster lead                             | body        | Leads a cluster: knows which of its schools have not yet been heard from and invites them.                                                                                                                                                                 |               |
        | Alliance lead                            | body        | Leads an alliance, consortium or sub-group: its business, its schools and its place on the body above.                                                                                                                                                     |               |
        | Member of a body                         | body        | Sits on a cluster, alliance, sub-group or other body and reads its papers.                                                                                                                                                                                 |               |
        | Board member                             | body        | Sits on the board and sees the partnership whole, in aggregate: never a school's name beside anything that is not public.                                                                                                                                  |               |
        | Diocese                                  | partnership | Speaks for a diocese or other religious authority beside its schools; opens no school's own record by that.                                                                                                                                                |               |
        | DfE regional director's link             | partnership | Keeps the partnership and the Department's regional office in step; sees aggregates only.                                                                                                                                                                  | yes           |
        | Local authority officer                  | authority   | Takes part for the local authority. Its statutory record stays its own; this role opens no school's own record.                                                                                                                                            | yes           |
        | Broker                                   | partnership | Holds early conversations and packages of support, each as the one named broker of a school other than their own. Opens a school's lines only after taking its conversation up, never places their own organisation, and the school sees that they looked. | yes           |
        | Partnership manager                      | partnership | Runs the partnership from day to day: seats, members, invitations, priorities, money and records. Opens no school's own record but to answer a request for information, and the school sees that they looked.                                              | yes           |
        | Auditor                                  | partnership | Reads the journal and the funds to see that the partnership keeps its own rules; changes nothing.                                                                                                                                                          | yes           |
    """)  # noqa: E501
    assert told == [
        {"Role": each.name, "Held at": each.held_at.value, "What it is": each.says, "Second factor": "yes" if each.second_factor else ""}
        for each in ROLES.values()
    ]


def test_what_people_of_schools_and_trusts_may_do() -> None:
    """What people of schools and trusts may do.

    What concerns a school reaches only the holder's own, or the schools of the trust.
    """
    told = table("""
        | May                                                                                                 | Headteacher | School leader | Chair of the governing board or trustees | Clerk to the governing board or trustees | School office | Trust leader | System leader |
        | see who sits where in the partnership                                                               | yes         | yes           | yes                                      | yes                                      | yes           | yes          | yes           |
        | see whom the board stands for                                                                       | yes         | yes           | yes                                      | yes                                      | yes           | yes          | yes           |
        | do a school's everyday business with the partnership                                                | yes         | yes           | yes                                      | yes                                      | yes           | yes          |               |
        | open what is held about a school and is not public, and see who looked                              | yes         | yes           | yes                                      |                                          |               | yes          |               |
        | speak for a school: join, leave, agree                                                              | yes         |               | yes                                      |                                          |               | yes          |               |
        | put somebody forward for a seat                                                                     | yes         | yes           | yes                                      | yes                                      |               | yes          | yes           |
        | enter a figure or fact about a school that nobody publishes                                         | yes         | yes           | yes                                      |                                          |               | yes          |               |
        | note a soft signal about a school, with its source                                                  | yes         | yes           | yes                                      |                                          |               | yes          |               |
        | moderate a school's judgement of itself                                                             |             |               |                                          |                                          |               |              | yes           |
        | host a peer review for a school: its days, its questions, what it shares                            | yes         | yes           | yes                                      |                                          |               | yes          |               |
        | offer to review other schools, and take part in their reviews                                       | yes         | yes           | yes                                      |                                          |               | yes          | yes           |
        | ask for support for a school, agree to it, and mark what is written about it                        | yes         | yes           | yes                                      |                                          |               | yes          |               |
        | offer support to other schools, visit them and write notes of visits                                | yes         | yes           | yes                                      |                                          |               | yes          | yes           |
        | see what members say of the nine conditions, what was foreseen and how workshops went, in aggregate | yes         | yes           | yes                                      | yes                                      | yes           | yes          | yes           |
        | say how the nine conditions stand, and how likely it is that what was foreseen comes true           | yes         | yes           | yes                                      | yes                                      | yes           | yes          | yes           |
    """)  # noqa: E501
    assert told == may(HeldAt.SCHOOL, HeldAt.TRUST)


def test_what_members_and_leaders_of_bodies_may_do() -> None:
    """What members and leaders of bodies may do.

    A board sees the whole in aggregate. Of these, only those who lead a cluster or an alliance see which schools to invite, and only
    their own.
    """
    told = table("""
        | May                                                                                                 | Cluster lead | Alliance lead | Member of a body | Board member |
        | see who sits where in the partnership                                                               | yes          | yes           | yes              | yes          |
        | read a body's papers, priorities and decisions                                                      | yes          | yes           | yes              | yes          |
        | see how much schools take part, in aggregate                                                        | yes          | yes           |                  | yes          |
        | see whom the board stands for                                                                       | yes          | yes           | yes              | yes          |
        | put somebody forward for a seat                                                                     | yes          | yes           | yes              |              |
        | write a hand-over note for a seat or post one holds                                                 | yes          | yes           | yes              | yes          |
        | lead a body: its schools, its notes, its successor                                                  | yes          | yes           |                  |              |
        | see which schools have not yet been heard from, so as to invite them                                | yes          | yes           |                  |              |
        | note that a school attended, reviewed, answered or offered                                          | yes          | yes           |                  |              |
        | see how many early conversations there are, in totals                                               | yes          | yes           |                  | yes          |
        | enter a figure or fact about a school that nobody publishes                                         | yes          | yes           |                  |              |
        | note a soft signal about a school, with its source                                                  | yes          | yes           |                  |              |
        | see states, dates and teams of peer reviews, never what they found                                  | yes          | yes           |                  |              |
        | see how peer review goes, in totals and themes                                                      | yes          | yes           |                  | yes          |
        | open a round of peer reviews, match its teams and set its dates                                     | yes          | yes           |                  |              |
        | see how support goes, in totals                                                                     | yes          | yes           |                  | yes          |
        | write a note of contact with a school, which its head reads first                                   | yes          | yes           |                  |              |
        | see what members say of the nine conditions, what was foreseen and how workshops went, in aggregate | yes          | yes           | yes              | yes          |
        | say how the nine conditions stand, and how likely it is that what was foreseen comes true           | yes          | yes           | yes              | yes          |
        | plan a workshop, lead it, and read what the room wrote                                              | yes          | yes           |                  |              |
        | see the partnership's funds                                                                         |              |               |                  | yes          |
    """)  # noqa: E501
    assert told == may(HeldAt.BODY)


def test_what_people_who_take_part_for_the_partnership_and_the_authority_may_do() -> None:
    """What people of the partnership and the local authority may do.

    None of them may open what a school holds about itself.
    """
    told = table("""
        | May                                                                                                 | Independent supporter | Reviewer | Diocese | DfE regional director's link | Local authority officer | Broker |
        | see who sits where in the partnership                                                               | yes                   | yes      | yes     | yes                          | yes                     | yes    |
        | read a body's papers, priorities and decisions                                                      |                       |          | yes     |                              | yes                     |        |
        | see how much schools take part, in aggregate                                                        |                       |          | yes     | yes                          | yes                     |        |
        | see whom the board stands for                                                                       | yes                   | yes      | yes     | yes                          | yes                     | yes    |
        | put somebody forward for a seat                                                                     |                       |          | yes     |                              |                         |        |
        | see how many early conversations there are, in totals                                               |                       |          | yes     | yes                          | yes                     | yes    |
        | hold early conversations with schools as their named broker                                         |                       |          |         |                              |                         | yes    |
        | enter a figure or fact about a school that nobody publishes                                         |                       |          |         |                              | yes                     | yes    |
        | note a soft signal about a school, with its source                                                  |                       |          |         |                              | yes                     | yes    |
        | propose a school's category                                                                         |                       |          |         |                              |                         | yes    |
        | moderate a school's judgement of itself                                                             |                       | yes      |         |                              |                         |        |
        | offer to review other schools, and take part in their reviews                                       |                       | yes      |         |                              |                         |        |
        | see how peer review goes, in totals and themes                                                      |                       |          | yes     | yes                          | yes                     |        |
        | offer support to other schools, visit them and write notes of visits                                | yes                   |          |         |                              |                         |        |
        | match what schools need with what others offer, and hold packages of support as their broker        |                       |          |         |                              |                         | yes    |
        | see how support goes, in totals                                                                     |                       |          | yes     | yes                          | yes                     | yes    |
        | write a note of contact with a school, which its head reads first                                   |                       |          |         |                              | yes                     | yes    |
        | see what members say of the nine conditions, what was foreseen and how workshops went, in aggregate | yes                   | yes      | yes     | yes                          | yes                     | yes    |
        | say how the nine conditions stand, and how likely it is that what was foreseen comes true           | yes                   | yes      | yes     | yes                          | yes                     | yes    |
        | see the partnership's funds                                                                         |                       |          |         |                              | yes                     |        |
        | see the local authority's own statutory line                                                        |                       |          |         |                              | yes                     |        |
    """)  # noqa: E501
    assert told == may(HeldAt.PARTNERSHIP, HeldAt.AUTHORITY)


def test_what_the_manager_and_the_auditor_may_do() -> None:
    """What the manager and the auditor may do.

    Neither may open what a school holds about itself; what is found for a request for information is read under that right alone.
    """
    told = table("""
        | May                                                                                                 | Partnership manager | Auditor |
        | see who sits where in the partnership                                                               | yes                 | yes     |
        | read a body's papers, priorities and decisions                                                      | yes                 |         |
        | see how much schools take part, in aggregate                                                        | yes                 | yes     |
        | see whom the board stands for                                                                       | yes                 | yes     |
        | put somebody forward for a seat                                                                     | yes                 |         |
        | write a hand-over note for a seat or post one holds                                                 | yes                 |         |
        | lead a body: its schools, its notes, its successor                                                  | yes                 |         |
        | see which schools have not yet been heard from, so as to invite them                                | yes                 |         |
        | note that a school attended, reviewed, answered or offered                                          | yes                 |         |
        | see how many early conversations there are, in totals                                               | yes                 | yes     |
        | see with which schools a conversation is open, ten working days after the school was shown          | yes                 |         |
        | set up and switch on a scheme of categories that the board has decided on                           | yes                 |         |
        | see states, dates and teams of peer reviews, never what they found                                  | yes                 |         |
        | see how peer review goes, in totals and themes                                                      | yes                 | yes     |
        | open a round of peer reviews, match its teams and set its dates                                     | yes                 |         |
        | keep the register of reviewers and their training                                                   | yes                 |         |
        | keep the directory of quality-assured support: who stands in it, and what vouches for them          | yes                 |         |
        | see states, dates, days and money of packages of support, never what was written about a school     | yes                 |         |
        | read the evaluation of a package that ended, and sign it off                                        | yes                 |         |
        | see how support goes, in totals                                                                     | yes                 | yes     |
        | write a note of contact with a school, which its head reads first                                   | yes                 |         |
        | see what members say of the nine conditions, what was foreseen and how workshops went, in aggregate | yes                 | yes     |
        | say how the nine conditions stand, and how likely it is that what was foreseen comes true           | yes                 |         |
        | ask the members how the nine conditions stand, and settle what was foreseen                         | yes                 |         |
        | plan a workshop, lead it, and read what the room wrote                                              | yes                 |         |
        | write a proposition, ask every school, read the answers, and say what was done                      | yes                 |         |
        | run the set-up of the partnership, from the steering group to the pilots                            | yes                 |         |
        | change the constitution, its bodies and its areas                                                   | yes                 |         |
        | open a call, decide it, appoint to a seat and end an appointment                                    | yes                 |         |
        | record that a school joins, leaves or changes cluster                                               | yes                 |         |
        | say who holds which post                                                                            | yes                 |         |
        | switch rooms on and off                                                                             | yes                 |         |
        | enter the terms and holidays of the area's schools                                                  | yes                 |         |
        | record priorities, task-and-finish groups and decisions                                             | yes                 |         |
        | see the partnership's funds                                                                         | yes                 | yes     |
        | record funds and commit money                                                                       | yes                 |         |
        | see which messages could not be sent                                                                | yes                 |         |
        | see the addresses by which schools are reached, and when each was last verified                     | yes                 |         |
        | keep the addresses by which schools are reached, and invite their heads                             | yes                 |         |
        | write to a filtered list of schools, whose addresses nobody sees                                    | yes                 |         |
        | put the data-sharing agreement to the schools, and see which have agreed to which class of record   | yes                 |         |
        | bring in what the partnership has in its own spreadsheets, and undo it whole                        | yes                 |         |
        | take everything that the partnership holds out in one archive                                       | yes                 |         |
        | keep the register of requests for information, and answer them                                      | yes                 |         |
        | hold records back from deletion, and see what was deleted when its time came                        | yes                 |         |
        | read the partnership's journal                                                                      | yes                 | yes     |
    """)  # noqa: E501
    assert told == may(HeldAt.PARTNERSHIP, keepers=True)


def test_nobody_of_the_partnership_or_the_authority_opens_a_school_s_own_record() -> None:
    """Nobody of the partnership or the authority opens a school's own record."""
    assert {role.name for role in ROLES.values() if role.held_at in {HeldAt.PARTNERSHIP, HeldAt.AUTHORITY}} & {
        role.name for role in ROLES.values() if Permission.SCHOOL_RECORD_SEE in role.permissions
    } == set()


def test_a_role_reaches_only_the_place_where_it_is_held() -> None:
    """A role reaches only the place where it is held."""
    schools = {"Fernhollow": "990001", "Ashwater": "990002"}
    bodies = {"North Cluster": 5, "South Cluster": 6}
    for row in table("""
        | Role                | Held at                     | Asks to                                                              | Of            | Answer |
        | Headteacher         | Fernhollow                  | open what is held about a school and is not public, and see who looked | Fernhollow    | yes    |
        | Headteacher         | Fernhollow                  | open what is held about a school and is not public, and see who looked | Ashwater      | no     |
        | Trust leader        | Fernhollow and Ashwater     | open what is held about a school and is not public, and see who looked | Ashwater      | yes    |
        | Partnership manager | the partnership             | open what is held about a school and is not public, and see who looked | Ashwater      | no     |
        | Cluster lead        | North Cluster               | see which schools have not yet been heard from, so as to invite them | North Cluster | yes    |
        | Cluster lead        | North Cluster               | see which schools have not yet been heard from, so as to invite them | South Cluster | no     |
    """):  # noqa: E501
        role, at = named(row["Role"]), row["Held at"]
        urns = tuple(schools[each] for each in at.split(" and ") if each in schools)
        holding = Holding(role.key, role.name, 1, "fernshire", urns=urns, body_id=bodies.get(at))
        asked = holding.allows(Permission(row["Asks to"]), urn=schools.get(row["Of"]), body_id=bodies.get(row["Of"]))
        assert asked == (row["Answer"] == "yes")


def test_a_seat_brings_its_role() -> None:
    """A seat brings its role.

    Nobody hands out the role that comes with a seat, and it ends when the seat does.
    """
    for row in table("""
        | Seat     | On          | Brings the role  |
        | chair    | a board     | Board member     |
        | observer | a board     | Board member     |
        | lead     | a cluster   | Cluster lead     |
        | deputy   | a cluster   | Cluster lead     |
        | co-chair | an alliance | Alliance lead    |
        | member   | an alliance | Member of a body |
        | clerk    | a cluster   | Member of a body |
    """):
        assert ROLES[role_of_seat(row["Seat"], row["On"].split()[1])].name == row["Brings the role"]


def test_posts_that_a_school_gives_itself() -> None:
    """Posts that a school gives and takes away itself.

    Whoever speaks for the school opens its pages to these, and closes them again. Nobody else need be asked.
    """
    told = table("""
        | Post                                     |
        | School leader                            |
        | Clerk to the governing board or trustees |
        | School office                            |
    """)
    assert {row["Post"] for row in told} == {ROLES[key].name for key in GIVEN_BY_SCHOOL}
