"""Addresses of support, all below `/p/<slug>/support/`. Each part of the feature has its own list."""

from django.urls import URLPattern, URLResolver, path, register_converter
from django.urls.converters import IntConverter

from convenor.support.views import (
    answers,
    commissioning,
    contacts,
    directory,
    effect,
    evaluation,
    front,
    mentors,
    money,
    needs,
    others,
    package_steps,
    packages,
    placing,
    plan,
    progress,
    published,
    rings,
    the_call,
    visits,
)


class KeyConverter(IntConverter):
    """A row's key as the databases hold one: a number that no table could hold leads to no page, and reaches no query."""

    regex = "[0-9]{1,18}"


register_converter(KeyConverter, "key")

SUPPORT = "p/<slug:slug>/support/"
NEED = f"{SUPPORT}needs/<key:pk>/"
PACKAGE = f"{SUPPORT}packages/<key:pk>/"
DIRECTORY = f"{SUPPORT}directory/"
OFFER = f"{DIRECTORY}<key:pk>/"
PUBLISHED = f"{DIRECTORY}published/"

CONTACT = f"{SUPPORT}contacts/<key:pk>/"
OF_SCHOOL = f"{SUPPORT}schools/<slug:urn>/"
CALL = f"{OF_SCHOOL}call/<key:pk>/"
RING = f"{SUPPORT}rings/<key:pk>/"

