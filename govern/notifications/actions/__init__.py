"""Queue mails, and send what is due."""

from govern.notifications.actions.queue import queue_mail
from govern.notifications.actions.sending import send_due

__all__ = ["queue_mail", "send_due"]
