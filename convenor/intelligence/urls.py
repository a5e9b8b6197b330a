"""Addresses of early identification, all below `/p/<slug>/`. Each part of the feature has its own lines."""

from django.urls import URLPattern, URLResolver, path

from convenor.intelligence.views import (
    backtest,
    categories,
    conversation_steps,
    conversations,
    early,
    entered,
    lines,
    long_ago,
    method,
    shared_problems,
    similar,
    soft_signals,
)

EARLY = "p/<slug:slug>/early/"
SCHOOL = f"{EARLY}schools/<slug:urn>/"
CATEGORIES = "p/<slug:slug>/categories/"
CONVERSATION = f"{EARLY}conversations/<int:pk>/"

urlpatterns: list[URLPattern | URLResolver] = [
    path(EARLY, early.Early.as_view(), name="early"),
    path(f"{EARLY}method/", method.Method.as_view(), name="early-method"),
    path(f"{EARLY}backtest/", backtest.Backtest.as_view(), name="early-backtest"),
    path(f"{EARLY}long-ago/", long_ago.LongAgoPage.as_view(), name="early-long-ago"),
    path(
        f"{EARLY}shared-problems/<slug:phase>/<slug:measure>/priority/",
        shared_problems.MakePriority.as_view(),
        name="early-shared-priority",
    ),
    path(SCHOOL, lines.Lines.as_view(), name="early-school"),
    path(f"{SCHOOL}similar/", similar.Similar.as_view(), name="early-similar"),
    path(f"{SCHOOL}refer/", conversations.Refer.as_view(), name="early-refer"),
    path(f"{SCHOOL}reply/", conversations.Reply.as_view(), name="early-reply"),
    path(f"{SCHOOL}take-up/", conversations.TakeUp.as_view(), name="early-take-up"),
    path(f"{EARLY}conversations/", conversations.Conversations.as_view(), name="early-conversations"),
    path(CONVERSATION, conversations.Conversation.as_view(), name="early-conversation"),
    path(f"{CONVERSATION}share/", conversation_steps.Share.as_view(), name="early-share"),
    path(f"{CONVERSATION}answer/<int:reply>/", conversation_steps.Answer.as_view(), name="early-answer"),
    path(f"{CONVERSATION}agree/", conversation_steps.Agree.as_view(), name="early-agree"),
    path(f"{CONVERSATION}review/", conversation_steps.Review.as_view(), name="early-review"),
    path(f"{CONVERSATION}hand-over/", conversation_steps.HandOver.as_view(), name="early-hand-over"),
    path(f"{CONVERSATION}step-aside/", conversation_steps.StepAside.as_view(), name="early-step-aside"),
    path(f"{CONVERSATION}withdraw/", conversation_steps.Withdraw.as_view(), name="early-withdraw"),
    path(f"{CONVERSATION}cluster/", conversation_steps.Cluster.as_view(), name="early-cluster"),
    path(f"{EARLY}records/", entered.Records.as_view(), name="early-records"),
    path(f"{SCHOOL}enter/", entered.Enter.as_view(), name="early-enter"),
    path(f"{SCHOOL}entered/<int:pk>/renew/", entered.RenewFigure.as_view(), name="early-entered-renew"),
    path(f"{SCHOOL}entered/<int:pk>/withdraw/", entered.WithdrawFigure.as_view(), name="early-entered-withdraw"),
    path(f"{SCHOOL}entered/<int:pk>/answer/", entered.AnswerFigure.as_view(), name="early-entered-answer"),
    path(f"{SCHOOL}signals/", soft_signals.Signals.as_view(), name="early-signals"),
    path(f"{SCHOOL}signals/note/", soft_signals.NoteSignal.as_view(), name="early-signal-note"),
    path(f"{SCHOOL}signals/<int:pk>/renew/", soft_signals.RenewSignal.as_view(), name="early-signal-renew"),
    path(f"{SCHOOL}signals/<int:pk>/withdraw/", soft_signals.WithdrawSignal.as_view(), name="early-signal-withdraw"),
    path(f"{SCHOOL}signals/<int:pk>/answer/", soft_signals.AnswerSignal.as_view(), name="early-signal-answer"),
    path(CATEGORIES, categories.Categories.as_view(), name="categories"),
    path(f"{CATEGORIES}switch-on/<slug:scheme>/", categories.SwitchOn.as_view(), name="categories-switch-on"),
    path(f"{CATEGORIES}switch-off/", categories.SwitchOff.as_view(), name="categories-switch-off"),
    path(f"{CATEGORIES}draw/", categories.Draw.as_view(), name="categories-draw"),
    path(f"{CATEGORIES}schools/<slug:urn>/", categories.SchoolCategory.as_view(), name="category-school"),
    path(f"{CATEGORIES}schools/<slug:urn>/<slug:voice>/", categories.Judge.as_view(), name="category-judge"),
]
