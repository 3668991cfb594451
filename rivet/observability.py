"""Logs: one JSON object a line in production, readable lines in development, secrets masked in both."""

import logging.config
import re
from typing import Any

import structlog

_SECRET = re.compile(
    r"(?i)(bearer\s+|(?:access|refresh)_token[\"'=:\s]+|code=|client_secret[\"'=:\s]+|password[\"'=:\s]+)[^\s\"'&,}]+"
)


def mask(text: str) -> str:
    """``text`` with everything that looks like a token, code or password replaced by three dots."""
    return _SECRET.sub(r"\1…", text)


def _mask_event(_logger: Any, _name: str, event: structlog.types.EventDict) -> structlog.types.EventDict:
    return {key: mask(value) if isinstance(value, str) else value for key, value in event.items()}


def logging_settings(*, pretty: bool) -> dict[str, Any]:
    """Configure structlog and return Django's LOGGING dictionary; applied at once because LOGGING_CONFIG is None."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        _mask_event,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    renderer: Any = structlog.dev.ConsoleRenderer(colors=False) if pretty else structlog.processors.JSONRenderer()
    config: dict[str, Any] = {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "rivet": {
                "()": structlog.stdlib.ProcessorFormatter,
                "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
                "foreign_pre_chain": shared,
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "rivet"}},
        "root": {"handlers": ["stderr"], "level": "INFO"},
        "loggers": {
            "axes": {"level": "WARNING"},
            "allauth": {"level": "WARNING"},
            # One line per bell says nothing; deliveries are in the sync log.
            "celery.app.trace": {"level": "WARNING"},
            "celery.worker.strategy": {"level": "WARNING"},
        },
    }
    logging.config.dictConfig(config)
    return config
