"""What holds for every address of the API, also for those that lead nowhere: errors are problems, HEAD and OPTIONS are answered."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from linsheng.api import problems

Handler = Callable[[HttpRequest], HttpResponseBase]
PREFIX = "/api/"
# What curl sends when nobody told it what it sends; the content is JSON all the same, or refused as none.
TAKEN = ("", "application/json", "application/x-www-form-urlencoded")


def api_answers(get_response: Handler) -> Handler:
    """Speak RFC 9457 wherever an error arose: no such address, another method, a body too large, a mistake of ours."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if not request.path_info.startswith(PREFIX):
            return get_response(request)
        asked = request.method
        response = _answer(request, asked, get_response)
        # Who may see what stands in it is said by the token, of which no cache knows.
        if "Cache-Control" not in response:
            response["Cache-Control"] = "no-store"
        return _without_body(response) if asked == "HEAD" else response

    return middleware


def _without_body(response: HttpResponseBase) -> HttpResponseBase:
    """The same headers, and the length that GET would have."""
    if isinstance(response, HttpResponse):
        response.headers.setdefault("Content-Length", str(len(response.content)))
        response.content = b""
    return response


def _answer(request: HttpRequest, asked: str | None, get_response: Handler) -> HttpResponseBase:
    if asked == "HEAD":
        request.method = "GET"
    if asked == "POST" and request.content_type not in TAKEN:
        return problems.plain_problem(415)
    response = get_response(request)
    if response.status_code == 405:
        return _not_allowed(response, asked)
    if response.status_code >= 400 and response.get("Content-Type") != problems.MEDIA_TYPE:
        return problems.plain_problem(response.status_code)
    return response


def _not_allowed(response: HttpResponseBase, asked: str | None) -> HttpResponse:
    """405, or for OPTIONS the very list of methods that it comes with."""
    methods = {method.strip() for method in response.get("Allow", "").split(",")} - {""}
    allowed = methods | {"OPTIONS"} | ({"HEAD"} if "GET" in methods else set())
    answer = HttpResponse(status=204) if asked == "OPTIONS" else problems.plain_problem(405)
    answer["Allow"] = ", ".join(sorted(allowed))
    return answer
