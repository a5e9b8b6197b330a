"""Addresses of the conditions: workshops and what comes of them below `/p/<slug>/`, the room's phones below `/join/`.

Each part of the feature has its own list.
"""

from django.urls import URLPattern, URLResolver, path

import convenor.partnership.addresses  # noqa: F401 - makes <key:...> known
from convenor.conditions.views import conditions, diagnosis, foresight, join, paper, wall
from convenor.conditions.views import results as said
from convenor.conditions.views import workshops as room

CONDITIONS = "p/<slug:slug>/conditions/"
WORKSHOPS = "p/<slug:slug>/workshops/"
WORKSHOP = f"{WORKSHOPS}<key:pk>/"
FORESIGHT = "p/<slug:slug>/foresight/"
DIAGNOSIS = "p/<slug:slug>/two-readings/"
JOIN = "join/"

#: The facilitator's pages, the wall and the room's paper.
workshops: list[URLPattern | URLResolver] = [
    path(WORKSHOPS, room.Workshops.as_view(), name="workshops"),
    path(f"{WORKSHOPS}plan/", room.PlanWorkshop.as_view(), name="workshop-plan"),
    path(WORKSHOP, room.Workshop.as_view(), name="workshop"),
    path(f"{WORKSHOP}lead/", room.Lead.as_view(), name="workshop-lead"),
    path(f"{WORKSHOP}plan/", room.ChangePlan.as_view(), name="workshop-change"),
    path(f"{WORKSHOP}cards/", room.ChooseCards.as_view(), name="workshop-choose"),
    path(f"{WORKSHOP}open/", room.OpenWorkshop.as_view(), name="workshop-open"),
    path(f"{WORKSHOP}step/", room.GoToStep.as_view(), name="workshop-step"),
    path(f"{WORKSHOP}show/", room.ShowStep.as_view(), name="workshop-show"),
    path(f"{WORKSHOP}hide/", room.HideStep.as_view(), name="workshop-hide"),
    path(f"{WORKSHOP}close/", room.CloseWorkshop.as_view(), name="workshop-close"),
    path(f"{WORKSHOP}withdraw/", room.WithdrawWorkshop.as_view(), name="workshop-withdraw"),
    path(f"{WORKSHOP}wall/", wall.WallPage.as_view(), name="workshop-wall"),
    path(f"{WORKSHOP}canvases/", room.Canvases.as_view(), name="workshop-canvases"),
    path(f"{WORKSHOP}canvases/<key:note>/hide/", room.HideNote.as_view(), name="workshop-note-hide"),
    path(f"{WORKSHOP}board/", paper.Board.as_view(), name="workshop-board"),
    path(f"{WORKSHOP}paper/", paper.EnterPaper.as_view(), name="workshop-paper"),
    path(f"{WORKSHOP}paper/<key:sheet>/", paper.ChangePaper.as_view(), name="workshop-paper-change"),
    path(f"{WORKSHOP}paper/<key:sheet>/remove/", paper.RemovePaper.as_view(), name="workshop-paper-remove"),
]
#: What a phone in the room opens and sends.
joining: list[URLPattern | URLResolver] = [
    path(JOIN, join.JoinCode.as_view(), name="join-code"),
    path(f"{JOIN}<str:code>/", join.JoinRoom.as_view(), name="join-room"),
    path(f"{JOIN}<str:code>/send/", join.JoinSend.as_view(), name="join-send"),
    path(f"{JOIN}<str:code>/now/", join.JoinNow.as_view(), name="join-now"),
    path(f"{JOIN}<str:code>/token/", join.JoinToken.as_view(), name="join-token"),
    path(f"{JOIN}<str:code>/results/", join.JoinResults.as_view(), name="join-results"),
]
#: What the room said, and what it leads to.
results: list[URLPattern | URLResolver] = [
    path(f"{WORKSHOP}results/", said.Results.as_view(), name="workshop-results"),
    path(f"{WORKSHOP}results.csv", said.ResultsTable.as_view(), name="workshop-results-table"),
    path(f"{WORKSHOP}results.svg", said.ResultsSlide.as_view(), name="workshop-results-slide"),
    path(f"{WORKSHOP}results/words/<key:diamond>/<slug:card>/", said.HideWords.as_view(), name="workshop-words-hide"),
    path(f"{WORKSHOP}results/priorities/", said.Priorities.as_view(), name="workshop-priorities"),
]
#: The nine conditions over time, what was foreseen, and the two readings.
over_time: list[URLPattern | URLResolver] = [
    path(CONDITIONS, conditions.Conditions.as_view(), name="conditions"),
    path(f"{CONDITIONS}table.csv", conditions.ConditionsTable.as_view(), name="conditions-table"),
    path(f"{CONDITIONS}ask/", conditions.Ask.as_view(), name="conditions-ask"),
    path(f"{CONDITIONS}say/", conditions.Say.as_view(), name="conditions-say"),
    path(f"{CONDITIONS}<key:pk>/close/", conditions.Close.as_view(), name="conditions-close"),
    path(f"{CONDITIONS}about/<slug:key>/", conditions.Condition.as_view(), name="conditions-one"),
    path(FORESIGHT, foresight.Ledger.as_view(), name="foresight"),
    path(f"{FORESIGHT}add/", foresight.Add.as_view(), name="foresight-add"),
    path(f"{FORESIGHT}<key:pk>/say/", foresight.SayLikely.as_view(), name="foresight-say"),
    path(f"{FORESIGHT}<key:pk>/tell/", foresight.TellNow.as_view(), name="foresight-tell"),
    path(f"{FORESIGHT}<key:pk>/settle/", foresight.SettleIt.as_view(), name="foresight-settle"),
    path(DIAGNOSIS, diagnosis.Diagnosis.as_view(), name="diagnosis"),
    path(f"{DIAGNOSIS}yours/", diagnosis.Read.as_view(), name="diagnosis-read"),
]

urlpatterns = [*workshops, *joining, *results, *over_time]
