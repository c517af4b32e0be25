# One image for the web server, the worker and the commands. docs/operate.md says how to run it.

FROM python:3.13-slim-bookworm AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PYTHONDONTWRITEBYTECODE=1
WORKDIR /app
RUN python -m venv /opt/venv
ENV PATH=/opt/venv/bin:$PATH
COPY requirements.txt .
RUN pip install --require-hashes --only-binary :all: -r requirements.txt
COPY . .
# Collecting needs settings, not a database: what it is given here stays in this stage.
RUN SECRET_KEY="$(python -c 'import secrets; print(secrets.token_urlsafe(50))')" \
    DATABASE_URL=postgres://nobody@localhost/none \
    python manage.py collectstatic --noinput \
    && python -m compileall -q /app /opt/venv/lib

FROM python:3.13-slim-bookworm
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PORT=8000
WORKDIR /app
COPY --from=build /opt/venv /opt/venv
COPY --from=build /app /app
# What people send us is the only thing ever written, in a volume.
RUN mkdir -p var/media && chown 10001:10001 var/media
VOLUME /app/var/media
USER 10001:10001
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s CMD ["python", "-m", "config.probe"]
# The shell is replaced by the server, which so receives the signals itself.
CMD ["sh", "-c", "exec gunicorn --config config/gunicorn.py --bind 0.0.0.0:${PORT} --preload --workers ${WEB_CONCURRENCY:-2} --worker-tmp-dir /dev/shm config.wsgi"]
