"""The two bare views: three rows written in a transaction; fifty rows read by an index into a page of 15 kB."""

from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt

from benchmarks.floor.models import FloorRow
from linsheng.core import clock

BOARDS = 100
ROWS_READ = 50


@csrf_exempt
def write(request: HttpRequest) -> HttpResponse:
    """Insert three rows in one transaction."""
    now = clock.now()
    with transaction.atomic():
        rows = [FloorRow.objects.create(board=BOARDS, at=now, name="floor", state="open", text="三行之一") for _ in range(3)]
    return JsonResponse({"ids": [row.pk for row in rows]}, status=201)


def read(request: HttpRequest) -> HttpResponse:
    """Read fifty rows by the index and render them."""
    rows = FloorRow.objects.filter(board=7).order_by("at", "id")[:ROWS_READ]
    return render(request, "floor/rows.html", {"rows": rows})
