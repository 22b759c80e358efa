"""Slips of paper: the batches, entering one slip after the other, their scans, and blank slips to print."""

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linsheng.accounts.people import signed_in
from linsheng.accounts.permissions import Permission
from linsheng.audit.actions import record_reading
from linsheng.communities.models import Community
from linsheng.communities.permissions import has
from linsheng.communities.queries import communities_with
from linsheng.core.errors import DomainError, Invalid, NotVisible
from linsheng.core.forms import show_errors
from linsheng.core.http import now_of, posted, render_page
from linsheng.core.tabular import file_response, requested_format, table_response, today_in_name
from linsheng.feedback.reporters import home_label, reporter_of
from linsheng.intake import slips as paper
from linsheng.intake.actions.paper import Scan, Written, enter_slip, open_batch
from linsheng.intake.forms.paper import MOST_ROWS, ROWS, BatchFilterForm, BatchForm, RowForm
from linsheng.intake.models import Slip, SlipBatch
from linsheng.intake.queries.paper import batches_of, filtered_batches, sender_of, slips_of, visible_scan
from linsheng.intake.views.common import staff_page
from linsheng.standards.queries import items_of

PAGE_SIZE = 50
HEADER = (
    gettext_lazy("小区"),
    gettext_lazy("从哪里收来"),
    gettext_lazy("渠道"),
    gettext_lazy("收到时间"),
    gettext_lazy("编号"),
    pgettext_lazy("case", "房屋"),
    gettext_lazy("反映人"),
    gettext_lazy("电话"),
    gettext_lazy("项目"),
    gettext_lazy("紧急程度"),
    gettext_lazy("内容"),
    gettext_lazy("状态"),
    gettext_lazy("录入人"),
    gettext_lazy("录入时间"),
    gettext_lazy("扫描件"),
)
DESK = Permission.RECEIVE_CASE


def _communities(request: HttpRequest, permission: Permission = DESK) -> list[Community]:
    """Where the person takes slips in; the one chosen in the top bar first."""
    chosen = request.session.get("community", "")
    return sorted(communities_with(signed_in(request), permission), key=lambda place: (place.code != chosen, place.code))


def _filter(request: HttpRequest) -> BatchFilterForm:
    communities = _communities(request)
    data = request.GET.copy()
    chosen = request.session.get("community", "")
    if "community" not in data and chosen in {place.code for place in communities}:
        data["community"] = chosen
    return BatchFilterForm(data, communities=communities)


def _may_export(request: HttpRequest) -> bool:
    user = signed_in(request)
    return has(user, Permission.EXPORT) and has(user, Permission.SEE_PERSONAL_DATA)


@staff_page(DESK)
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """All batches, narrowed."""
    form = _filter(request)
    wanted = form.wanted()
    shown = Paginator(filtered_batches(signed_in(request), wanted), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": shown,
        "narrowed": bool(wanted.q or wanted.since or wanted.until),
        "several": len(_communities(request)) > 1,
        "query": request.GET.urlencode(),
        "exports": _may_export(request),
    }
    return render_page(request, "intake/paper/list.html", context)


@staff_page(DESK)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """What the slips of a batch have in common."""
    form = BatchForm(posted(request), communities=_communities(request), initial={"received_at": now_of(request)})
    if request.method == "POST" and form.is_valid():
        try:
            batch = open_batch(**form.cleaned_data, by=signed_in(request), now=now_of(request))
        except DomainError as error:
            show_errors(form, error)
        else:
            return redirect("intake:slips", pk=batch.pk)
    return render_page(request, "intake/paper/new.html", {"form": form}, status=422 if form.errors else 200)


def _batch(request: HttpRequest, pk: int) -> SlipBatch:
    found = batches_of(signed_in(request)).filter(pk=pk).first()
    if found is None:
        raise NotVisible(_("没有找到，或您无权查看。"))
    return found


def _blank_rows(batch: SlipBatch, start: int = 0, number: int = ROWS) -> list[RowForm]:
    items = list(items_of(batch.community.organisation_id))
    return [RowForm(prefix=f"r{n}", items=items) for n in range(start, start + number)]


def _posted_rows(request: HttpRequest, batch: SlipBatch) -> list[RowForm]:
    """The rows in which something stands."""
    items = list(items_of(batch.community.organisation_id))
    names = [f"r{n}" for n in range(MOST_ROWS) if f"r{n}-key" in request.POST]
    rows = [RowForm(request.POST, request.FILES, prefix=name, items=items) for name in names]
    return [row for row in rows if not row.is_blank]


def _save(request: HttpRequest, batch: SlipBatch, row: RowForm) -> Slip | None:
    """The slip of one row; ``None`` when something has to be set right, which then stands beside it."""
    if not row.is_valid():
        return None
    values, user = row.cleaned_data, signed_in(request)
    sender = sender_of(user, batch.community, values["who"])
    if sender.error:
        row.add_error("who", sender.error)
        return None
    written = Written(
        key=values["key"],
        item=values["item"],
        text=values["text"],
        urgency=values["urgency"],
        home=sender.home,
        resident=sender.resident,
        name=values["name"],
        phone=sender.phone,
        confidential=values["confidential"],
    )
    upload = values["scan"]
    scan = Scan(upload.name, upload.size, upload) if upload else None
    try:
        return enter_slip(batch=batch, written=written, scan=scan, by=user, now=now_of(request))
    except DomainError as error:
        show_errors(row, error)
        return None


