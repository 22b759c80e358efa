"""What is wrong with a page as it stands in the browser: too wide, unreadable to a screen reader, in the wrong language."""

import re
from collections.abc import Iterable
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from django.apps import apps
from django.db import models
from playwright.sync_api import Page

from linsheng.intake.forms.places import USUAL_SPOTS

HAN = re.compile(r"[㐀-鿿]+")
WIDTHS = {"desk": {"width": 1440, "height": 900}, "phone": {"width": 390, "height": 844}}
# What reaches past the right edge, and is not inside something that scrolls by itself.
TOO_WIDE = """() => {
  const edge = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= edge) return null;
  const scrolling = ['auto', 'scroll', 'hidden', 'clip'];
  const within = e => e && e !== document.body && (scrolling.includes(getComputedStyle(e).overflowX) || within(e.parentElement));
  const reaches = e => e.getBoundingClientRect().right > edge + 1;
  const wide = [...document.body.querySelectorAll('*')].filter(e => reaches(e) && !within(e.parentElement));
  return wide.slice(-1).map(e => `${e.tagName.toLowerCase()}.${e.className}`)[0] ?? 'something';
}"""
AXE_RUN = """axe.run(document, {resultTypes: ['violations']})
  .then(result => result.violations.map(v => [v.id, v.impact, v.nodes.map(node => node.html)]))"""
VISIBLE_TEXT = """() => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), found = [];
  while (walker.nextNode()) {
    const parent = walker.currentNode.parentElement, unread = 'script, style, template, [lang="zh-Hans"], option';
    if (!parent.closest(unread) && parent.checkVisibility()) found.push(walker.currentNode.data);
  }
  for (const e of document.querySelectorAll('[aria-label], [placeholder], [title], [alt]'))
    for (const name of ['aria-label', 'placeholder', 'title', 'alt']) if (e.hasAttribute(name)) found.push(e.getAttribute(name));
  return found.concat(document.title);
}"""


def too_wide(page: Page) -> str:
    """The element that makes the page scroll sideways; empty where nothing does."""
    return str(page.evaluate(TOO_WIDE) or "")


def axe(page: Page) -> list[str]:
    """Serious and critical findings. Told to the browser from outside, so that the page's own policy stays in force."""
    session = page.context.new_cdp_session(page)
    session.send("Runtime.evaluate", {"expression": AXE_SCRIPT})
    answer = session.send("Runtime.evaluate", {"expression": AXE_RUN, "awaitPromise": True, "returnByValue": True})
    session.detach()
    found = answer["result"].get("value")
    assert found is not None, answer
    return [f"{rule}: {nodes[0][:160]}" for rule, impact, nodes in found if impact in {"serious", "critical"}]


def settled(page: Page) -> None:
    """Nothing moves any more, and charts are drawn."""
    if page.locator("figure[data-chart]").count():
        page.locator("figure[data-chart] svg").first.wait_for()
    page.evaluate("Promise.all(document.getAnimations().map(a => a.finished.catch(() => 0)))")


def chinese(page: Page) -> set[str]:
    """Chinese words that can be read (or heard) on the page, and that nobody typed in."""
    texts: Iterable[str] = page.evaluate(VISIBLE_TEXT)
    words = {word for text in texts for word in HAN.findall(text)}
    data = data_words()
    return {word for word in words if word not in data}


# Names that the company may give in both languages: their Chinese must not stand on an English page.
BILINGUAL = {"serviceitem", "servicedimension"}


def data_words() -> str:
    """Everything that people typed in: every text of every row."""
    # What is proposed to be printed on labels is written as residents read it.
    return "\n".join([*_texts(), *USUAL_SPOTS])


def _texts() -> Iterable[str]:
    for model in apps.get_models():
        if model.__name__.lower() in BILINGUAL:
            continue
        columns = [
            f.attname for f in model._meta.concrete_fields if isinstance(f, models.CharField | models.TextField | models.JSONField)
        ]
        for row in model._default_manager.values_list(*columns) if columns else ():
            yield from (_flat(value) for value in row if value)


def _flat(value: Any) -> str:
    if isinstance(value, dict):
        return "\n".join(_flat(part) for part in value.values())
    if isinstance(value, list | tuple):
        return "\n".join(_flat(part) for part in value)
    return str(value)
