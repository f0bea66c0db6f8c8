"""Notifications: messages to people.

A mail is a row, queued in the transaction that causes it, so that nothing is announced that did not happen; the worker
sends it. Its key makes it unique and becomes its Message-ID, so that a mail sent twice after a crash is shown once.
Servers are spoken to over verified TLS only. Without a mail server the demo writes mails to files.
"""
