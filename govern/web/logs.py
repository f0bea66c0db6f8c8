"""The log: one JSON object per line on standard error. Never a ballot, a password or a token."""

import sys

import structlog


def configure() -> None:
    """Set structlog up for this process; a failure's traceback is one field of its line."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=False,
    )
