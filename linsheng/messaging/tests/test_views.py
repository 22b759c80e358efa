"""The inbox and the switches."""

import pytest
from django.urls import reverse

from linsheng.messaging import actions, queries
from linsheng.messaging.models import Channel, Notice, NoticeKind, Preference

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner(client, cast):
    client.force_login(cast.owner)
    return client


def text_of(response) -> str:
    assert response.status_code == 200
    return response.content.decode()


def test_unread_notices_come_first(owner, cast, tell, now):
    actions.mark_read(notice=tell(cast.owner, key="old", title="已经看过"), by=cast.owner, now=now)
    tell(cast.owner, key="new", title="刚刚到")
    text = text_of(owner.get("/notices/"))
    assert "刚刚到" in text
    assert "已经看过" not in text
    assert "已经看过" in text_of(owner.get("/notices/?show=all"))


def test_when_all_is_read_all_is_shown(owner, cast, tell, now):
    actions.mark_read(notice=tell(cast.owner, title="已经看过"), by=cast.owner, now=now)
    assert "已经看过" in text_of(owner.get("/notices/"))


def test_an_empty_inbox_says_what_will_stand_here(owner):
    assert "还没有通知" in text_of(owner.get("/notices/"))
    assert "没有未读的通知" in text_of(owner.get("/notices/?show=unread"))


def test_the_inbox_is_searched_and_filtered(owner, cast, tell):
    tell(cast.owner, key="1", title="电梯修好了")
    tell(cast.owner, key="2", title="密码已修改", kind=NoticeKind.ACCOUNT)
    assert "密码已修改" not in text_of(owner.get("/notices/", {"q": "电梯"}))
    assert "电梯修好了" not in text_of(owner.get("/notices/", {"kind": "account"}))
    assert "没有符合条件的通知" in text_of(owner.get("/notices/", {"q": "没有这个词"}))
    assert "电梯修好了" in text_of(owner.get("/notices/", {"kind": "nonsense", "show": "nonsense"}))


def test_words_of_others_stay_text(owner, cast, tell):
    tell(cast.owner, title="<b>粗</b>")
    assert "<b>粗</b>" not in text_of(owner.get("/notices/"))


def test_a_long_inbox_has_pages_and_a_fixed_number_of_queries(owner, cast, tell, django_assert_max_num_queries):
    for number in range(30):
        tell(cast.owner, key=str(number), title=f"第{number}号")
    with django_assert_max_num_queries(9):
        text = text_of(owner.get("/notices/"))
    assert "第29号" in text
    assert "第4号" not in text
    assert "cursor=" in text


@pytest.mark.parametrize("who", ["owner", "frontdesk", "administrator"])
def test_residents_and_staff_have_the_page_in_their_own_frame(client, cast, tell, who):
    client.force_login(getattr(cast, who))
    tell(getattr(cast, who))
    body = "resident" if who == "owner" else "staff"
    assert f'<body class="{body}">' in text_of(client.get("/notices/"))


def test_opening_marks_it_read_and_goes_where_it_points(owner, cast, tell):
    notice = tell(cast.owner, url="/me/notices/")
    assert owner.post(reverse("messaging:open", args=[notice.pk]))["Location"] == "/me/notices/"
    assert queries.unread_count(cast.owner) == 0


@pytest.mark.parametrize("url", ["", "https://evil.example/", "//evil.example/"])
def test_opening_never_leaves_the_site(owner, cast, tell, url):
    notice = tell(cast.owner, url=url)
    assert owner.post(reverse("messaging:open", args=[notice.pk]))["Location"] == "/notices/"


def test_reading_changes_nothing_by_a_link(owner, cast, tell):
    notice = tell(cast.owner)
    assert owner.get(reverse("messaging:open", args=[notice.pk])).status_code == 405
    assert queries.unread_count(cast.owner) == 1


def test_marking_one_read_returns_to_the_same_page(owner, cast, tell):
    notice = tell(cast.owner)
    response = owner.post(reverse("messaging:mark_read", args=[notice.pk]), {"next": "/notices/?show=all"})
    assert response["Location"] == "/notices/?show=all"
    assert Notice.objects.get().read_at is not None


def test_marking_all_read_says_how_many(owner, cast, tell):
    for key in "ab":
        tell(cast.owner, key=key)
    response = owner.post("/notices/read/", follow=True)
    assert "2 条通知已标为已读" in text_of(response)


@pytest.mark.parametrize("name", ["open", "mark_read"])
def test_anothers_notice_is_not_there(owner, cast, tell, name):
    notice = tell(cast.neighbour)
    assert owner.post(reverse(f"messaging:{name}", args=[notice.pk])).status_code == 404


def test_a_resident_switches_mail_off_and_on(owner, cast):
    shown = ["case_result.email", "case_progress.email"]
    owner.post("/me/notices/", {"shown": shown, "on": ["case_progress.email"]})
    said = {(row.kind, row.channel): row.on for row in Preference.objects.all()}
    assert said == {("case_result", Channel.EMAIL): False, ("case_progress", Channel.EMAIL): True}
    text = text_of(owner.get("/me/notices/"))
    assert 'value="case_progress.email" checked' in text
    assert 'value="case_result.email" aria-label' in text


def test_residents_see_no_switches_for_work(client, cast):
    client.force_login(cast.owner)
    assert "case_work.email" not in text_of(client.get("/me/notices/"))
    client.force_login(cast.handler)
    assert "case_work.email" in text_of(client.get("/me/notices/"))


def test_switches_that_were_not_on_the_page_stay_as_they_were(owner, cast):
    Preference.objects.create(user=cast.owner, kind=NoticeKind.CASE_WORK, channel=Channel.EMAIL, on=True)
    owner.post("/me/notices/", {"shown": ["case_result.email"], "on": []})
    assert Preference.objects.get(kind=NoticeKind.CASE_WORK).on is True


def test_what_is_no_switch_is_refused(owner):
    assert owner.post("/me/notices/", {"shown": ["nonsense.email"]}).status_code == 422
    assert not Preference.objects.exists()


def test_without_an_address_the_page_says_that_no_mail_goes_out(owner, cast):
    assert "账号里还没有邮箱" in text_of(owner.get("/me/notices/"))
    cast.owner.email = "owner@example.com"
    cast.owner.save()
    assert "owner@example.com" in text_of(owner.get("/me/notices/"))


def test_the_page_of_ones_own_leads_to_the_notices(owner, cast, tell):
    tell(cast.owner)
    text = text_of(owner.get("/me/"))
    assert "通知 · 1 条未读" in text
    assert 'href="/me/notices/"' in text
