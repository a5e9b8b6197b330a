"""Addresses of moving in, all below `/p/<slug>/move-in/`."""

from django.urls import URLPattern, URLResolver, path

import convenor.partnership.addresses  # noqa: F401 - makes <key:...> known
from convenor.moving_in.views import asking, bringing, constitution, of_school, previewing

MOVE_INS = "p/<slug:slug>/move-in/"
ONE = f"{MOVE_INS}<key:pk>/"
OF_SCHOOL = f"{MOVE_INS}set-apart/<slug:urn>/"

urlpatterns: list[URLPattern | URLResolver] = [
    path(MOVE_INS, bringing.MoveIns.as_view(), name="move-ins"),
    path(f"{MOVE_INS}constitution.toml", constitution.ConstitutionFile.as_view(), name="move-in-constitution"),
    path(ONE, bringing.OneMoveIn.as_view(), name="move-in"),
    path(f"{ONE}files/<key:file>/drop/", bringing.DropFile.as_view(), name="move-in-file-drop"),
    path(f"{ONE}sheets/<key:sheet>/", bringing.Sheet.as_view(), name="move-in-sheet"),
    path(f"{ONE}questions/", asking.Questions.as_view(), name="move-in-questions"),
    path(f"{ONE}changes/", previewing.Changes.as_view(), name="move-in-changes"),
    path(f"{ONE}changes/changes.csv", previewing.ChangesCsv.as_view(), name="move-in-changes-csv"),
    path(f"{ONE}save/", previewing.Save.as_view(), name="move-in-save"),
    path(f"{ONE}undo/", previewing.Undo.as_view(), name="move-in-undo"),
    path(f"{ONE}drop/", bringing.DropMoveIn.as_view(), name="move-in-drop"),
    path(f"{ONE}set-apart/", previewing.Apart.as_view(), name="move-in-apart"),
    path(OF_SCHOOL, of_school.SetApart.as_view(), name="set-apart"),
    path(f"{OF_SCHOOL}<key:note>/", of_school.AnswerApart.as_view(), name="set-apart-answer"),
    path(f"{OF_SCHOOL}<key:note>/delete/", of_school.DeleteApart.as_view(), name="set-apart-delete"),
]
