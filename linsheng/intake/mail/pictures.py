"""Pictures within the HTML of a mail: each names the attachment that it shows."""

import html
import re
from collections.abc import Mapping
from typing import Final

PICTURE: Final = re.compile(r'<img\b[^>]*?\bsrc="cid:(\d+)"[^>]*>')
SOURCE: Final = re.compile(r'\bsrc="cid:\d+"')


def html_with_images(markup: str, addresses: Mapping[int, str]) -> str:
    """``ReadMail.html`` with the address of each picture by its attachment's index; a picture without one is left out."""

    def placed(match: re.Match[str]) -> str:
        address = addresses.get(int(match[1]))
        return SOURCE.sub(lambda _: f'src="{html.escape(address)}"', match[0]) if address else ""

    return PICTURE.sub(placed, markup)
