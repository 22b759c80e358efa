"""Publishing: chosen out of the result, previewed exactly, shown to the residents of the community, told back after answering."""

import random
import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from linsheng.audit.models import AuditEntry
from linsheng.communities.models import Residency
from linsheng.core import clock
from linsheng.core.errors import Conflict, Forbidden, Invalid
from linsheng.jobs.models import Job
from linsheng.messaging.models import Notice
from linsheng.surveys import actions
from linsheng.surveys.actions import Answered, Choice
from linsheng.surveys.models import Comment, KeptResult, Publication, Wave
from linsheng.surveys.published import choosable, quotable_of
from linsheng.surveys.queries.results import result_of
from linsheng.surveys.tasks import tell_result
from linsheng.surveys.tests.factories import add_homes, closed_with, code_of, filled, marks, open_wave, posted

SAID = Answered("电梯常坏", "换了三台电梯的按钮板，每周检查", "Lifts break down", "New panels, weekly checks")


def small(community, now, *, n=40, seed=1, buildings=2, **changes) -> Wave:
    rng = random.Random(seed)
    first = 30 + community.buildings.count()
    homes = [home for b in range(buildings) for home in add_homes(community, 1, n // buildings, first=first + b)]
    wave = open_wave(community, now, **changes)
    rows = [(home, marks(wave.version, rng)) for home in homes]
    for number, (_home, values) in enumerate(rows[:24]):
        values["open.improve"] = f"希望电梯修得快一点，电梯太慢了 {'好' * (number % 5)} 打 1381234567{number % 10}"
    wave = closed_with(wave, now, rows)
    actions.keep_result(wave=wave, now=now)
    return Wave.objects.select_related("version__questionnaire", "organisation").get(pk=wave.pk)


@pytest.fixture
def wave(cast) -> Wave:
    return small(cast.community, clock.now())


def client_of(user) -> Client:
    client = Client()
    client.force_login(user, backend="linsheng.accounts.backends.AccountBackend")
    return client


def publish(wave, cast, **values):
    values = {"replies": [SAID]} | values
    return actions.publish_wave(wave=wave, choice=Choice(**values), by=cast.manager, now=clock.now())


def article(response) -> str:
    text = re.search(r"<article class=\"published\">.*?</article>", response.content.decode(), re.DOTALL)
    assert text, response.content.decode()[:300]
    # The hour differs by the minutes of the test.
    return re.sub(r"<time.*?</time>", "", text.group(), flags=re.DOTALL)


def test_residents_see_what_was_published_and_nothing_before(wave, cast):
    resident = client_of(cast.owner)
    url = reverse("surveys:published", args=[wave.pk])
    assert resident.get(url).status_code == 404
    assert "公示" not in resident.get(reverse("feedback:home")).content.decode()
    publish(wave, cast)
    page = resident.get(url).content.decode()
    overall = result_of(wave).overall.estimate
    assert f"满意 {round(100 * overall.satisfied.share)}%" in page and f"{overall.n} 户回答" in page
    assert SAID.said in page and SAID.done in page
    assert url in resident.get(reverse("feedback:home")).content.decode()
    assert resident.get(reverse("surveys:published_index")).url == url


def test_the_preview_is_exactly_what_residents_see(wave, cast):
    quote = quotable_of(result_of(wave))[0]["text"]
    actions.save_publication(
        wave=wave,
        choice=Choice(questions=["overall", "facility.lift"], quotes=[quote], buildings=True, foreword="谢谢", replies=[SAID]),
        by=cast.manager,
        now=clock.now(),
    )
    preview = client_of(cast.manager).get(reverse("surveys:preview_publication", args=[wave.pk]))
    actions.publish_wave(wave=wave, by=cast.manager, now=clock.now())
    seen = client_of(cast.owner).get(reverse("surveys:published", args=[wave.pk]))
    assert article(preview) == article(seen)
    # It stands in a frame beside the choices, and nowhere else.
    assert (
        "frame-ancestors 'self'" in preview.headers["Content-Security-Policy"]
        and preview.headers["X-Frame-Options"] == "SAMEORIGIN"
    )
    assert "frame-ancestors 'none'" in seen.headers["Content-Security-Policy"]
    assert quote in article(seen) and "谢谢" in article(seen) and "电梯" in article(seen) and "垃圾" not in article(seen)


def test_people_of_other_communities_see_nothing(wave, cast):
    publish(wave, cast)
    url = reverse("surveys:published", args=[wave.pk])
    assert client_of(cast.stranger).get(url).status_code == 404
    Residency.objects.filter(resident__user=cast.neighbour).update(until=clock.now())
    assert client_of(cast.neighbour).get(url).status_code == 404


def test_what_is_public_changes_only_when_it_is_published_anew(wave, cast):
    publish(wave, cast, questions=["overall"])
    saved = Choice(questions=["facility.lift"], replies=[Answered("停车乱", "画了线")])
    actions.save_publication(wave=wave, choice=saved, by=cast.manager, now=clock.now())
    page = client_of(cast.owner).get(reverse("surveys:published", args=[wave.pk])).content.decode()
    assert "总体满意度" in page and "画了线" in page and SAID.done not in page
    actions.publish_wave(wave=wave, by=cast.manager, now=clock.now())
    page = client_of(cast.owner).get(reverse("surveys:published", args=[wave.pk])).content.decode()
    assert "总体满意度" not in page


def test_taken_back_it_is_gone_and_written_down(wave, cast):
    publish(wave, cast)
    actions.withdraw_publication(wave=wave, by=cast.manager, now=clock.now())
    assert client_of(cast.owner).get(reverse("surveys:published", args=[wave.pk])).status_code == 404
    assert Publication.objects.get(wave=wave).questions
    with pytest.raises(Conflict, match="没有公布"):
        actions.withdraw_publication(wave=wave, by=cast.manager, now=clock.now())
    names = set(AuditEntry.objects.filter(subject_type="surveys.wave").values_list("action", flat=True))
    assert {"surveys.save_publication", "surveys.publish_wave", "surveys.withdraw_publication"} <= names


def test_only_what_the_result_shows_can_be_chosen(wave, cast):
    with pytest.raises(Invalid, match="不能公布"):
        publish(wave, cast, questions=["years"])
    with pytest.raises(Invalid, match="留言"):
        publish(wave, cast, quotes=[Comment.objects.first().text])
    assert all(not re.search(r"1381234567\d", quote["text"]) for quote in quotable_of(result_of(wave)))
    with pytest.raises(Invalid, match="两栏"):
        publish(wave, cast, replies=[Answered("只说", "")])
    with pytest.raises(Conflict, match="还没有选"):
        publish(wave, cast, questions=[])


def test_before_closing_and_under_five_answers_nothing_can_be_published(cast):
    running = open_wave(cast.community, clock.now())
    with pytest.raises(Conflict, match="还没有结束"):
        publish(running, cast)
    actions.close_wave(wave=running, by=None, now=clock.now())
    KeptResult.objects.all().delete()
    with pytest.raises(Conflict, match="还在统计"):
        publish(running, cast)
    actions.keep_result(wave=running, now=clock.now())
    with pytest.raises(Conflict, match="少于 5 份"):
        publish(running, cast)


def test_who_may_not_publish_is_refused(wave, cast):
    for name in ("frontdesk", "supervisor", "auditor", "administrator", "outsider", "owner"):
        with pytest.raises(Forbidden):
            actions.publish_wave(wave=wave, choice=Choice(), by=cast.people[name], now=clock.now())


def test_whoever_has_answered_reads_what_became_of_the_last_survey(wave, cast):
    publish(wave, cast)
    running = open_wave(cast.community, clock.now())
    client = Client()
    client.get(reverse("surveys:enter", args=[code_of(running, cast.home)]))
    assert client.get(reverse("surveys:last_published")).status_code == 302
    client.post(reverse("surveys:answer"), posted(running, filled(running.version)))
    thanks = client.get(reverse("surveys:done")).content.decode()
    assert "上次您说了，我们做了" in thanks and SAID.done in thanks
    assert reverse("surveys:last_published") in thanks
    page = client.get(reverse("surveys:last_published"))
    assert "满意" in article(page) and str(wave) in page.content.decode()


def test_what_was_done_stands_in_the_thanks_until_something_newer_is_said(wave, cast):
    publish(wave, cast)
    publish(small(cast.community, clock.now(), seed=2), cast, replies=[])
    running = open_wave(cast.community, clock.now())
    client = Client()
    client.get(reverse("surveys:enter", args=[code_of(running, cast.home)]))
    client.post(reverse("surveys:answer"), posted(running, filled(running.version)))
    assert SAID.done in client.get(reverse("surveys:done")).content.decode()


def test_without_an_earlier_result_the_thanks_say_nothing_of_one(cast):
    running = open_wave(cast.community, clock.now())
    client = Client()
    client.get(reverse("surveys:enter", args=[code_of(running, cast.home)]))
    client.post(reverse("surveys:answer"), posted(running, filled(running.version)))
    assert "我们做了" not in client.get(reverse("surveys:done")).content.decode()
    assert client.get(reverse("surveys:last_published")).status_code == 302


def test_the_form_saves_and_publishes_without_javascript(wave, cast):
    manager = client_of(cast.manager)
    url = reverse("surveys:publish", args=[wave.pk])
    assert url in manager.get(reverse("surveys:wave", args=[wave.pk])).content.decode()
    keys = [item.asked.key for item in choosable(result_of(wave))]
    form = manager.get(url).content.decode()
    assert form.count('name="questions"') == len(keys)
    data = {
        "questions": keys[:3],
        "foreword": "感谢各位",
        "reply-TOTAL_FORMS": "2",
        "reply-INITIAL_FORMS": "0",
        "reply-0-said": "电梯慢",
        "reply-0-done": "已换",
        "reply-1-said": "只写了一半",
        "reply-1-done": "",
    }
    assert manager.post(url, data).status_code == 422
    assert manager.post(url, data | {"reply-1-said": ""}).status_code == 302
    found = Publication.objects.get(wave=wave)
    assert found.questions == keys[:3] and [reply.said for reply in found.replies.all()] == ["电梯慢"]
    assert manager.post(reverse("surveys:publish_now", args=[wave.pk])).status_code == 302
    found.refresh_from_db()
    assert found.published_at and [item["key"] for item in found.content["items"]] == keys[:3]


class FakeJob:
    """A running job, as far as the handler looks at it."""

    def __init__(self, wave):
        self.payload, self.now = {"wave": wave.pk}, clock.now()

    def progress(self, *args):
        pass


def told_of(wave) -> list[tuple[str, str, str]]:
    rows = Notice.objects.filter(kind="survey", key__startswith=f"survey-result-{wave.pk}-")
    return sorted(rows.values_list("user__username", "title", "url"))


def test_everybody_who_lives_there_is_told_once_that_the_result_is_public(wave, cast):
    publish(wave, cast)
    assert Job.objects.filter(kind="surveys.tell_result", payload__wave=wave.pk).count() == 1
    tell_result(FakeJob(wave))
    publish(wave, cast)
    tell_result(FakeJob(wave))
    said = (f"{wave}：结果公布了", reverse("surveys:published", args=[wave.pk]))
    assert told_of(wave) == [("neighbour", *said), ("owner", *said)]


def test_nobody_is_told_of_what_was_taken_back(wave, cast):
    publish(wave, cast)
    actions.withdraw_publication(wave=wave, by=cast.manager, now=clock.now())
    tell_result(FakeJob(wave))
    assert told_of(wave) == []


def test_in_english_the_page_is_english(wave, cast):
    publish(wave, cast)
    client = client_of(cast.owner)
    # What the page switches on is switched off again.
    with translation.override("zh-hans"):
        page = client.get(reverse("surveys:published", args=[wave.pk]), headers={"accept-language": "en"})
    text = article(page)
    assert "Overall satisfaction" in text and SAID.done_en in text


def test_what_changed_since_the_last_survey_is_said_if_wanted(cast):
    homes = add_homes(cast.community, 2, 40, first=60)
    rng = random.Random(5)
    for mean in (3.2, 4.4):
        wave = open_wave(cast.community, clock.now())
        closed_with(wave, clock.now(), [(home, marks(wave.version, rng, mean)) for home in homes])
        actions.keep_result(wave=wave, now=clock.now())
    found = publish(wave, cast)
    assert found.content["items"][0]["change"]["verdict"] == "improved"
    page = client_of(cast.owner).get(reverse("surveys:published", args=[wave.pk])).content.decode()
    assert "有改进（+" in page and "相比" in page
    assert publish(wave, cast, changes=False).content["items"][0]["change"] is None
