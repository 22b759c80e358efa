"""The service tree: list, add, change, retire."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linsheng.accounts.people import signed_in
from linsheng.core.errors import Invalid
from linsheng.core.http import now_of, render_page
from linsheng.core.tabular import requested_format, table_response, today_in_name
from linsheng.standards import actions, queries
from linsheng.standards.forms import DimensionForm, ItemFilter, ItemForm
from linsheng.standards.models import ServiceItem
from linsheng.standards.views.common import absent, company_of, editing, may_edit


def _filtered(request: HttpRequest) -> tuple[ItemFilter, QuerySet[ServiceItem]]:
    organisation = company_of(request)
    form = ItemFilter(request.GET, dimensions=queries.dimensions_of(organisation))
    wanted = form.cleaned_data if form.is_valid() else {}
    rows = queries.items_of(organisation, retired=bool(wanted.get("retired")))
    if words := wanted.get("q"):
        rows = rows.filter(Q(name__icontains=words) | Q(name_en__icontains=words) | Q(code__icontains=words))
    if dimension := wanted.get("dimension"):
        rows = rows.filter(dimension__code=dimension)
    return form, rows


@login_required
@require_safe
def items(request: HttpRequest) -> HttpResponse:
    """The tree, in order."""
    form, rows = _filtered(request)
    context = {"form": form, "items": rows, "editable": may_edit(signed_in(request), company_of(request))}
    return render_page(request, "standards/items.html", context)


@login_required
@require_safe
def export(request: HttpRequest) -> HttpResponseBase:
    """The same list as .xlsx or .csv."""
    _form, rows = _filtered(request)
    header = [_("代码"), _("服务维度"), _("名称"), _("英文名称"), _("负责班组"), _("已停用")]
    lines = ([i.code, i.dimension.name, i.name, i.name_en, i.get_team_display(), _("是") if i.retired_at else ""] for i in rows)
    name = f"{_('服务项目')}-{today_in_name(now_of(request))}"
    return table_response(name, requested_format(request.GET.get("format", "")), header, lines)


def _item(request: HttpRequest, pk: int) -> ServiceItem:
    item = queries.items_of(editing(request), retired=True).filter(pk=pk).first()
    if item is None:
        raise absent(_("没有这个服务项目。"))
    return item


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """A new item. Its promises are set right after."""
    form = ItemForm(request.POST or None, organisation=editing(request))
    if request.method == "POST" and form.is_valid():
        values = {name: form.cleaned_data[name] for name in ("dimension", "code", "name", "name_en", "team", "icon", "common")}
        try:
            item = actions.add_item(**values, by=signed_in(request), now=now_of(request))
        except Invalid as error:
            _show(form, error)
        else:
            messages.success(request, _("已新增“%(item)s”。请为它设定承诺时限，否则没有截止时间。") % {"item": item})
            return redirect("standards:promise", pk=item.pk)
    return _form_page(request, form, _("新增服务项目"))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Another name, team or place; the code and the past stay."""
    item = _item(request, pk)
    initial = {name: getattr(item, name) for name in ("name", "name_en", "team", "icon", "common", "order")}
    form = ItemForm(request.POST or None, organisation=item.organisation, item=item, initial=initial)
    if request.method == "POST" and form.is_valid():
        values = {**form.cleaned_data, "order": form.cleaned_data["order"] or 0}
        actions.change_item(item=item, **values, by=signed_in(request), now=now_of(request))
        messages.success(request, _("已保存“%(item)s”。") % {"item": item})
        return redirect("standards:items")
    return _form_page(request, form, str(item), item)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def add_dimension(request: HttpRequest) -> HttpResponse:
    """A new upper-level entry."""
    organisation = editing(request)
    form = DimensionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.add_dimension(organisation=organisation, **form.cleaned_data, by=signed_in(request), now=now_of(request))
        except Invalid as error:
            _show(form, error)
        else:
            messages.success(request, _("已新增服务维度。现在可以在它下面新增项目。"))
            return redirect("standards:item_add")
    return _form_page(request, form, _("新增服务维度"))


@login_required
@require_POST
def retire(request: HttpRequest, pk: int) -> HttpResponse:
    item = actions.retire_item(item=_item(request, pk), by=signed_in(request), now=now_of(request))
    messages.success(request, _("已停用“%(item)s”。以前的记录和统计都保留。") % {"item": item})
    return redirect("standards:items")


@login_required
@require_POST
def restore(request: HttpRequest, pk: int) -> HttpResponse:
    item = actions.restore_item(item=_item(request, pk), by=signed_in(request), now=now_of(request))
    messages.success(request, _("已恢复使用“%(item)s”。") % {"item": item})
    return redirect("standards:items")


def _show(form: DimensionForm | ItemForm, error: Invalid) -> None:
    for name, sentence in error.fields.items():
        form.add_error(name if name in form.fields else None, str(sentence))


def _form_page(request: HttpRequest, form: DimensionForm | ItemForm, title: str, item: ServiceItem | None = None) -> HttpResponse:
    status = 422 if form.is_bound and form.errors else 200
    wordings = item.wordings.all() if item else []
    return render_page(
        request, "standards/item_form.html", {"form": form, "title": title, "item": item, "wordings": wordings}, status=status
    )
