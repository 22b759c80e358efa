"""Addresses of the ways in; each way has its own list."""

from django.urls import URLPattern, URLResolver, path

from linsheng.intake.views import asking, calls, lines, mail, mailboxes, mailfiles, paper, places, public, telling, triage

app_name = "intake"

# For everybody. The form's own address ends without a slash, as it stands on labels.
PUBLIC: list[URLPattern | URLResolver] = [
    path("q/", public.entry, name="public"),
    path("q/<str:code>/hints/", public.hints, name="public_hints"),
    path("q/<str:code>/done/<str:token>/", public.done, name="public_done"),
    path("q/<str:code>/", public.form, name="public_form"),
    path("q/<str:code>", public.form, name="public_form"),
]

# The codes and their labels.
PLACES: list[URLPattern | URLResolver] = [
    path("places/", places.page, name="places"),
    path("places/new/", places.new, name="new_place"),
    path("places/all/", places.create_all, name="create_places"),
    path("places/export/", places.export, name="export_places"),
    path("places/labels/", places.labels, name="place_labels"),
    path("places/<int:pk>/retire/", places.retire, name="retire_place"),
    path("places/<int:pk>/reissue/", places.reissue, name="reissue_place"),
]

# Slips of paper and what is said at the desk, a batch at a time.
PAPER: list[URLPattern | URLResolver] = [
    path("paper/", paper.page, name="paper"),
    path("paper/new/", paper.new, name="new_slips"),
    path("paper/export/", paper.export, name="export_slips"),
    path("paper/sheet/", paper.sheet, name="slip_sheet"),
    path("paper/<int:pk>/", paper.batch, name="slips"),
    path("paper/<int:pk>/sender/", paper.sender, name="slip_sender"),
    path("paper/scans/<int:pk>/", paper.scan, name="slip_scan"),
]


# What came in by mail, and the boxes it comes from.
MAIL: list[URLPattern | URLResolver] = [
    path("mail/", mail.page, name="mail"),
    path("mail/<int:pk>/", mail.one, name="one_mail"),
    path("mail/<int:pk>/raw/", mailfiles.raw, name="mail_raw"),
    path("mail/<int:pk>/html/", mailfiles.html, name="mail_html"),
    path("mail/<int:pk>/files/<int:index>/", mailfiles.file, name="mail_file"),
    path("mail/<int:pk>/match/", mail.match, name="mail_match"),
    path("mail/<int:pk>/<str:name>/", mail.step, name="mail_step"),
    path("mailboxes/", mailboxes.page, name="mailboxes"),
    path("mailboxes/new/", mailboxes.edit, name="new_mailbox"),
    path("mailboxes/<int:pk>/", mailboxes.edit, name="mailbox"),
    path("mailboxes/<int:pk>/test/", mailboxes.try_connection, name="try_mailbox"),
    path("mailboxes/<int:pk>/send-test/", mailboxes.try_sending, name="try_sending"),
    path("mailboxes/<int:pk>/fetch/", mailboxes.fetch, name="fetch_mailbox"),
]

# Calls (the form itself is ``feedback:call``), and the exchanges that report them.
CALLS: list[URLPattern | URLResolver] = [
    path("calls/", calls.page, name="calls"),
    path("calls/export/", calls.export, name="export_calls"),
    path("calls/ringing/", calls.ringing, name="ringing"),
    path("calls/duty/", calls.duty, name="duty"),
    path("calls/to-ask/", asking.page, name="to_ask"),
    path("calls/to-tell/", telling.page, name="to_tell"),
    path("calls/to-tell/export/", telling.export, name="export_to_tell"),
    path("calls/to-tell/<int:pk>/", telling.tell, name="tell"),
    path("calls/<int:pk>/", calls.call_page, name="call_page"),
    path("calls/<int:pk>/take/", calls.take, name="take_call"),
    path("calls/<int:pk>/dismiss/", calls.dismiss, name="dismiss_call"),
    path("settings/phone/", lines.exchanges, name="exchanges"),
    path("settings/phone/<int:pk>/", lines.exchange, name="exchange"),
    path("settings/phone/<int:pk>/rotate/", lines.rotate, name="rotate_secret"),
    path("settings/phone/<int:pk>/retire/", lines.retire_exchange, name="retire_exchange"),
    path("settings/phone/lines/<int:pk>/retire/", lines.retire_line, name="retire_line"),
]

# Proposed items: how often they are right, and learning anew.
TRIAGE: list[URLPattern | URLResolver] = [
    path("figures/proposals/", triage.page, name="triage"),
    path("figures/proposals/train/", triage.train, name="train_triage"),
]

urlpatterns: list[URLPattern | URLResolver] = [*PUBLIC, *PLACES, *PAPER, *MAIL, *TRIAGE, *CALLS]
