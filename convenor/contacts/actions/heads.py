"""Heads' names as the register publishes them, taken over so that nobody is asked for them."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from convenor.contacts.models import Contact
from convenor.contacts.queries.contacts import member_schools
from convenor.journal import actions as journal
from convenor.partnership.gate import ANYONE, Viewer, allow
from convenor.partnership.queries.keys import partnership_id
from convenor.partnership.roles import Permission
from convenor.registers.queries.heads import heads_of


def prefill_heads(*, slug: str, by: Viewer | str, at: datetime) -> int:
    """The published name of the head of each member school for which nobody stands as head yet; how many. The address is still to come.

    What stands already is never overwritten. Raises NotAllowed.
    """
    allow(by, Permission.CONTACTS_KEEP, partnership=slug)
    schools = member_schools(slug, viewer=ANYONE, at=at)
    with transaction.atomic():
        there = set(Contact.objects.filter(partnership__slug=slug, role="head").values_list("school_id", flat=True))
        found = heads_of([urn for urn in schools if urn not in there], viewer=ANYONE)
        rows = Contact.objects.bulk_create(
            Contact(partnership_id=partnership_id(slug), school_id=urn, role="head", name=head.name, source=head.edition[:200])
            for urn, head in found.items()
        )
        if rows:
            journal.record(
                by=by, at=at, verb="contact.heads-taken-over", subject_kind="partnership", subject_key=slug,
                subject_label="heads’ names as published", partnership=slug, detail={"schools": len(rows)},
            )  # fmt: skip
    return len(rows)
