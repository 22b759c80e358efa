"""A month of a whole company, computed as a job does; prints seconds, and when progress was told, as JSON."""

import json
import sys
import time

import django

django.setup()

from linsheng.communities.models import Community, Organisation  # noqa: E402  # after the set-up
from linsheng.core import clock  # noqa: E402
from linsheng.feedback import figures  # noqa: E402
from linsheng.simulate import demo  # noqa: E402


def main() -> None:
    organisation = Organisation.objects.get(code=demo.CODE)
    ids = list(Community.objects.filter(organisation=organisation).values_list("pk", flat=True))
    begun, told = time.monotonic(), []

    def note(_done: int, _total: int) -> None:
        told.append(time.monotonic() - begun)

    figures.monthly(ids, sys.argv[1], figures.By.COMMUNITY, now=clock.now(), progress=note)
    print(json.dumps({"seconds": time.monotonic() - begun, "progress": told}))


if __name__ == "__main__":
    main()
