"""Places with codes, by API."""


def test_a_place_is_made_listed_and_not_made_twice(call):
    desk = call("frontdesk")
    made = desk.post("report-places", {"community": "CH", "building": "3栋", "spot": "电梯"})
    assert made.status_code == 201
    assert made.json()["url"].endswith(f"/q/{made.json()['code']}")
    assert [row["spot"] for row in desk.get("report-places", community="CH").json()["items"]] == ["电梯"]
    assert desk.post("report-places", {"community": "CH", "building": "3栋", "spot": "电梯"}).status_code == 409


def test_unknown_buildings_and_other_s_communities_are_refused(call):
    assert call("frontdesk").post("report-places", {"community": "CH", "building": "99栋"}).status_code == 422
    assert call("frontdesk").post("report-places", {"community": "WR"}).status_code == 404
    assert call("handler").post("report-places", {"community": "CH"}).status_code == 403
    assert call("owner").get("report-places").status_code == 403
    assert call("outsider").get("report-places").json()["items"] == []
