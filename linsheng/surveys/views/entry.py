"""Keying in forms: a home, then one field a question; 1–5, 0 for no contact, Enter for the next."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from linsheng.accounts.people import signed_in
from linsheng.accounts.permissions import Permission
from linsheng.core.errors import DomainError, NotVisible
from linsheng.core.http import now_of, render_page
from linsheng.surveys import actions
from linsheng.surveys.models import Ballot, BallotState, EntryMode, QuestionType, Wave
from linsheng.surveys.queries.questionnaires import Asked, asked, choices_of, flat, keyed
from linsheng.surveys.queries.waves import ballots_for_entry, waves_for_entry
from linsheng.surveys.views.common import staff_page

ENTER = Permission.ENTER_ANSWERS


@dataclass(frozen=True)
class Row:
    """A question as a field: what was typed, which keys it takes, and what the first person keyed where it differs."""

    asked: Asked
    typed: str = ""
    error: str = ""
    first: str = ""

    @property
    def is_text(self) -> bool:
        return self.asked.kind == QuestionType.TEXT

    @property
    def keys(self) -> str:
        """``1 = 有 · 2 = 没有``: the keys of choices are their places; scales and ratings are typed as they are."""
        if self.asked.kind == QuestionType.TEN:
            return "0–10"
        if self.asked.kind == QuestionType.SCALE:
            return "1–5" + (f" · 0 = {_('没接触过')}" if self.asked.question.no_contact else "")
        return " · ".join(f"{key} = {choice.label}" for key, choice in keyed(self.asked).items())

    @property
    def one_key(self) -> str:
        """The keys that fill the field at once, for the page to go on by itself or to stay where there is no such choice."""
        return ",".join(keyed(self.asked)) if self.asked.kind in {QuestionType.SCALE, QuestionType.SINGLE} else ""

    @property
    def gate_keys(self) -> str:
        """The keys of the gate question that let this one be asked."""
        block = self.asked.block
        if block.gate is None:
            return ""
        keys = keyed(Asked(block.gate, choices_of(block.gate), block))
        return ",".join(key for key, choice in keys.items() if choice.value in block.gate_values)


def value_of(each: Asked, typed: str) -> list[str]:
    """What the typed key means; raises ``KeyError`` for one that means nothing."""
    typed = typed.strip()
    if not typed:
        return []
    if each.kind == QuestionType.TEXT:
        return [typed]
    parts = typed.replace("，", ",").replace(" ", ",").split(",") if each.kind == QuestionType.MULTIPLE else [typed]
    return [keyed(each)[part.strip()].value for part in parts if part.strip()]


def typed_of(each: Asked, value: Any) -> str:
    """The key for a kept value: ``value_of`` backwards."""
    if value is None:
        return _("（空）")
    if each.kind == QuestionType.TEXT:
        return str(value)
    keys = {choice.value: key for key, choice in keyed(each).items()}
    values = value if isinstance(value, list) else [value]
    return ",".join(keys.get(str(one), str(one)) for one in values)


def _given(questions: list[Asked], data: QueryDict) -> tuple[dict[str, list[str]], list[Row]]:
    """The answers, and the rows with what was typed and what is wrong with it."""
    given, rows = {}, []
    for each in questions:
        typed, error = data.get(f"k-{each.key}", ""), ""
        try:
            given[each.key] = value_of(each, typed)
        except KeyError:
            error = _("没有“%(key)s”这个选项") % {"key": typed[:10]}
        rows.append(Row(each, typed, error))
    return given, rows


@staff_page(ENTER)
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: HttpRequest) -> HttpResponseBase:
    """Choose the wave and the home; below, what waits for a second person."""
    user = signed_in(request)
    waves = list(waves_for_entry(user))
    if request.method == "POST":
        return _to_form(request, waves)
    held = ballots_for_entry(user).filter(state=BallotState.HELD).order_by("wave_id", "serial")
    chosen = request.GET.get("wave", "")
    context = {
        "waves": waves,
        "chosen": chosen,
        "mode": request.GET.get("mode", EntryMode.PAPER),
        "held": held[:200],
        "me": user.pk,
    }
    return render_page(request, "surveys/entry/index.html", context)


def _to_form(request: HttpRequest, waves: list[Wave]) -> HttpResponse:
    number, mode, wanted = (request.POST.get(name, "").strip()[:40] for name in ("number", "mode", "wave"))
    rows = ballots_for_entry(signed_in(request)).filter(wave__in=[w for w in waves if str(w.pk) == wanted])
    found = list(rows.filter(home__number=number)[:2])
    if not found and number.isdecimal() and len(number) < 9:
        found = list(rows.filter(serial=int(number))[:2])
    back = f"{reverse('surveys:entry')}?wave={wanted}&mode={mode}" if wanted.isdecimal() else reverse("surveys:entry")
    if len(found) != 1:
        messages.error(request, _("没有找到“%(number)s”。请填房号，或信右上角的编号。") % {"number": number})
        return redirect(back)
    if found[0].state == BallotState.HELD:
        return redirect("surveys:check_entry", pk=found[0].pk)
    return redirect(f"{reverse('surveys:enter_form', args=[found[0].pk])}?mode={mode}")


def _ballot(request: HttpRequest, pk: int) -> Ballot:
    ballot = ballots_for_entry(signed_in(request)).filter(pk=pk).first()
    if ballot is None:
        raise NotVisible(_("没有这一户的答题凭证，或不在您的范围内。"))
    return ballot


def _page(request: HttpRequest, ballot: Ballot, rows: list[Row], status: int = 200, **more: Any) -> HttpResponse:
    wrong = [place for place, row in enumerate(rows) if row.error or row.first]
    context = {"ballot": ballot, "rows": rows, "wave": ballot.wave, "focus": wrong[0] if wrong else 0, **more}
    return render_page(request, "surveys/entry/form.html", context, status=status)


@never_cache
@staff_page(ENTER)
@require_http_methods(["GET", "HEAD", "POST"])
def form(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One form, keyed for the first time, or a telephone interview."""
    ballot = _ballot(request, pk)
    questions = list(flat(asked(ballot.wave.version)))
    mode = request.POST.get("mode") or request.GET.get("mode", "")
    mode = mode if mode in {EntryMode.PAPER, EntryMode.PHONE} else EntryMode.PAPER
    more: dict[str, Any] = {"mode": mode, "mode_words": EntryMode(mode).label, "checking": False}
    if request.method != "POST":
        actions.must_be_usable(ballot)
        return _page(request, ballot, [Row(each) for each in questions], **more)
    given, rows = _given(questions, request.POST)
    if any(row.error for row in rows):
        return _page(request, ballot, rows, 422, error=_("有的格里没有这个选项，请改正。"), **more)
    try:
        saved = actions.enter_answer(ballot=ballot, given=given, mode=mode, by=signed_in(request), now=now_of(request))
    except DomainError as error:
        return _page(request, ballot, rows, 422, error=str(error.message), **more)
    said = _("%(home)s 已录入，等另一位同事复核。") if saved.state == BallotState.HELD else _("%(home)s 已录入。")
    messages.success(request, said % {"home": ballot.home.number})
    return redirect(f"{reverse('surveys:entry')}?wave={ballot.wave_id}&mode={mode}")


