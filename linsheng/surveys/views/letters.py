"""Printing letters: a PDF a building, or one home's, with a new code where the old letter was lost."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from linsheng.accounts.people import signed_in
from linsheng.accounts.permissions import Permission
from linsheng.core.errors import NotVisible
from linsheng.core.http import now_of, render_page
from linsheng.surveys import actions, letters
from linsheng.surveys.models import Ballot, Wave
from linsheng.surveys.views.common import one_wave, staff_page

RUN = Permission.RUN_SURVEYS


@staff_page(RUN)
@require_safe
def index(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The buildings with how many letters each needs."""
    wave = one_wave(request, pk, RUN)
    sheets = letters.sheets_of(wave) if wave.is_open else []
    return render_page(request, "surveys/waves/letters.html", {"wave": wave, "sheets": list(enumerate(sheets))})


def _pdf(request: HttpRequest, wave: Wave, sheet: letters.Sheet) -> HttpResponse:
    ((name, content),) = actions.print_letters(wave=wave, sheets=[sheet], by=signed_in(request), now=now_of(request))
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = content_disposition_header(True, f"{_('调查信')}-{name}.pdf") or ""
    return answer


@never_cache
@staff_page(RUN)
@require_POST
def building(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The letters of one building (``sheet`` is its place in the list)."""
    wave = one_wave(request, pk, RUN)
    place = request.POST.get("sheet", "")
    sheets = letters.sheets_of(wave) if wave.is_open else []
    if not place.isdecimal() or len(place) > 6 or int(place) >= len(sheets):
        raise NotVisible(_("这一栋没有要打印的信：都已答过，或调查已结束。"))
    return _pdf(request, wave, sheets[int(place)])


@never_cache
@staff_page(RUN)
@require_POST
def replace(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A new letter for one home; the old one's code stops working."""
    wave = one_wave(request, pk, RUN)
    number = request.POST.get("home", "").strip()
    rows = Ballot.objects.filter(wave=wave, home__number=number).select_related("wave", "home__community", "home__building")
    ballot = rows.first()
    if ballot is None:
        messages.error(request, _("这次调查里没有房号“%(number)s”。") % {"number": number[:30]})
        return redirect("surveys:letters", pk=pk)
    ballot.wave = wave
    ballot = actions.replace_letter(ballot=ballot, by=signed_in(request), now=now_of(request))
    return _pdf(request, wave, letters.Sheet(ballot.home.number, [ballot]))
