# One image for web, worker, beat, migrations and the sandbox. Build: docker build -t rivet .

FROM python:3.13-slim AS base
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PATH=/app/.venv/bin:$PATH
WORKDIR /app

FROM base AS tools
RUN pip install --no-cache-dir uv
ENV UV_LINK_MODE=copy UV_COMPILE_BYTECODE=1 UV_PYTHON_DOWNLOADS=never
COPY pyproject.toml uv.lock ./

FROM tools AS assets
RUN uv sync --locked --only-group embedded
COPY package.json package-lock.json ./
COPY rivet/__init__.py rivet/__init__.py
COPY rivet/development rivet/development
RUN python -m rivet.development.assets

FROM tools AS dependencies
RUN uv sync --locked --no-default-groups --group sandbox

FROM base AS rivet
RUN useradd --uid 10001 --create-home --shell /usr/sbin/nologin rivet \
    && mkdir -p /app/var /app/staticfiles \
    && chown rivet:rivet /app/var /app/staticfiles
COPY --from=dependencies /app/.venv .venv
COPY manage.py ./
COPY rivet rivet
COPY integrations integrations
COPY sync sync
COPY exceptions_dashboard exceptions_dashboard
COPY sandbox sandbox
COPY templates templates
COPY static static
COPY --from=assets /app/static/vendor static/vendor
USER rivet
RUN python -m rivet.development.static_files
EXPOSE 8000
CMD ["granian", "--interface", "asginl", "--host", "0.0.0.0", "--port", "8000", "--no-ws", "rivet.asgi:application"]