@never_cache
@staff_page(ENTER)
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The same form again, by somebody else; what differs is shown to be decided with the paper in hand."""
    ballot = _ballot(request, pk)
    questions = list(flat(asked(ballot.wave.version)))
    more: dict[str, Any] = {"mode": ballot.mode, "mode_words": ballot.get_mode_display(), "checking": True}
    own = ballot.entered_by_id == signed_in(request).pk
    if request.method != "POST":
        return _page(request, ballot, [Row(each) for each in questions], own=own, **more)
    given, rows = _given(questions, request.POST)
    if any(row.error for row in rows):
        return _page(request, ballot, rows, 422, error=_("有的格里没有这个选项，请改正。"), **more)
    decided = request.POST.get("decided") == "1"
    try:
        found = actions.check_answer(ballot=ballot, given=given, decided=decided, by=signed_in(request), now=now_of(request))
    except DomainError as error:
        return _page(request, ballot, rows, 422, error=str(error.message), own=own, **more)
    if found:
        first = {each.key: each.first for each in found}
        shown = [Row(r.asked, r.typed, "", typed_of(r.asked, first[r.asked.key]) if r.asked.key in first else "") for r in rows]
        return _page(request, ballot, shown, 422, differs=len(found), **more)
    messages.success(request, _("%(home)s 复核完成，已计入。") % {"home": ballot.home.number})
    return redirect(f"{reverse('surveys:entry')}?wave={ballot.wave_id}")


@staff_page(ENTER)
@require_POST
def drop(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Take back a form keyed for the wrong home."""
    ballot = actions.drop_entry(ballot=_ballot(request, pk), by=signed_in(request), now=now_of(request))
    messages.success(request, _("已撤销 %(home)s 的录入，这一户可以重新作答。") % {"home": ballot.home.number})
    return redirect("surveys:entry")
