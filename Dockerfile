# Two images from one file: `web` (the portal) and `proxy` (nginx with the same static files).
# The build needs no secret; the containers run as ordinary users.

# ── build: the packages, and the static files gathered and compressed ──
FROM python:3.13-slim AS build
ENV PYTHONDONTWRITEBYTECODE=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /portal
COPY requirements.txt ./
RUN python -m venv .venv && .venv/bin/pip install --require-hashes -r requirements.txt
COPY manage.py ./
COPY accounts accounts
COPY dashboards dashboards
COPY itaportal itaportal
COPY priorities priorities
COPY locale locale
COPY static static
COPY templates templates
COPY deploy deploy
RUN .venv/bin/python -m compileall -q accounts dashboards itaportal priorities \
    && SECRET_KEY=only-while-building-the-image \
       .venv/bin/python manage.py collectstatic --noinput --ignore src --verbosity 0

# ── web: gunicorn and nothing to build with ──
FROM python:3.13-slim AS web
ARG RELEASE=unknown
ENV PATH=/portal/.venv/bin:$PATH \
    PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=itaportal.settings \
    BIND=0.0.0.0:8000 \
    RELEASE=$RELEASE
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin portal
WORKDIR /portal
COPY --from=build /portal /portal
# Only for SQLite in a single container; with PostgreSQL the file system can be read-only.
RUN install -d -o portal -g portal var
VOLUME /portal/var
USER 10001
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "deploy/healthcheck.py"]
CMD ["gunicorn", "--config", "deploy/gunicorn.conf.py", "itaportal.wsgi"]

# ── proxy: TLS, precompressed static files, the micro-cache ──
FROM debian:bookworm-slim AS proxy
RUN apt-get update \
    && apt-get install --yes --no-install-recommends \
       nginx libnginx-mod-http-brotli-static gettext-base openssl curl \
    && rm -rf /var/lib/apt/lists/* /etc/nginx/sites-enabled/default \
    && install -d -o www-data -g www-data /var/cache/portal /run/portal /certificates
COPY deploy/nginx.conf.template /etc/portal/nginx.conf.template
COPY deploy/start-proxy /usr/local/bin/start-proxy
COPY --from=build /portal/staticfiles /portal/staticfiles
USER www-data
EXPOSE 8080 8443
HEALTHCHECK --interval=15s --timeout=5s --start-period=10s --retries=3 \
    CMD ["curl", "--fail", "--silent", "--output", "/dev/null", "http://127.0.0.1:8080/proxy-healthz"]
CMD ["start-proxy"]
