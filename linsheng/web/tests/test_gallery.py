"""The gallery is every component at once: what breaks a component breaks it here first."""

import re

import pytest
from django.template.loader import get_template
from django.test import Client, override_settings
from django.urls import reverse

from linsheng.accounts.permissions import Permission
from linsheng.web import navigation

ADDRESS = "/gallery/"
SIDES = ["staff", "resident", "public"]


@pytest.fixture
def shown(settings):
    settings.COMPONENT_GALLERY = True


def sign_in(person) -> Client:
    client = Client()
    client.force_login(person, backend="linsheng.accounts.backends.AccountBackend")
    return client


def test_it_is_off_unless_a_setting_asks_for_it(client, db):
    with override_settings(DEBUG=False, COMPONENT_GALLERY=False):
        assert client.get(ADDRESS).status_code == 404


@pytest.mark.parametrize("side", [*SIDES, "nonsense"])
def test_every_side_shows_all_components(client, db, shown, side):
    page = client.get(ADDRESS, {"side": side})
    assert page.status_code == 200
    assert page.content.count(b'<figure class="chart"') == 5


@pytest.mark.parametrize("side", SIDES)
def test_nothing_on_it_needs_an_inline_script_or_style(client, db, shown, side):
    html = client.get(ADDRESS, {"side": side}).content.decode()
    assert not re.search(r"\sstyle=|<style|\son\w+=", html)
    scripts = re.findall(r"<script[^>]*>", html)
    assert all('src="' in tag or 'type="application/json"' in tag for tag in scripts)


def test_every_id_is_there_once(client, db, shown):
    html = client.get(ADDRESS).content.decode()
    ids = re.findall(r'\sid="([^"]+)"', html)
    assert sorted(ids) == sorted(set(ids))


def test_every_label_and_description_points_at_something(client, db, shown):
    html = client.get(ADDRESS).content.decode()
    ids = set(re.findall(r'\sid="([^"]+)"', html))
    pointed = {one for many in re.findall(r'aria-(?:describedby|labelledby)="([^"]+)"', html) for one in many.split()}
    pointed |= set(re.findall(r'\sfor="([^"]+)"', html))
    assert pointed <= ids


def test_every_icon_is_in_the_sprite(client, db, shown, settings):
    names = set((settings.BASE_DIR / "tools/icons.txt").read_text().split())
    names |= {f"{name.removeprefix('filled/')}-filled" for name in names if name.startswith("filled/")}
    used = set(re.findall(r'icons\.svg#([\w-]+)"', client.get(ADDRESS).content.decode()))
    used |= {entry.icon for section in navigation.STAFF for entry in section.entries}
    assert used <= names


def test_in_english_no_chinese_is_left_but_the_way_back(client, db, shown):
    html = client.get(ADDRESS, headers={"accept-language": "en"}).content.decode()
    left = re.findall(r"[一-鿿]+", html)
    assert set(left) <= {"中文"}


def test_the_large_text_cookie_changes_the_page(client, db, shown):
    client.cookies["text"] = "large"
    assert b'data-text="large"' in client.get(ADDRESS).content


def test_a_person_who_chose_large_text_needs_no_cookie(cast, shown):
    cast.owner.large_text = True
    cast.owner.save()
    assert b'data-text="large"' in sign_in(cast.owner).get(ADDRESS).content


def test_the_frame_of_staff_costs_few_queries(cast, shown, django_assert_max_num_queries):
    client = sign_in(cast.manager)
    with django_assert_max_num_queries(6):
        client.get(ADDRESS)


def test_residents_see_their_community_and_the_bottom_bar(cast, shown):
    html = sign_in(cast.owner).get(ADDRESS, {"side": "resident"}).content.decode()
    assert "翠湖苑" in html
    assert html.count('<nav class="bottom-nav"') == 1


def test_staff_of_several_communities_choose_one_and_keep_it(cast, shown):
    client = sign_in(cast.director)
    assert "全部小区" in client.get(ADDRESS).content.decode()
    assert client.get(ADDRESS, {"switch_community": "LY"}).status_code == 302
    chosen = client.get(ADDRESS).context["shell"].community
    assert (chosen.code, str(chosen)) == (cast.other_community.code, str(cast.other_community))


def test_a_community_of_others_cannot_be_chosen(cast, shown):
    client = sign_in(cast.director)
    client.get(ADDRESS, {"switch_community": "WR"})
    assert client.get(ADDRESS).context["shell"].community is None


class TestNavigation:
    def test_entries_without_permission_are_left_out(self):
        seen = [
            link.label
            for section in navigation.staff_sections(frozenset({Permission.SEE_WORKBOARD}), frozenset(), "/")
            for link in section.links
        ]
        assert "设置" not in seen

    def test_a_page_of_the_company_is_left_out_for_those_of_one_community(self, cast):
        def labels(person) -> set[str]:
            return {
                str(link.label) for section in sign_in(person).get("/cases/").context["shell"].sections for link in section.links
            }

        assert "升级规则" in labels(cast.administrator)
        assert "升级规则" not in labels(cast.manager)

    def test_a_page_that_does_not_exist_is_left_out(self):
        assert navigation.links([navigation.Entry("x", "nowhere:at_all", "x")], "/") == []

    def test_the_longest_address_is_the_active_one(self, monkeypatch):
        monkeypatch.setattr(navigation, "address", {"a": "/cases/", "b": "/cases/bulk/", "home": "/"}.get)
        entries = [navigation.Entry(name, name, "x") for name in ("home", "a", "b")]
        assert [link.active for link in navigation.links(entries, "/cases/bulk/7/")] == [False, False, True]
        assert [link.active for link in navigation.links(entries, "/elsewhere/")] == [False, False, False]
        assert [link.active for link in navigation.links(entries, "/")] == [True, False, False]

    def test_an_empty_section_is_left_out(self):
        labels = [section.label for section in navigation.staff_sections(frozenset(), frozenset(), "/")]
        assert "管理" not in labels


class TestErrorPages:
    @pytest.mark.parametrize("status", ["400", "403", "404", "429"])
    def test_each_says_what_to_do(self, rf, status):
        html = get_template(f"{status}.html").render({"reason": ""}, rf.get("/"))
        assert "回首页" in html

    def test_the_reason_is_shown_where_there_is_one(self, rf):
        assert "您的岗位没有这项权限" in get_template("403.html").render({"reason": "您的岗位没有这项权限"}, rf.get("/"))

    def test_that_of_the_server_needs_no_request(self):
        assert "服务器出错了" in get_template("500.html").render({})

    def test_an_unknown_address_is_answered_with_ours(self, client, db):
        page = client.get("/no/such/page/")
        assert page.status_code == 404
        assert "没有找到这个页面" in page.content.decode()


def test_the_gallery_has_one_name():
    assert reverse("web:gallery") == ADDRESS
