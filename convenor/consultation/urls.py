"""Addresses of consultation, below `/p/<slug>/consultations/`, `/p/<slug>/votes/` and `/p/<slug>/set-up/`. Each part has its own list."""

from django.urls import URLPattern, URLResolver, path

import convenor.partnership.addresses  # noqa: F401 - makes <key:...> known
from convenor.consultation.views import answering, consultations, report, themes
from convenor.consultation.views import hearing as hearing_views
from convenor.consultation.views import set_up as set_up_views
from convenor.consultation.views import votes as vote_views

CONSULTATIONS = "p/<slug:slug>/consultations/"
VOTES = "p/<slug:slug>/votes/"
SET_UP = "p/<slug:slug>/set-up/"

#: The proposition, its questions, invitations, responses and who is not yet heard from.
ONE = f"{CONSULTATIONS}<key:pk>/"
ANSWER = f"{ONE}answer/<slug:urn>/"
asking: list[URLPattern | URLResolver] = [
    path(CONSULTATIONS, consultations.Consultations.as_view(), name="consultations"),
    path(f"{CONSULTATIONS}start/", consultations.Start.as_view(), name="consultation-start"),
    path(ONE, consultations.Consultation.as_view(), name="consultation"),
    path(f"{ONE}change/", consultations.Change.as_view(), name="consultation-change"),
    path(f"{ONE}write/", consultations.Write.as_view(), name="consultation-write"),
    path(f"{ONE}questions/add/", consultations.AskQuestion.as_view(), name="consultation-question-add"),
    path(f"{ONE}questions/<slug:key>/", consultations.AskQuestion.as_view(), name="consultation-question"),
    path(f"{ONE}questions/<slug:key>/take-out/", consultations.DropQuestion.as_view(), name="consultation-question-drop"),
    path(f"{ONE}open/", consultations.Open.as_view(), name="consultation-open"),
    path(f"{ONE}remind/", consultations.Remind.as_view(), name="consultation-remind"),
    path(f"{ONE}close/", consultations.Close.as_view(), name="consultation-close"),
    path(f"{ONE}withdraw/", consultations.Withdraw.as_view(), name="consultation-withdraw"),
    path(f"{ONE}rates/", consultations.Rates.as_view(), name="consultation-rates"),
    path(f"{ONE}paper/", answering.EnterPaper.as_view(), name="consultation-paper"),
    path(f"{ONE}sheet/", answering.Sheet.as_view(), name="consultation-sheet"),
    path(f"{ONE}view/", answering.SayView.as_view(), name="consultation-view"),
    path(ANSWER, answering.Answer.as_view(), name="consultation-answer"),
    path(f"{ANSWER}<key:step>/", answering.Answer.as_view(), name="consultation-answer-step"),
    path(f"{ANSWER}check/", answering.CheckAnswer.as_view(), name="consultation-answer-check"),
    path(f"{ANSWER}give/", answering.GiveAnswer.as_view(), name="consultation-answer-give"),
]
#: Results, themes, "you said, we did" and the report.
THEMES = f"{ONE}themes/"
hearing: list[URLPattern | URLResolver] = [
    path(f"{ONE}results/", hearing_views.Results.as_view(), name="consultation-results"),
    path(f"{ONE}results/work-out/", hearing_views.WorkOut.as_view(), name="consultation-work-out"),
    path(THEMES, themes.Themes.as_view(), name="consultation-themes"),
    path(f"{THEMES}of/<slug:question>/name/", themes.NameTheme.as_view(), name="consultation-theme-name"),
    path(f"{THEMES}of/<slug:question>/suggested/", themes.Suggestions.as_view(), name="consultation-suggestions"),
    path(f"{THEMES}<key:theme>/", themes.Theme.as_view(), name="consultation-theme"),
    path(f"{THEMES}<key:theme>/say/", themes.SayTheme.as_view(), name="consultation-theme-say"),
    path(f"{THEMES}<key:theme>/take-back/", themes.DropTheme.as_view(), name="consultation-theme-drop"),
    path(f"{ONE}report/", report.Report.as_view(), name="consultation-report"),
    path(f"{ONE}report/publish/", report.Publish.as_view(), name="consultation-publish"),
    path(f"{ONE}report/<slug:fmt>/", report.ReportFile.as_view(), name="consultation-report-file"),
]
#: Forum votes.
VOTE = f"{VOTES}<key:pk>/"
votes: list[URLPattern | URLResolver] = [
    path(VOTES, vote_views.Votes.as_view(), name="forum-votes"),
    path(f"{VOTES}declare/", vote_views.Plan.as_view(), name="forum-vote-plan"),
    path(VOTE, vote_views.Vote.as_view(), name="forum-vote"),
    path(f"{VOTE}open/", vote_views.OpenVote.as_view(), name="forum-vote-open"),
    path(f"{VOTE}close/", vote_views.CloseVote.as_view(), name="forum-vote-close"),
    path(f"{VOTE}decide/", vote_views.WriteDown.as_view(), name="forum-vote-decide"),
]
#: The set-up journey.
set_up: list[URLPattern | URLResolver] = [
    path(SET_UP, set_up_views.SetUp.as_view(), name="set-up"),
    path(f"{SET_UP}start/", set_up_views.StartSetUp.as_view(), name="set-up-start"),
    path(f"{SET_UP}<slug:key>/", set_up_views.ChangeStep.as_view(), name="set-up-step"),
]

urlpatterns = [*asking, *hearing, *votes, *set_up]
