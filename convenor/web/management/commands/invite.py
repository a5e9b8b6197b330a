"""`convenor invite`: give somebody a post of the partnership, its first manager above all."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from convenor.accounts.queries import link_token, person_by_id, person_to_sign_in
from convenor.partnership.actions import give_post
from convenor.partnership.gate import day_of
from convenor.partnership.queries.holdings import partnership_here
from convenor.partnership.roles import ROLES, HeldAt
from convenor.partnership.rules.refusals import Refused
from convenor.web.operator import operator_name

PARTNERSHIP_ROLES = [role.key for role in ROLES.values() if role.held_at is HeldAt.PARTNERSHIP]


class Command(BaseCommand):
    """Whoever runs the machine makes the first manager; the manager does the rest on the site."""

    help = "Give somebody a post of the partnership from today, and print the link by which they sign in the first time."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Who, and to what."""
        parser.add_argument("name", metavar="NAME", help="their name, in quotation marks")
        parser.add_argument("email", metavar="EMAIL", help="their work e-mail address")
        parser.add_argument("--partnership", required=True, metavar="SLUG", help="as `convenor structure list` prints it")
        parser.add_argument("--role", default="manager", choices=PARTNERSHIP_ROLES, help="default: manager")
        parser.add_argument(
            "--site", default="http://127.0.0.1:8000", help="the site's address, for the link (default: http://127.0.0.1:8000)"
        )
        parser.add_argument("--json", action="store_true", help="print the person's key and the link as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Give the post; a person already known by that address is taken for them."""
        at, role = timezone.now(), ROLES[options["role"]]
        if partnership_here(options["partnership"]) is None:
            self.stderr.write(f"No partnership is called {options['partnership']}. `convenor structure list` prints those there are.")
            sys.exit(1)
        known = person_to_sign_in(options["email"])
        try:
            tenure = give_post(
                slug=options["partnership"], role=role.key, title=role.titles[0] if role.titles else role.name, name=options["name"],
                email=options["email"], person_id=known.pk if known else None, from_on=day_of(at), by=operator_name(), at=at,
            )  # fmt: skip
        except Refused as reason:
            self.stderr.write(str(reason))
            sys.exit(1)
        person = person_by_id(tenure.person_id)
        assert person is not None
        link = f"{options['site'].rstrip('/')}/sign-in/link/?key={link_token(person)}"
        if options["json"]:
            self.stdout.write(json.dumps({"person": person.pk, "role": role.key, "link": link}))
            return
        self.stdout.write(f"{person.name} is {role.name.lower()} from today. This link signs them in once, within 20 minutes:\n{link}")
