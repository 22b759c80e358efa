"""Addresses of cases: the reporter's own page by link, residents' pages, staff pages."""

from django.urls import URLPattern, URLResolver, path

from linsheng.feedback.views import board, bulk, calllog, case, export, home, mine, photos, report, settings, steps, track

app_name = "feedback"

# Residents' pages, and the reporter's own page by link.
RESIDENT: list[URLPattern | URLResolver] = [
    path("home/", home.page, name="home"),
    path("report/", report.report, name="report"),
    path("report/hints/", report.hints, name="report_hints"),
    path("report/<int:pk>/done/", report.reported, name="reported"),
    path("my/cases/", mine.page, name="mine"),
    path("my/cases/<int:pk>/", mine.case, name="my_case"),
    path("my/cases/<int:pk>/join/", report.join, name="join"),
    path("my/cases/<int:pk>/<slug:step>/", mine.step, name="my_step"),
    path("t/<str:token>/", track.page, name="track"),
    path("t/<str:token>/photos/<int:pk>/", photos.photo_by_case_link, name="track_photo"),
    path("t/<str:token>/photos/<int:pk>/small/", photos.photo_by_case_link, {"small": True}, name="track_photo_small"),
    path("t/<str:token>/<slug:step>/", track.step, name="track_step"),
    path("photos/<int:pk>/", photos.photo, name="photo"),
    path("photos/<int:pk>/small/", photos.photo, {"small": True}, name="photo_small"),
]

# Staff pages: the workboard, one case and its actions, the phone log.
STAFF: list[URLPattern | URLResolver] = [
    path("cases/", board.page, name="board"),
    path("cases/bulk/", bulk.bulk, name="bulk"),
    path("cases/people/", board.people, name="people"),
    path("cases/export/", export.export, name="export"),
    path("cases/<int:pk>/", case.page, name="case"),
    path("cases/<int:pk>/<slug:action>/", steps.step, name="step"),
    path("calls/new/", calllog.call, name="call"),
    path("calls/callers/", calllog.callers, name="callers"),
    path("calls/similar/", calllog.similar, name="similar"),
]

# The company's own rules.
SETTINGS: list[URLPattern | URLResolver] = [
    path("settings/cases/", settings.rules, name="settings"),
    path("settings/escalation/", settings.escalation, name="escalation"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    *RESIDENT,
    *STAFF,
    *SETTINGS,
]
