"""The public form: scan, say it, done. Nobody signs in, and everything works without JavaScript."""

from typing import Any, Final

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linsheng.accounts.permissions import Permission
from linsheng.communities.permissions import has, is_staff
from linsheng.communities.queries import buildings_of, front_desks
from linsheng.core.documents import qr_data_uri
from linsheng.core.errors import DomainError, Forbidden, NotVisible, TooMany
from linsheng.core.forms import show_errors
from linsheng.core.http import now_of, render_page, secret_address
from linsheng.core.ids import paper_code_as_typed
from linsheng.core.network import client_network
from linsheng.feedback import actions as feedback
from linsheng.feedback import danger, proposals, proposing, telling
from linsheng.feedback.actor import Actor
from linsheng.feedback.forms.resident import LONGEST_TEXT
from linsheng.feedback.models import Case
from linsheng.intake import limits
from linsheng.intake.actions.public import Said, receive_public, sent_before
from linsheng.intake.forms.public import PublicForm, PublicHints
from linsheng.intake.models import Place, PublicReport
from linsheng.intake.queries.places import is_in_use, place_scanned, public_entries
from linsheng.intake.stamps import Stamp, fresh_stamp, read_stamp
from linsheng.intake.views.seats import own_form_address
from linsheng.standards.models import Urgency
from linsheng.standards.queries import items_of

PAGE: Final = "intake/public/form.html"


def _form(request: HttpRequest, place: Place, kind: type[PublicForm] = PublicForm) -> PublicForm:
    items = list(items_of(place.community.organisation_id))
    posted = request.method == "POST"
    initial: dict[str, Any] = {"key": fresh_stamp(place.code, now_of(request)), "item": _likely_item(place, items)}
    if helping := proposals.asks_for_help(request.POST):
        posted, typed = False, proposals.filled_in(request.POST.dict())
        kept = typed if read_stamp(typed.get("key", ""), place.code, now_of(request)) else {**typed, "key": initial["key"]}
        initial = {**kept, "website": ""}
    made = kind(
        request.POST if posted else None,
        request.FILES if posted else None,
        place=place,
        buildings=list(buildings_of([place.community])) if place.whole_community else [],
        items=items,
        initial=initial,
    )
    made.photos_dropped = helping and bool(request.FILES)
    return made


def _likely_item(place: Place, items: list[Any]) -> str:
    """The item whose name the spot bears: at the lift it is mostly about the lift."""
    return next((item.code for item in items if place.spot and item.common and item.name in place.spot), "")


def _page(request: HttpRequest, place: Place, form: PublicForm, *, status: int = 200, renewed: bool = False) -> HttpResponse:
    context = {"form": form, "place": place, "community": place.community, "renewed": renewed, "staff": is_staff(request.user)}
    context["may_log"] = has(request.user, Permission.RECEIVE_CASE, place.community)
    return render_page(request, PAGE, {**context, **_suggestions(request, place, form)}, status=status)


def _suggestions(request: HttpRequest, place: Place, form: PublicForm) -> dict[str, Any]:
    """Likely items for a form that comes back, or for the words typed so far."""
    text = request.POST.get("say") or str(form["text"].value() or "")
    return {
        "proposed": proposals.proposed_for(place.community if request.method == "POST" else None, text[:LONGEST_TEXT]),
        "item_chosen": form["item"].value(),
        "asked": proposals.HELP in request.POST,
    }


def _unusable(request: HttpRequest, place: Place | None, code: str) -> HttpResponse:
    """Nothing to fill in here, but somebody stands there with something to say."""
    community = place.community if place else None
    entries = public_entries()
    own = [entry for entry in entries if community and entry.community_id == community.pk]
    context = {"community": community, "code": code[:20], "entry": own[0] if own else None, "desks": [] if place else front_desks()}
    return render_page(request, "intake/public/unusable.html", context, status=410 if place else 404)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def form(request: HttpRequest, code: str) -> HttpResponse:
    """The form of one place. Residents who are signed in get the same place in their own."""
    place = place_scanned(code)
    if place is None or not is_in_use(place):
        return _unusable(request, place, code)
    if request.method != "POST":
        if own := own_form_address(request, place):
            return redirect(own)
        if place.code != code:
            return redirect("intake:public_form", code=place.code)
        return _page(request, place, _form(request, place))
    if is_staff(request.user):
        raise Forbidden(_("这是给居民的页面。工作人员请用“来电登记”。"))
    filled = _form(request, place)
    if proposals.asks_for_help(request.POST):
        return _page(request, place, filled)
    return _submit(request, place, filled) if filled.is_valid() else _back(request, place, filled)


def _back(request: HttpRequest, place: Place, form: PublicForm, error: str = "", status: int = 422) -> HttpResponse:
    """The form as it was filled in, with what is wrong; a key that cannot be read is replaced."""
    if error:
        form.add_error(None, error)
    key = form.data.get("key", "")
    renewed = read_stamp(key, place.code, now_of(request)) is None
    form.renew(fresh_stamp(place.code, now_of(request)) if renewed else key)
    return _page(request, place, form, status=status, renewed=renewed)


