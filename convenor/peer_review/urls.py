"""Addresses of peer review, all below `/p/<slug>/reviews/`. Each part of the feature has its own list."""

from django.urls import URLPattern, URLResolver, path

from convenor.peer_review.views import activities, calendar, dates, engine, evidence, expectations, preparing, reviews, steps

REVIEWS = "p/<slug:slug>/reviews/"
ROUND = f"{REVIEWS}rounds/<int:pk>/"
REVIEW = f"{REVIEWS}<int:pk>/"

urlpatterns: list[URLPattern | URLResolver] = [
    path(REVIEWS, engine.Reviews.as_view(), name="reviews"),
    path(f"{REVIEWS}engine/", engine.Engine.as_view(), name="review-engine"),
    path(f"{REVIEWS}fairness/", engine.Fairness.as_view(), name="review-fairness"),
    path(f"{REVIEW}evidence/", evidence.Evidence.as_view(), name="review-evidence"),
    path(f"{REVIEW}evidence/sync/", evidence.EvidenceSync.as_view(), name="review-evidence-sync"),
    path(f"{REVIEW}evidence/offline/", evidence.EvidenceOffline.as_view(), name="review-evidence-offline"),
    path(f"{REVIEW}evidence/worker.js", evidence.EvidenceWorker.as_view(), name="review-evidence-worker"),
    path(f"{ROUND}dates/", dates.RoundDatesPage.as_view(), name="review-dates"),
    path(f"{REVIEW}date/", dates.VisitDate.as_view(), name="review-date"),
    path(f"{REVIEWS}calendar/", calendar.Calendar.as_view(), name="calendar"),
    path("calendar/<slug:token>.ics", calendar.CalendarFeed.as_view(), name="calendar-feed"),
    path(REVIEW, reviews.Review.as_view(), name="review"),
    path(f"{REVIEW}focus/", preparing.Focus.as_view(), name="review-focus"),
    path(f"{REVIEW}self-review/", preparing.SelfReview.as_view(), name="review-self"),
    path(f"{REVIEW}self-review/save/", preparing.SaveSelfReview.as_view(), name="review-self-save"),
    path(f"{REVIEW}self-review/share/", preparing.Share.as_view(), name="review-share"),
    path(f"{REVIEW}agenda/", activities.Agenda.as_view(), name="review-activities"),
    path(f"{REVIEW}agenda/add/", activities.AddActivity.as_view(), name="review-activity-add"),
    path(f"{REVIEW}agenda/suggest/", activities.SuggestAgenda.as_view(), name="review-activities-suggest"),
    path(f"{REVIEW}agenda/<int:activity>/", activities.ChangeActivity.as_view(), name="review-activity-change"),
    path(f"{REVIEW}agenda/<int:activity>/remove/", activities.RemoveActivity.as_view(), name="review-activity-remove"),
    path(f"{REVIEW}expect/", expectations.Expect.as_view(), name="review-expect"),
    path(f"{REVIEW}start/", steps.Start.as_view(), name="review-start"),
    path(f"{REVIEW}fed-back/", steps.FedBack.as_view(), name="review-fed-back"),
    path(f"{REVIEW}postpone/", steps.Postpone.as_view(), name="review-postpone"),
    path(f"{REVIEW}resume/", steps.Resume.as_view(), name="review-resume"),
    path(f"{REVIEW}withdraw/", steps.Withdraw.as_view(), name="review-withdraw"),
    path(f"{REVIEW}follow/", steps.Follow.as_view(), name="review-follow"),
    path(f"{REVIEW}end-closed/", steps.EndClosed.as_view(), name="review-end-closed"),
]
