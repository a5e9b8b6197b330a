"""The actions of agreements. Each asks whether they may, asks the rule, writes, records and posts.

Every one takes `by` and `at`, names the partnership by its slug, and raises NotAllowed or a refusal of `rules.refusals`.
"""

from convenor.agreements.actions.agreeing import agree, withdraw
from convenor.agreements.actions.letters import remind_of_agreements
from convenor.agreements.actions.texts import adopt_text, begin_text, drop_text, write_text

__all__ = ["adopt_text", "agree", "begin_text", "drop_text", "remind_of_agreements", "withdraw", "write_text"]
