"""Telling people of alerts while a drill runs, where it was asked for: Alertmanager by HTTP, all else by apprise.

Addresses hold secrets, and are written nowhere: channels are known by their kind and by their place in the command.
"""

from crestline.notify.channels import channels
from crestline.notify.message import OVER, Channel, Failed, Message
from crestline.notify.notifier import NOTIFICATIONS, Notifier, sent_from, what_got_through

__all__ = [
    "NOTIFICATIONS",
    "OVER",
    "Channel",
    "Failed",
    "Message",
    "Notifier",
    "channels",
    "sent_from",
    "what_got_through",
]
