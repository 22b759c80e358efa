"""Answering without an account. A code stands in the address once, at first; from then on it travels in a cookie.

Every page of a wave is as long as every other, whatever was answered, and no address names a question: an access log shows that
somebody answered, and nothing else.
"""

from typing import Final

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_http_methods, require_safe

from linsheng.accounts.hashing import keyed_hash
from linsheng.accounts.limits import Limit, take
from linsheng.accounts.people import signed_in
from linsheng.core.errors import DomainError, Invalid, NotVisible, TooMany
from linsheng.core.http import now_of, render_page
from linsheng.core.ids import unguessable
from linsheng.core.network import client_ip
from linsheng.core.ui.moments import moment_words
from linsheng.surveys import actions, sealing
from linsheng.surveys.answers import posted_values
from linsheng.surveys.limits import WRONG_CODES
from linsheng.surveys.models import Ballot, BallotState
from linsheng.surveys.queries import questionnaires as asking
from linsheng.surveys.queries.published import before_wave, last_answered
from linsheng.surveys.queries.waves import ballots_waiting

COOKIE: Final = "ballot"
PATH: Final = "/s/"
KEPT_SECONDS: Final = 120 * 24 * 3600
LIMIT: Limit = WRONG_CODES


def _message(
    request: HttpRequest, title: str, *lines: str, mark: str = "info-circle", status: int = 200, enter: bool = False
) -> HttpResponse:
    context = {"title": title, "lines": lines, "mark": mark, "enter": enter}
    return render_page(request, "surveys/answer/message.html", context, status=status)


def _refused(request: HttpRequest, error: DomainError) -> HttpResponse:
    """Why this code does not work, in a sentence; nothing is logged with the code in it."""
    titles = {404: _("编码不对"), 410: _("不用再答了"), 429: _("试得太多了")}
    title = titles.get(error.status, _("现在不能答题"))
    answer = _message(request, title, str(error.message), status=error.status, enter=error.status == 404)
    # Django would write the address, and with it the code, into its log.
    answer._has_been_logged = True  # type: ignore[attr-defined]  # what django.utils.log looks at
    return answer


def _find(request: HttpRequest, code: str) -> Ballot:
    """The ballot; wrong codes of one address are counted, right ones never."""
    try:
        return actions.find_ballot(code)
    except NotVisible:
        take(LIMIT, client_ip(request), now=now_of(request))
        raise


def _with_cookie(answer: HttpResponse, code: str, request: HttpRequest) -> HttpResponse:
    answer.set_cookie(COOKIE, code, max_age=KEPT_SECONDS, path=PATH, httponly=True, samesite="Lax", secure=request.is_secure())
    return answer


@never_cache
@require_safe
def enter(request: HttpRequest, code: str) -> HttpResponse:
    """From the letter: put the code into a cookie and leave the address that holds it."""
    try:
        ballot = _find(request, code)
        actions.must_be_usable(ballot)
    except DomainError as error:
        return _refused(request, error)
    return _with_cookie(redirect("surveys:answer"), sealing.code_for(ballot.wave, ballot), request)


@never_cache
@login_required
@require_safe
def mine(request: HttpRequest, pk: int) -> HttpResponse:
    """From the app: the ballot of one's own home in this wave. That it was used is known; for what, is not."""
    ballot = ballots_waiting(signed_in(request), now_of(request)).filter(wave=pk).first()
    if ballot is None:
        raise NotVisible(_("这次调查您家已经答过，或已经结束。谢谢您。"))
    return _with_cookie(redirect("surveys:answer"), sealing.code_for(ballot.wave, ballot), request)


@never_cache
@ensure_csrf_cookie
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest) -> HttpResponse:
    """All questions in one form; or the field for a code, where the browser has none."""
    typed = request.POST.get("code", "") if request.method == "POST" else ""
    code = typed or request.COOKIES.get(COOKIE, "")
    if not code:
        return _message(request, _("请输入信上的编码"), _("扫信上的二维码，或在这里输入编码。"), enter=True)
    try:
        if typed or request.method != "POST":
            ballot = _find(request, code)
            actions.must_be_usable(ballot)
        else:
            return _cast(request, code)
    except DomainError as error:
        return _refused(request, error)
    if typed:
        return _with_cookie(redirect("surveys:answer"), sealing.code_for(ballot.wave, ballot), request)
    return _form(request, ballot)


def _cast(request: HttpRequest, code: str) -> HttpResponse:
    wave = request.POST.get("wave", "")
    try:
        actions.cast_answer(
            code=code,
            wave_id=int(wave) if wave.isdecimal() and len(wave) < 18 else 0,
            given=posted_values(request.POST),
            key=request.POST.get("key", "")[:100],
            now=now_of(request),
        )
    except Invalid as error:
        return _form(request, _find(request, code), str(error.message))
    except NotVisible:
        take(LIMIT, client_ip(request), now=now_of(request))
        raise
    return HttpResponseRedirect(reverse("surveys:done"))


def _form(request: HttpRequest, ballot: Ballot, error: str = "") -> HttpResponse:
    wave = ballot.wave
    # The order of the questions is the home's own, and the same each time; it is kept nowhere.
    blocks = asking.asked(wave.version, keyed_hash("survey.order", ballot.code_hash))
    context = {
        "wave": wave,
        "version": wave.version,
        "blocks": blocks,
        "count": sum(1 for each in asking.flat(blocks) if not each.gate_key),
        "minutes": asking.minutes_words(wave.version),
        "place": ballot.home.community.name,
        "key": unguessable(),
        "draft_key": keyed_hash("survey.draft", ballot.code_hash)[:24],
        "error": error,
    }
    return render_page(request, "surveys/answer/form.html", context, status=422 if error else 200)


@never_cache
@require_safe
def done(request: HttpRequest) -> HttpResponse:
    """Thanks, what happens next, and what the last survey led to."""
    ballot = used_ballot(request)
    if ballot is None:
        return redirect("surveys:answer")
    wave, now = ballot.wave, now_of(request)
    lines = [_("您家的答卷已收到。")]
    if wave.anonymous:
        lines.append(_("它已混入所有答卷，我们分不出哪一份是您的。"))
    lines.append(_("调查到%(day)s为止，之后才开始统计。") % {"day": moment_words(wave.ends_on, now)})
    if wave.results_on:
        lines.append(_("结果和改进安排在%(day)s前公布给全体住户。") % {"day": moment_words(wave.results_on, now)})
    else:
        lines.append(_("结果和改进安排会公布给全体住户。"))
    lines.append(_("有具体的事要办，请直接向客服反映：匿名答卷里写的，我们没法回复您。"))
    last, replies = before_wave(ballot.home.community, wave), last_answered(ballot.home.community, wave)
    context = {"title": _("谢谢您"), "lines": lines, "mark": "circle-check", "last": last}
    return render_page(request, "surveys/answer/message.html", context | {"replies": replies})


def used_ballot(request: HttpRequest) -> Ballot | None:
    """The ballot with which this browser has answered."""
    code = request.COOKIES.get(COOKIE, "")
    try:
        ballot = _find(request, code) if code else None
    except (NotVisible, TooMany):
        return None
    return ballot if ballot is not None and ballot.state == BallotState.ANSWERED else None
