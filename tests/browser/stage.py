"""Phones and desks: pages of the cast, and what the browser complained about on them."""

from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page

from tests.browser.company import Company

PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True, "device_scale_factor": 2}
DESK: dict[str, Any] = {"viewport": {"width": 1440, "height": 900}}
WECHAT = (
    "Mozilla/5.0 (Linux; Android 14; M2012K11AC) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/126.0.0.0 "
    "Mobile Safari/537.36 XWEB/1260079 MMWEBSDK/20240501 MMWEBID/1 MicroMessenger/8.0.50.2701(0x28003253) WeChat/arm64 "
    "Weixin NetType/WIFI Language/zh_CN ABI/arm64"
)
# Answers that our own pages show in words: a form with errors, something that has changed meanwhile, no network.
EXPECTED = ("status of 422", "status of 409", "status of 410", "ERR_INTERNET_DISCONNECTED")


@dataclass
class Stage:
    """Opens pages as somebody, on a phone or at a desk, and remembers every complaint of the browser."""

    browser: Browser
    company: Company
    complaints: list[str] = field(default_factory=list)
    contexts: list[BrowserContext] = field(default_factory=list)

    def context(self, who: str = "", **options: Any) -> BrowserContext:
        made = self.browser.new_context(base_url=self.company.url, locale=options.pop("locale", "zh-CN"), **options)
        made.set_default_timeout(10_000)
        self.contexts.append(made)
        if who:
            made.add_cookies([{"name": "sessionid", "value": self.company.session_of(who), "url": self.company.url}])
        return made

    def _page(self, who: str, path: str, options: dict[str, Any]) -> Page:
        page = self.context(who, **options).new_page()
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.complaints.append(f"{page.url}: {error}"))
        page.on("response", lambda answer: answer.status >= 500 and self.complaints.append(f"{answer.status} {answer.url}"))
        if path:
            page.goto(path)
        return page

    def phone(self, who: str = "", path: str = "", **options: Any) -> Page:
        return self._page(who, path, PHONE | options)

    def desk(self, who: str = "", path: str = "", **options: Any) -> Page:
        return self._page(who, path, DESK | options)

    def wechat(self, who: str = "", path: str = "", **options: Any) -> Page:
        """A phone whose pages are opened inside WeChat."""
        return self.phone(who, path, user_agent=WECHAT, **options)

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not any(words in message.text for words in EXPECTED):
            self.complaints.append(f"{message.location.get('url', '')}: {message.text}")

    def close(self) -> None:
        for context in self.contexts:
            context.close()
        self.contexts.clear()
