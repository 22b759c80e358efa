"""What is taken out of a raw mail: the mail itself, a file in it, its HTML. Always by permission, never as a page of ours."""

from collections.abc import Iterator
from urllib.parse import quote

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from linsheng.accounts.people import signed_in
from linsheng.core.errors import NotVisible
from linsheng.core.http import now_of, render_page
from linsheng.intake import rawmail
from linsheng.intake.actions.mail.processing import read_stored
from linsheng.intake.mail import Attachment, ReadMail, html_with_images
from linsheng.intake.models import Mail
from linsheng.intake.queries.mail import mail_of_a_case, visible_mail
from linsheng.intake.views.mail import note_reading

SAFE = {"X-Content-Type-Options": "nosniff", "Cache-Control": "private, no-store", "X-Robots-Tag": "noindex"}
# Nothing runs, nothing is loaded from elsewhere, nothing leads on by itself.
NOTHING = "default-src 'none'; sandbox; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
# The same, but for the mail's own pictures and links that are followed by hand.
PAGE = NOTHING.replace("sandbox", "img-src 'self'; sandbox allow-same-origin allow-popups allow-popups-to-escape-sandbox")
PICTURES = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp"})


def _gone() -> NotVisible:
    return NotVisible(_("邮件原件已过保存期，或没有这个附件。"))


@login_required
@require_safe
def raw(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The mail as it came in."""
    mail = visible_mail(signed_in(request), pk)
    if not mail.raw or not rawmail.path_of(mail.raw).is_file():
        raise _gone()
    note_reading(request, mail, "raw")
    headers = {
        **SAFE,
        "Content-Security-Policy": NOTHING,
        "Content-Disposition": f'attachment; filename="mail-{mail.pk}.eml"',
        "Content-Length": str(mail.size),
    }
    return StreamingHttpResponse(rawmail.pieces_of(mail.raw), content_type="message/rfc822", headers=headers)


def _read(request: HttpRequest, mail: Mail) -> ReadMail:
    try:
        return read_stored(mail, now_of(request))[0]
    except (OSError, rawmail.TooLargeError) as error:
        raise _gone() from error


def _attachment(request: HttpRequest, mail: Mail, index: int) -> Attachment:
    found = next((one for one in _read(request, mail).attachments if one.index == index), None) if mail.raw else None
    if found is None or found.dangerous:
        raise _gone()
    return found


@login_required
@require_safe
def file(request: HttpRequest, pk: int, index: int) -> HttpResponseBase:
    """An attachment, to be saved and never opened as a page; pictures within the mail's HTML may be shown."""
    mail = mail_of_a_case(signed_in(request), pk)
    attachment = _attachment(request, mail, index)
    shown = "show" in request.GET and attachment.content_type in PICTURES
    if not shown:
        note_reading(request, mail, "file")
    kind = "inline" if shown else "attachment"
    headers = {
        **SAFE,
        "Content-Security-Policy": NOTHING,
        "Content-Disposition": f"{kind}; filename*=UTF-8''{quote(attachment.name, safe='')}",
    }
    content_type = attachment.content_type if shown else "application/octet-stream"
    chunks: Iterator[bytes] = attachment.chunks()
    return StreamingHttpResponse(chunks, content_type=content_type, headers=headers)


@login_required
@require_safe
def html(request: HttpRequest, pk: int) -> HttpResponse:
    """The sanitised HTML by itself, in a page that can do nothing; of a mail without any, a page that says so."""
    mail = visible_mail(signed_in(request), pk)
    read = _read(request, mail) if mail.raw else None
    if read is None:
        raise _gone()
    if not read.html:
        return render_page(request, "intake/mail/no_html.html", {"mail": mail})
    note_reading(request, mail, "html")
    pictures = [one for one in read.attachments if one.content_type in PICTURES and not one.dangerous]
    addresses = {one.index: reverse("intake:mail_file", args=[mail.pk, one.index]) + "?show=1" for one in pictures}
    body = html_with_images(read.html, addresses)
    page = f'<!doctype html><html><head><meta charset="utf-8"><title>{mail.pk}</title></head><body>{body}</body></html>'
    return HttpResponse(page, headers={**SAFE, "Content-Security-Policy": PAGE, "Referrer-Policy": "no-referrer"})
