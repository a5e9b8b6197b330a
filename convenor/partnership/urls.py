"""Addresses of a partnership's pages."""

from django.urls import URLPattern, URLResolver, path

from convenor.partnership.views import drawing, members, running, seats, terms

SEAT = "p/<slug:slug>/seats/<slug:body>/<slug:seat>/"
APPOINTMENT = "p/<slug:slug>/seats/appointments/<int:appointment>/"
CALL = "p/<slug:slug>/seats/calls/<int:call>/"

urlpatterns: list[URLPattern | URLResolver] = [
    path("p/<slug:slug>/structure/", drawing.Structure.as_view(), name="structure"),
    path("p/<slug:slug>/people/<int:person>/", drawing.Person.as_view(), name="person"),
    path("p/<slug:slug>/seats/", seats.Seats.as_view(), name="seats"),
    path(f"{CALL}", seats.Call.as_view(), name="seat-call"),
    path(f"{CALL}put-forward/", seats.Nominate.as_view(), name="seat-call-nominate"),
    path(f"{CALL}decide/", seats.DecideCall.as_view(), name="seat-call-decide"),
    path(f"{CALL}withdraw/", seats.WithdrawCall.as_view(), name="seat-call-withdraw"),
    path(f"{APPOINTMENT}end/", seats.EndAppointment.as_view(), name="appointment-end"),
    path(f"{APPOINTMENT}successor/", seats.Successor.as_view(), name="appointment-successor"),
    path(f"{APPOINTMENT}hand-over/", seats.HandOver.as_view(), name="appointment-hand-over"),
    path(f"{SEAT}call/", seats.OpenCall.as_view(), name="seat-call-open"),
    path(f"{SEAT}appoint/", seats.Appoint.as_view(), name="seat-appoint"),
    path("p/<slug:slug>/members/", members.Members.as_view(), name="members"),
    path("p/<slug:slug>/members/join/", members.Join.as_view(), name="member-join"),
    path("p/<slug:slug>/members/<slug:urn>/leave/", members.Leave.as_view(), name="member-leave"),
    path("p/<slug:slug>/members/<slug:urn>/place/", members.Place.as_view(), name="member-place"),
    path("p/<slug:slug>/members/<slug:urn>/take-out/", members.TakeOut.as_view(), name="member-take-out"),
    path("p/<slug:slug>/engagement/", members.Engagement.as_view(), name="engagement"),
    path("p/<slug:slug>/engagement/note/", members.TookPart.as_view(), name="engagement-note"),
    path("p/<slug:slug>/representation/", members.Representation.as_view(), name="representation"),
    path("p/<slug:slug>/terms/", terms.Terms.as_view(), name="terms"),
    path("p/<slug:slug>/terms/<int:year>/", terms.SetTerms.as_view(), name="terms-set"),
    path("p/<slug:slug>/terms/<int:year>/<slug:authority>/", terms.SetTerms.as_view(), name="terms-set-authority"),
    path("p/<slug:slug>/posts/", running.Posts.as_view(), name="posts"),
    path("p/<slug:slug>/posts/give/", running.TakePost.as_view(), name="post-give"),
    path("p/<slug:slug>/posts/<int:tenure>/leave/", running.LeavePost.as_view(), name="post-leave"),
    path("p/<slug:slug>/rooms/", running.Rooms.as_view(), name="rooms"),
    path("p/<slug:slug>/journal/", running.Journal.as_view(), name="journal"),
]
