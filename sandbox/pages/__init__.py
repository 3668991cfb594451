"""Server-rendered pages: consent screens and the books."""

from datetime import date
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse

HERE = Path(__file__).resolve().parent.parent


class Pages:
    """Renders `sandbox/templates/`. Everything is escaped; the stylesheet is `/static/sandbox.css`."""

    def __init__(self) -> None:
        self.environment = Environment(
            loader=FileSystemLoader(HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self.environment.filters["cents"] = cents

    def render(self, template: str, *, status: int = 200, **values: Any) -> HTMLResponse:
        """The page as a response. Templates extend `page.html` and give it a `title`."""
        text = self.environment.get_template(template).render(**values, year=date.today().year)
        return HTMLResponse(text, status_code=status, headers={"Cache-Control": "no-store"})


def cents(value: int) -> str:
    """-123456 as -1,234.56"""
    sign = "-" if value < 0 else ""
    whole, part = divmod(abs(value), 100)
    return f"{sign}{whole:,}.{part:02}"