@staff_page(DESK)
@never_cache
@require_http_methods(["GET", "POST"])
def batch(request: HttpRequest, pk: int) -> HttpResponse:
    """The slips entered already, and rows for the next ones. What is right is kept at once; the rest stays with its errors."""
    found, rows, status = _batch(request, pk), [], 200
    if request.method == "POST":
        filled = _posted_rows(request, found)
        saved = [(row, _save(request, found, row)) for row in filled]
        rows, done = [row for row, slip in saved if slip is None], sum(slip is not None for _row, slip in saved)
        if done:
            messages.success(request, _("已登记 %(n)s 件。") % {"n": done})
        elif not filled:
            messages.info(request, _("还没有填写任何一行。"))
        if not rows:
            return redirect("intake:slips", pk=pk)
        status = 422
    # Prefixes of blank rows never meet those that came back.
    taken = {row.prefix for row in rows}
    blank = [row for row in _blank_rows(found, number=ROWS + len(rows)) if row.prefix not in taken][:ROWS]
    entered = slips_of(SlipBatch.objects.filter(pk=found.pk))
    context = {"batch": found, "rows": [*rows, *blank], "faulty": len(rows), "exports": _may_export(request)}
    context["entered"] = [(slip, reporter_of(slip.case, signed_in(request)), home_label(slip.case)) for slip in entered]
    return render_page(request, "intake/paper/batch.html", context, status=status)


@staff_page(DESK)
@require_POST
def sender(request: HttpRequest, pk: int) -> HttpResponse:
    """Whom a row is from, while it is filled in. A POST: numbers do not belong into logged addresses."""
    found, user = _batch(request, pk), signed_in(request)
    typed = next((value for name, value in request.POST.items() if name.endswith("-who")), "")
    known = sender_of(user, found.community, str(typed))
    if known.resident is not None:
        company, ids = found.community.organisation_id, [known.resident.pk]
        record_reading("residents", by=user, now=now_of(request), organisation_id=company, ids=ids, data={"place": "slips"})
    return render_page(request, "intake/paper/_sender.html", {"sender": known})


def _lines(request: HttpRequest, slips: Any) -> Iterator[tuple[object, ...]]:
    user = signed_in(request)
    for slip in slips.iterator(chunk_size=500):
        case, who = slip.case, reporter_of(slip.case, user)
        yield (
            slip.batch.community.name, slip.batch.box, slip.batch.get_channel_display(), slip.batch.received_at,
            case.number, home_label(case), who.name, who.phone, str(case.item), case.get_urgency_display(), case.text,
            case.get_state_display(), slip.entered_by.name, slip.entered_at, slip.scan_name,
        )  # fmt: skip


@staff_page(Permission.EXPORT)
@require_safe
def export(request: HttpRequest) -> HttpResponseBase:
    """The slips of the filtered batches, or of one ``batch``, as a file; who took them away stands in the audit trail."""
    user, now = signed_in(request), now_of(request)
    batches = filtered_batches(user, _filter(request).wanted(), DESK)
    batches = batches.filter(pk__in=batches_of(user, Permission.EXPORT).values("pk"))
    one = request.GET.get("batch", "")
    if one:
        batches = batches.filter(pk=int(one) if one.isdecimal() and len(one) < 18 else 0)
    slips = slips_of(batches)
    for company in sorted(set(batches.order_by().values_list("community__organisation", flat=True))):
        count = slips.filter(batch__community__organisation=company).count()
        record_reading("slips", by=user, now=now, organisation_id=company, exported=True, data={"count": count})
    header = [str(title) for title in HEADER]
    form = requested_format(request.GET.get("format", ""))
    return table_response(f"{_('纸质登记')}-{today_in_name(now)}", form, header, _lines(request, slips))


@staff_page(Permission.SEE_WORKBOARD)
@require_safe
def scan(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The PDF beside a slip: never by its file's address, always as a download that no page can run."""
    slip = visible_scan(signed_in(request), pk)
    try:
        with slip.scan.open("rb") as stored:
            content = stored.read()
    except FileNotFoundError as error:
        raise NotVisible(_("没有找到这份扫描件。")) from error
    response = file_response(f"{slip.case.number}.pdf", "application/pdf", [content])
    response["X-Content-Type-Options"] = "nosniff"
    return response


@staff_page(DESK)
@require_safe
def sheet(request: HttpRequest) -> HttpResponseBase:
    """Blank slips to lay out: two on an A4, with the code of the community's public form."""
    code = request.GET.get("community", "")
    communities = _communities(request)
    community = next((place for place in communities if place.code == code), None if code else next(iter(communities), None))
    if community is None:
        raise Invalid(_("请先选择小区。"))
    name = f"{_('意见单')}-{community.name}.pdf"
    return file_response(name, "application/pdf", [paper.slips_pdf(community)])