urlpatterns: list[URLPattern | URLResolver] = [
    path(SUPPORT, front.Support.as_view(), name="support"),
    path(f"{SUPPORT}totals/", commissioning.Totals.as_view(), name="support-totals"),
    path(f"{SUPPORT}costs/", commissioning.Costs.as_view(), name="support-costs"),
    path(DIRECTORY, directory.Directory.as_view(), name="support-directory"),
    path(f"{DIRECTORY}add/", directory.AddSupporter.as_view(), name="support-directory-add"),
    path(f"{DIRECTORY}yours/", directory.Yours.as_view(), name="support-yours"),
    path(f"{DIRECTORY}designations/", directory.Designations.as_view(), name="support-designations"),
    path(f"{DIRECTORY}take-in/", published.TakeIn.as_view(), name="support-take-in"),
    path(PUBLISHED, published.Published.as_view(), name="support-published"),
    path(f"{PUBLISHED}services.json", published.PublishedServices.as_view(), name="support-published-services"),
    path(f"{PUBLISHED}services/<uuid:uid>.json", published.PublishedService.as_view(), name="support-published-service"),
    path(f"{PUBLISHED}extension.json", published.PublishedExtension.as_view(), name="support-published-extension"),
    path(OFFER, directory.Entry.as_view(), name="support-offer"),
    path(f"{OFFER}change/", directory.ChangeEntry.as_view(), name="support-offer-change"),
    path(f"{OFFER}follow/", directory.FollowSupporter.as_view(), name="support-offer-follow"),
    path(f"{OFFER}leave/", directory.Leave.as_view(), name="support-offer-leave"),
    path(f"{OFFER}designations/", directory.Designate.as_view(), name="support-designate"),
    path(f"{OFFER}evidence/", directory.Vouch.as_view(), name="support-vouch"),
    path(f"{OFFER}evidence/<key:evidence>/withdraw/", directory.WithdrawAssurance.as_view(), name="support-vouch-withdraw"),
    path(f"{OFFER}private/", directory.Private.as_view(), name="support-private"),
    path(f"{OFFER}private/<key:interest>/end/", directory.TakeBackInterest.as_view(), name="support-private-end"),
    path(f"{SUPPORT}answers/", answers.AreaAnswersPage.as_view(), name="support-answers"),
    path(f"{SUPPORT}answers/yours/", answers.AnswerYear.as_view(), name="support-answer"),
    path(f"{SUPPORT}needs/", needs.Needs.as_view(), name="support-needs"),
    path(f"{SUPPORT}needs/ask/", needs.Ask.as_view(), name="support-need-ask"),
    path(NEED, needs.Need.as_view(), name="support-need"),
    path(f"{NEED}change/", needs.Change.as_view(), name="support-need-change"),
    path(f"{NEED}withdraw/", needs.Withdraw.as_view(), name="support-need-withdraw"),
    path(f"{NEED}unmet/", needs.SayUnmet.as_view(), name="support-need-unmet"),
    path(f"{NEED}follow/", needs.Follow.as_view(), name="support-need-follow"),
    path(f"{NEED}begin/", placing.Begin.as_view(), name="support-need-begin"),
    path(f"{NEED}choose/<key:supporter>/", placing.Choose.as_view(), name="support-need-choose"),
    path(f"{SUPPORT}needs/matching/", placing.Matching.as_view(), name="support-matching"),
    path(f"{SUPPORT}packages/", packages.Packages.as_view(), name="support-packages"),
    path(PACKAGE, packages.Package.as_view(), name="support-package"),
    path(f"{PACKAGE}tasks/<str:key>/<key:number>/", package_steps.Task.as_view(), name="support-package-task"),
    path(f"{PACKAGE}moves/<str:key>/", package_steps.Move.as_view(), name="support-package-move"),
    path(f"{PACKAGE}pause/", package_steps.Pause.as_view(), name="support-package-pause"),
    path(f"{PACKAGE}resume/", package_steps.Resume.as_view(), name="support-package-resume"),
    path(f"{PACKAGE}stop/", package_steps.Stop.as_view(), name="support-package-stop"),
    path(f"{PACKAGE}step-up/", package_steps.StepUp.as_view(), name="support-package-step-up"),
    path(f"{PACKAGE}step-down/", package_steps.StepDown.as_view(), name="support-package-step-down"),
    path(f"{PACKAGE}follow/", package_steps.Follow.as_view(), name="support-package-follow"),
    path(f"{PACKAGE}end-closed/", package_steps.EndClosed.as_view(), name="support-package-end-closed"),
    path(f"{PACKAGE}hand-over/", package_steps.HandOver.as_view(), name="support-package-hand-over"),
    path(f"{PACKAGE}concern/", package_steps.RaiseConcern.as_view(), name="support-package-concern"),
    path(f"{PACKAGE}concern/<key:concern>/", package_steps.ResolveConcern.as_view(), name="support-package-concern-resolve"),
    path(f"{PACKAGE}formal/", package_steps.Formal.as_view(), name="support-package-formal"),
    path(f"{PACKAGE}effect/", effect.Effect.as_view(), name="support-effect"),
    path(f"{PACKAGE}effect/fix/", effect.Fix.as_view(), name="support-effect-fix"),
    path(f"{SUPPORT}effects/", effect.Effects.as_view(), name="support-effects"),
    path(f"{SUPPORT}rates/", money.Rates.as_view(), name="support-rates"),
    path(f"{SUPPORT}rates/new/", money.SetRate.as_view(), name="support-rate-set"),
    path(f"{SUPPORT}rates/<key:rate>/end/", money.EndRate.as_view(), name="support-rate-end"),
    path(f"{PACKAGE}plan/", plan.Plan.as_view(), name="support-plan"),
    path(f"{PACKAGE}plan/set/", plan.SetPlan.as_view(), name="support-plan-set"),
    path(f"{PACKAGE}plan/agree/", plan.Agree.as_view(), name="support-agree"),
    path(f"{PACKAGE}plan/withdraw/", plan.WithdrawAgreement.as_view(), name="support-agree-withdraw"),
    path(f"{PACKAGE}visits/", visits.Visits.as_view(), name="support-visits"),
    path(f"{PACKAGE}visits/new/", visits.NewVisit.as_view(), name="support-visit-new"),
    path(f"{PACKAGE}visits/<key:visit>/move/", visits.MoveVisit.as_view(), name="support-visit-move"),
    path(f"{PACKAGE}visits/<key:visit>/off/", visits.CallOff.as_view(), name="support-visit-off"),
    path(f"{PACKAGE}visits/<key:visit>/note/", visits.Note.as_view(), name="support-note"),
    path(f"{PACKAGE}visits/<key:visit>/note/keep/", visits.KeepNote.as_view(), name="support-note-keep"),
    path(f"{PACKAGE}notes/<key:note>/", visits.MarkNote.as_view(), name="support-note-mark"),
    path(f"{PACKAGE}reviews/", progress.Progress.as_view(), name="support-progress"),
    path(f"{PACKAGE}reviews/new/", progress.HoldReview.as_view(), name="support-progress-new"),
    path(f"{PACKAGE}money/", money.Money.as_view(), name="support-money"),
    path(f"{PACKAGE}money/new/", money.NewCost.as_view(), name="support-cost-new"),
    path(f"{PACKAGE}money/<key:cost>/end/", money.EndCost.as_view(), name="support-cost-end"),
    path(f"{PACKAGE}money/<key:cost>/fund/", money.SetAside.as_view(), name="support-cost-fund"),
    path(f"{PACKAGE}evaluation/", evaluation.Evaluation.as_view(), name="support-evaluation"),
    path(f"{PACKAGE}evaluation/lesson/", evaluation.Lesson.as_view(), name="support-lesson"),
    path(f"{PACKAGE}evaluation/lesson/back/", evaluation.TakeBackLesson.as_view(), name="support-lesson-back"),
    path(f"{PACKAGE}evaluation/<str:moment>/", evaluation.Evaluate.as_view(), name="support-evaluate"),
    path(f"{SUPPORT}contacts/", contacts.Contacts.as_view(), name="support-contacts"),
    path(f"{SUPPORT}contacts/new/", contacts.WriteContact.as_view(), name="support-contact-new"),
    path(CONTACT, contacts.Contact.as_view(), name="support-contact"),
    path(f"{CONTACT}mark/", contacts.MarkContact.as_view(), name="support-contact-mark"),
    path(f"{OF_SCHOOL}others/", others.Others.as_view(), name="support-others"),
    path(f"{OF_SCHOOL}others/enter/", others.EnterOther.as_view(), name="support-other-enter"),
    path(f"{OF_SCHOOL}others/<key:pk>/end/", others.EndOther.as_view(), name="support-other-end"),
    path(f"{SUPPORT}mentors/", mentors.Mentors.as_view(), name="support-mentors"),
    path(f"{SUPPORT}mentors/<key:head>/<key:supporter>/offer/", mentors.OfferMentor.as_view(), name="support-mentor-offer"),
    path(f"{SUPPORT}mentors/<key:pk>/agree/", mentors.AgreeMentor.as_view(), name="support-mentor-agree"),
    path(f"{SUPPORT}mentors/<key:pk>/end/", mentors.EndMentor.as_view(), name="support-mentor-end"),
    path(f"{OF_SCHOOL}call/", the_call.Call.as_view(), name="support-call"),
    path(f"{CALL}told/", the_call.CallTold.as_view(), name="support-call-told"),
    path(f"{CALL}outcome/", the_call.CallOutcome.as_view(), name="support-call-outcome"),
    path(f"{CALL}published/", the_call.CallPublished.as_view(), name="support-call-published"),
    path(f"{CALL}end/", the_call.CallEnd.as_view(), name="support-call-end"),
    path(f"{SUPPORT}rings/", rings.Rings.as_view(), name="support-rings"),
    path(RING, rings.Ring.as_view(), name="support-ring"),
    path(f"{RING}agree/<slug:urn>/", rings.AgreeRing.as_view(), name="support-ring-agree"),
    path(f"{RING}leave/<slug:urn>/", rings.LeaveRing.as_view(), name="support-ring-leave"),
    path(f"{RING}end/", rings.EndRing.as_view(), name="support-ring-end"),
    path(f"{RING}links/<key:link>/", rings.ToldRing.as_view(), name="support-ring-told"),
    path(f"{SUPPORT}rings/plan/<key:plan>/<key:number>/", rings.ProposeRing.as_view(), name="support-ring-propose"),
]
