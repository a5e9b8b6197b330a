"""Addresses of support, all below `/p/<slug>/support/`. Each part of the feature has its own list."""

from django.urls import URLPattern, URLResolver, path

from convenor.support.views import answers, commissioning, directory, effect, front, needs, package_steps, packages, placing, published

SUPPORT = "p/<slug:slug>/support/"
NEED = f"{SUPPORT}needs/<int:pk>/"
PACKAGE = f"{SUPPORT}packages/<int:pk>/"
DIRECTORY = f"{SUPPORT}directory/"
OFFER = f"{DIRECTORY}<int:pk>/"
PUBLISHED = f"{DIRECTORY}published/"

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
    path(f"{OFFER}leave/", directory.Leave.as_view(), name="support-offer-leave"),
    path(f"{OFFER}designations/", directory.Designate.as_view(), name="support-designate"),
    path(f"{OFFER}evidence/", directory.Vouch.as_view(), name="support-vouch"),
    path(f"{OFFER}evidence/<int:evidence>/withdraw/", directory.WithdrawAssurance.as_view(), name="support-vouch-withdraw"),
    path(f"{OFFER}private/", directory.Private.as_view(), name="support-private"),
    path(f"{OFFER}private/<int:interest>/end/", directory.TakeBackInterest.as_view(), name="support-private-end"),
    path(f"{SUPPORT}answers/", answers.AreaAnswersPage.as_view(), name="support-answers"),
    path(f"{SUPPORT}answers/yours/", answers.AnswerYear.as_view(), name="support-answer"),
    path(f"{SUPPORT}needs/", needs.Needs.as_view(), name="support-needs"),
    path(f"{SUPPORT}needs/ask/", needs.Ask.as_view(), name="support-need-ask"),
    path(NEED, needs.Need.as_view(), name="support-need"),
    path(f"{NEED}change/", needs.Change.as_view(), name="support-need-change"),
    path(f"{NEED}withdraw/", needs.Withdraw.as_view(), name="support-need-withdraw"),
    path(f"{NEED}unmet/", needs.SayUnmet.as_view(), name="support-need-unmet"),
    path(f"{NEED}follow/", needs.Follow.as_view(), name="support-need-follow"),
    path(f"{NEED}choose/<int:supporter>/", placing.Choose.as_view(), name="support-need-choose"),
    path(f"{SUPPORT}needs/matching/", placing.Matching.as_view(), name="support-matching"),
    path(f"{SUPPORT}packages/", packages.Packages.as_view(), name="support-packages"),
    path(PACKAGE, packages.Package.as_view(), name="support-package"),
    path(f"{PACKAGE}tasks/<str:key>/<int:number>/", package_steps.Task.as_view(), name="support-package-task"),
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
    path(f"{PACKAGE}concern/<int:concern>/", package_steps.ResolveConcern.as_view(), name="support-package-concern-resolve"),
    path(f"{PACKAGE}formal/", package_steps.Formal.as_view(), name="support-package-formal"),
    path(f"{PACKAGE}effect/", effect.Effect.as_view(), name="support-effect"),
    path(f"{PACKAGE}effect/fix/", effect.Fix.as_view(), name="support-effect-fix"),
    path(f"{SUPPORT}effects/", effect.Effects.as_view(), name="support-effects"),
]
