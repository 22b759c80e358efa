"""调查结果: what residents see. With an account from the home page; without one from the page of thanks, by the used ballot."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from linsheng.accounts.people import signed_in
from linsheng.communities.models import Community
from linsheng.communities.permissions import is_staff
from linsheng.communities.queries import homes_of
from linsheng.core.errors import NotVisible
from linsheng.core.http import render_page
from linsheng.surveys.models import Publication
from linsheng.surveys.queries.published import before_wave, published_for, shown_of
from linsheng.surveys.views.answering import used_ballot


def _page(request: HttpRequest, found: Publication, community: Community, *, base: str, others: list[Publication]) -> HttpResponse:
    context = {"shown": shown_of(found, community.code), "community": community, "base": base, "others": others}
    return render_page(request, "surveys/published/page.html", context)


@login_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The newest one; the page of one lists the others."""
    found = published_for(signed_in(request)).first()
    if found is None:
        # Staff who live nowhere here have no use for the residents' menu.
        base = "base_public.html" if is_staff(request.user) else "base_resident.html"
        return render_page(request, "surveys/published/none.html", {"base": base})
    return redirect("surveys:published", pk=found.wave_id)


@login_required
@require_safe
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """One wave of the communities in which the person lives."""
    user = signed_in(request)
    rows = list(published_for(user)[:20])
    found = next((row for row in rows if row.wave_id == pk), None)
    if found is None:
        raise NotVisible(_("没有这次调查的结果，或还没有公布。"))
    here = [home.community for home in homes_of(user).select_related("community")]
    own = set(found.wave.communities.values_list("pk", flat=True))
    community = next(each for each in sorted(here, key=lambda c: c.code != request.session.get("community")) if each.pk in own)
    return _page(request, found, community, base="base_resident.html", others=[row for row in rows if row is not found])


@never_cache
@require_safe
def after_answering(request: HttpRequest) -> HttpResponse:
    """For whoever has answered and may have no account: the last published wave of their community."""
    ballot = used_ballot(request)
    found = before_wave(ballot.home.community, ballot.wave) if ballot else None
    if ballot is None or found is None:
        return redirect("surveys:answer")
    return _page(request, found, ballot.home.community, base="base_public.html", others=[])
