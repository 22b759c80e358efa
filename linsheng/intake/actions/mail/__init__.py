"""Mail in: stored first, then processed; handled by people where a programme must not decide."""

from linsheng.intake.actions.mail.handling import discard_mail, release_mail, retry_mail
from linsheng.intake.actions.mail.processing import process_mail, process_next
from linsheng.intake.actions.mail.storing import Arrival, store_mail

__all__ = ["Arrival", "discard_mail", "process_mail", "process_next", "release_mail", "retry_mail", "store_mail"]