def _doubt(form: PublicForm, stamp: Stamp | None, request: HttpRequest) -> str:
    """Why this may not be a person, in a sentence for the person that it may be after all; empty when all is well."""
    if stamp is None:
        return _("页面放得太久了，您写的都还在，请再点一次“提交反映”。")
    if form.cleaned_data["website"]:
        return _("浏览器多填了一栏，我们已清掉，请再点一次“提交反映”。")
    if stamp.age(now_of(request)) < settings.PUBLIC_FORM_SECONDS:
        return _("提交得太快了，请看一眼写得对不对，再点一次“提交反映”。")
    return ""


def _submit(request: HttpRequest, place: Place, form: PublicForm) -> HttpResponse:
    values, now = form.cleaned_data, now_of(request)
    stamp = read_stamp(values["key"], place.code, now)
    if (doubt := _doubt(form, stamp, request)) or stamp is None:
        return _back(request, place, form, doubt)
    taken: list[Any] = []
    try:
        # Sent again, a report is still one.
        if sent_before(stamp.key) is None:
            taken = limits.take_public(network=client_network(request), code=place.code, phone=values["phone"], now=now)
        case = receive_public(place=place, said=_said(values, stamp), now=now)
    except TooMany as error:
        return _back(request, place, form, _busy(place, error), status=429)
    except DomainError as error:
        limits.give_back(taken)
        show_errors(form, error)
        return _back(request, place, form, status=error.status)
    _add_photos(request, case, form)
    proposals.keep_choice(case=case, data=request.POST, now=now)
    return redirect("intake:public_done", code=place.code, token=case.track_token)


def _said(values: dict[str, Any], stamp: Stamp) -> Said:
    plain = {name: values[name] for name in ("item", "text", "kind", "urgency", "location", "name", "phone", "confidential")}
    return Said(key=stamp.key, building=values.get("building"), **plain)


def _busy(place: Place, error: TooMany) -> str:
    phone = place.community.phone
    kept = _("您写的内容都还在。")
    call = _("急事请直接打电话 %(phone)s。") % {"phone": phone} if phone else _("急事请直接联系门岗或前台。")
    return f"{error.message}{kept}{call}"


def _add_photos(request: HttpRequest, case: Case, form: PublicForm) -> None:
    for upload in form.cleaned_data["photos"]:
        try:
            feedback.add_photo(case=case, upload=upload, size=upload.size, by=Actor.by_link(), now=now_of(request))
        except DomainError as error:
            messages.warning(request, _("照片“%(name)s”没有传上：%(why)s") % {"name": upload.name, "why": error.message})


@require_POST
def hints(request: HttpRequest, code: str) -> HttpResponse:
    """While it is filled in: the likely kind, and whether it sounds dangerous. What neighbours said is not for strangers."""
    place = place_scanned(code)
    if place is None or not is_in_use(place):
        return HttpResponse(status=204)
    form = _form(request, place, PublicHints)
    if "say" in request.POST:
        return render_page(request, "feedback/_proposals.html", _suggestions(request, place, form))
    form.is_valid()
    item, text = form.cleaned_data.get("item"), form.cleaned_data.get("text", "")
    context = {
        "kind": proposing.propose_kind(item, text) if item or text else "",
        "dangerous": danger.sounds_dangerous(text),
        "community": place.community,
        **_suggestions(request, place, form),
    }
    return render_page(request, "feedback/resident/_hints.html", context)


@secret_address
@require_safe
def done(request: HttpRequest, code: str, token: str) -> HttpResponse:
    """Thanks, the number, and the link to keep: it is the only way back to this case."""
    found = PublicReport.objects.filter(case__track_token=token, place__code=code)
    report = found.select_related("case__community", "place").first()
    if report is None:
        raise NotVisible(_("没有找到这件反映。请检查链接是否完整，或联系物业前台。"))
    case = report.case
    address = settings.SITE_URL + telling.track_url(case)
    context = {
        "case": case,
        "community": case.community,
        "place": report.place,
        "address": address,
        "track_url": telling.track_url(case),
        "qr": qr_data_uri(address),
        "hurry": case.urgency == Urgency.EMERGENCY or danger.sounds_dangerous(case.text),
    }
    return render_page(request, "intake/public/done.html", context)


@require_safe
def entry(request: HttpRequest) -> HttpResponse:
    """Without a label at hand: the code typed, or the community chosen."""
    typed, words = paper_code_as_typed(request.GET.get("code", ""))[:20], request.GET.get("q", "").strip()[:40]
    if typed:
        return redirect("intake:public_form", code=typed)
    context = {"entries": public_entries(words), "q": words, "searchable": bool(words) or len(public_entries()) > 8}
    return render_page(request, "intake/public/entry.html", context)
