"""A wave as a file: what was answered, once it is closed, and the blank form on paper."""

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from linsheng.accounts.people import signed_in
from linsheng.accounts.permissions import Permission
from linsheng.core.errors import NotVisible
from linsheng.core.http import now_of
from linsheng.core.tabular import file_response
from linsheng.surveys import actions, paper
from linsheng.surveys.actions.exporting import FORMS
from linsheng.surveys.views.common import one_of, one_wave, staff_page


@never_cache
@staff_page(Permission.EXPORT)
@require_safe
def export(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The wave in the ``format`` that is asked for."""
    wave = one_wave(request, pk, Permission.EXPORT)
    form = next((known for known in FORMS if known == request.GET.get("format", "")), None)
    if form is None:
        raise NotVisible(_("没有这种格式的文件。"))
    made = actions.export_wave(wave=wave, form=form, by=signed_in(request), now=now_of(request))
    return file_response(made.name, made.content_type, made.chunks)


@staff_page(Permission.RUN_SURVEYS, Permission.ENTER_ANSWERS)
@require_safe
def blank(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The questionnaire to be filled in by hand, in the ``language`` that is asked for."""
    wave = one_of(request, pk, Permission.RUN_SURVEYS, Permission.ENTER_ANSWERS)
    language = request.GET.get("language", paper.LANGUAGES[0])
    if language not in paper.LANGUAGES:
        raise NotVisible(_("没有这种语言的问卷。"))
    answer = HttpResponse(paper.pdf_of(wave, language), content_type="application/pdf")
    answer["Content-Disposition"] = content_disposition_header(False, f"{wave}-{_('问卷')}-{language}.pdf") or ""
    return answer
