"""The privacy text in force. A change of meaning gets a new version, and everybody is asked again."""

from typing import Final

DOCUMENT: Final = "privacy"
VERSION: Final = "2026-11"
