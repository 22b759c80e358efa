"""Importing a roster: upload, look at what would change, confirm, see what was done."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linsheng.accounts.people import signed_in
from linsheng.accounts.permissions import Permission
from linsheng.communities import actions, queries
from linsheng.communities.forms.lists import RosterForm
from linsheng.communities.models import RosterImport
from linsheng.communities.roster.template import template_chunks
from linsheng.communities.views.common import chosen_communities, must, one
from linsheng.core import tabular
from linsheng.core.errors import DomainError
from linsheng.core.forms import show_errors
from linsheng.core.http import now_of, posted, render_page

SHOWN_ERRORS = 200
SHOWN_NOTES = 50
SHOWN_UPLOADS = 20


@login_required
@require_http_methods(["GET", "POST"])
def roster(request: HttpRequest) -> HttpResponse:
    """Upload a file; below, what was uploaded before."""
    must(request, Permission.EDIT_ROSTER)
    places = chosen_communities(request, Permission.EDIT_ROSTER)
    files = request.FILES if request.method == "POST" else None
    form = RosterForm(posted(request), files, communities=[(c.code, c.name) for c in places])
    if request.method == "POST" and form.is_valid():
        community = one(places, code=form.cleaned_data["community"])
        file = form.cleaned_data["file"]
        try:
            upload = actions.upload_roster(community=community, file=file, by=signed_in(request), now=now_of(request))
        except DomainError as error:
            show_errors(form, error)
        else:
            return redirect("communities:roster_import", upload.pk)
    uploads = queries.roster_imports_visible_to(signed_in(request)).filter(community__in=places)[:SHOWN_UPLOADS]
    return render_page(request, "communities/roster.html", {"form": form, "uploads": uploads}, status=422 if form.errors else 200)


@login_required
@require_safe
def roster_template(request: HttpRequest) -> HttpResponseBase:
    """The file to fill in."""
    must(request, Permission.EDIT_ROSTER)
    return tabular.file_response(f"{_('名册模板')}.xlsx", tabular.CONTENT_TYPES["xlsx"], template_chunks())


def _upload(request: HttpRequest, pk: int) -> RosterImport:
    must(request, Permission.EDIT_ROSTER)
    return one(queries.roster_imports_visible_to(signed_in(request)), pk=pk)


@login_required
@require_safe
def roster_import(request: HttpRequest, pk: int) -> HttpResponse:
    """One upload: its progress, what the check found, or what was done."""
    upload = _upload(request, pk)
    report = upload.report
    context = {
        "upload": upload,
        "report": report,
        "errors": report.get("errors", [])[:SHOWN_ERRORS],
        "notes": report.get("notes", [])[:SHOWN_NOTES],
        "absent": report.get("absent", [])[:SHOWN_NOTES],
        "good_rows": report.get("rows", 0) - report.get("bad_rows", 0),
        "job": queries.job_of_import(upload),
    }
    return render_page(request, "communities/roster_import.html", context)


@login_required
@require_POST
def confirm_roster(request: HttpRequest, pk: int) -> HttpResponse:
    """Have it written."""
    upload = _upload(request, pk)
    skip = request.POST.get("skip_bad") == "1"
    actions.confirm_roster(upload=upload, skip_bad=skip, by=signed_in(request), now=now_of(request))
    return redirect("communities:roster_import", pk)


@login_required
@require_POST
def discard_roster(request: HttpRequest, pk: int) -> HttpResponse:
    """Give it up."""
    actions.discard_roster(upload=_upload(request, pk), by=signed_in(request), now=now_of(request))
    return redirect("communities:roster")


@login_required
@require_safe
def roster_errors(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Every error and note as a file, to be worked through beside the roster."""
    upload = _upload(request, pk)
    header = [_("行号"), _("列"), _("问题"), _("类别")]
    kinds = (("errors", _("错误")), ("notes", _("提示")))
    rows = [[found["row"], found["column"], found["message"], word] for key, word in kinds for found in upload.report.get(key, [])]
    rows += [["", "", name, _("名册中没有的在住人员")] for name in upload.report.get("absent", [])]
    return tabular.table_response(_("名册检查结果-%(id)s") % {"id": pk}, "xlsx", header, rows)
