"""Communities and the service tree by API, and the schema."""

import json

from django.core.management import call_command


def test_everybody_lists_their_own_communities(call):
    def codes(who):
        return [c["code"] for c in call(who).get("communities").json()["items"]]

    assert codes("owner") == codes("frontdesk") == ["CH"]
    assert codes("director") == ["CH", "LY"]
    assert codes("outsider") == ["WR"]


def test_the_service_tree_has_code_name_and_dimension(call):
    items = call("owner").get("service-items").json()["items"]
    lift = next(item for item in items if item["code"] == "facility.lift")
    assert (lift["name"], lift["dimension"]) == ("电梯", "facility")


def test_figures_need_their_permission_and_a_month(call):
    assert call("owner").get("communities/CH/monthly/2026-11").status_code == 403
    assert call("manager").get("communities/CH/monthly/2026-13").status_code == 422
    assert call("manager").get("communities/LY/monthly/2026-11").status_code == 404
    assert call("manager").get("communities/CH/monthly/2026-11").status_code == 200


def test_the_schema_is_current_and_served(client):
    call_command("openapi", "--check")
    document = json.loads(client.get("/api/v1/openapi.json").content)
    assert document["openapi"].startswith("3.") and "/api/v1/cases/{case_id}/resolve" in document["paths"]


def test_the_documentation_page_lists_every_operation(client, db):
    page = client.get("/api/v1/docs").content.decode()
    assert "/api/v1/cases/{case_id}/rate" in page and "stars" in page
