"""What residents see of a wave: chosen out of its result, kept as it was published, and put into words for one community.

Everything comes from the ``WaveResult``: what is hidden there cannot be chosen, so no choice, and no two of them, tells more.
"""

from linsheng.surveys.published.content import choosable, content_of, quotable_of
from linsheng.surveys.published.presenting import Shown, presented

__all__ = ["Shown", "choosable", "content_of", "presented", "quotable_of"]
