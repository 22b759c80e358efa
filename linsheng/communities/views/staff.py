"""Staff and their posts."""

from typing import TypedDict

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linsheng.accounts.models import User
from linsheng.accounts.people import signed_in
from linsheng.accounts.permissions import Permission
from linsheng.communities import actions, queries
from linsheng.communities.forms.people import NewStaffForm, PostForm, StaffForm
from linsheng.communities.models import Community, Organisation
from linsheng.communities.views.common import must, one
from linsheng.core.errors import DomainError
from linsheng.core.forms import show_errors
from linsheng.core.http import now_of, posted, render_page


class Places(TypedDict):
    """Where the person may give posts."""

    organisations: QuerySet[Organisation]
    communities: QuerySet[Community]


def _places(request: HttpRequest) -> Places:
    user = signed_in(request)
    return {
        "organisations": queries.organisations_administered_by(user, Permission.EDIT_PEOPLE),
        "communities": queries.communities_with(user, Permission.EDIT_PEOPLE),
    }


@login_required
@require_safe
def staff(request: HttpRequest) -> HttpResponse:
    """Who works here, as what; those without a post or switched off stand below."""
    must(request, Permission.EDIT_PEOPLE)
    people = queries.staff_visible_to(signed_in(request)).order_by("-is_active", "name", "pk")
    text = request.GET.get("q", "").strip()
    if text:
        people = queries.search_staff(people, text)
    return render_page(request, "communities/staff.html", {"people": people, "q": text})


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def new_staff(request: HttpRequest) -> HttpResponse:
    """A new member of staff: the answer shows the generated password, this once."""
    must(request, Permission.EDIT_PEOPLE)
    form = NewStaffForm(posted(request), **_places(request))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            made = actions.create_staff(
                organisation=form.organisation,
                username=data["username"],
                name=data["name"],
                email=data["email"],
                post=form.facts(),
                by=signed_in(request),
                now=now_of(request),
            )
        except DomainError as error:
            show_errors(form, error)
        else:
            return _show_password(request, made.user, made.password, is_new=True)
    return render_page(request, "communities/new_staff.html", {"form": form}, status=422 if form.errors else 200)


def _show_password(request: HttpRequest, user: User, password: str, *, is_new: bool) -> HttpResponse:
    return render_page(request, "communities/staff_password.html", {"person": user, "password": password, "is_new": is_new})


def _person(request: HttpRequest, pk: int) -> User:
    must(request, Permission.EDIT_PEOPLE)
    return one(queries.staff_visible_to(signed_in(request)), pk=pk)


@login_required
@require_http_methods(["GET", "POST"])
def staff_member(request: HttpRequest, pk: int) -> HttpResponse:
    """One member of staff: name, posts, account."""
    person = _person(request, pk)
    form = StaffForm(posted(request), initial={"name": person.name, "email": person.email})
    if request.method == "POST" and form.is_valid():
        try:
            actions.update_staff(user=person, **form.cleaned_data, by=signed_in(request), now=now_of(request))
        except DomainError as error:
            show_errors(form, error)
        else:
            messages.success(request, _("资料已保存。"))
            return redirect("communities:staff_member", pk)
    return _member_page(request, person, form, PostForm(**_places(request)), status=422 if form.errors else 200)


def _member_page(request: HttpRequest, person: User, form: StaffForm, post_form: PostForm, *, status: int) -> HttpResponse:
    context = {
        "person": person,
        "posts": person.current,  # type: ignore[attr-defined]  # prefetched
        "past": queries.past_posts(signed_in(request), person),
        "form": form,
        "post_form": post_form,
        "manages": queries.manages(signed_in(request), person),
        "is_self": person.pk == signed_in(request).pk,
    }
    return render_page(request, "communities/staff_member.html", context, status=status)


@login_required
@require_POST
def give_post(request: HttpRequest, pk: int) -> HttpResponse:
    """A further post."""
    person = _person(request, pk)
    form = PostForm(request.POST, **_places(request))
    if form.is_valid():
        try:
            user, now = signed_in(request), now_of(request)
            actions.give_post(user=person, organisation=form.organisation, post=form.facts(), by=user, now=now)
        except DomainError as error:
            show_errors(form, error)
        else:
            messages.success(request, _("岗位已添加。"))
            return redirect("communities:staff_member", pk)
    return _member_page(request, person, StaffForm(initial={"name": person.name, "email": person.email}), form, status=422)


@login_required
@require_POST
def end_post(request: HttpRequest, pk: int) -> HttpResponse:
    """End a post."""
    must(request, Permission.EDIT_PEOPLE)
    post = one(queries.posts_visible_to(signed_in(request)), pk=pk)
    actions.end_post(post=post, by=signed_in(request), now=now_of(request))
    messages.success(request, _("岗位已结束，相应权限立即失效。"))
    return redirect("communities:staff_member", post.user_id)


@never_cache
@login_required
@require_POST
def reset_password(request: HttpRequest, pk: int) -> HttpResponse:
    """A new generated password, shown this once."""
    person = _person(request, pk)
    password = actions.reset_staff_password(user=person, by=signed_in(request), now=now_of(request))
    return _show_password(request, person, password, is_new=False)


@login_required
@require_POST
def set_active(request: HttpRequest, pk: int) -> HttpResponse:
    """Switch an account off or on."""
    person, active = _person(request, pk), request.POST.get("active") == "1"
    actions.set_staff_active(user=person, active=active, by=signed_in(request), now=now_of(request))
    messages.success(request, _("账号已启用。") if active else _("账号已停用，所有登录已退出。"))
    return redirect("communities:staff_member", pk)
