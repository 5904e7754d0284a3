# syntax=docker/dockerfile:1
# Stage 1: the front end. Nothing of Node reaches the image that runs.
FROM node:22-slim AS front
WORKDIR /build
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts
COPY static ./static
COPY templates ./templates
RUN npm run build

# Stage 2: Python packages, with hashes.
FROM python:3.12-slim AS packages
COPY requirements/base.txt /tmp/
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir --require-hashes -r /tmp/base.txt

# Stage 3: translations are compiled, static files collected and named by content.
FROM packages AS house
WORKDIR /parvis
RUN pip install --no-cache-dir polib==1.2.0
COPY . .
COPY --from=front /build/static/dist ./static/dist
RUN python -m launcher messages --compile && PARVIS_MODE=production PARVIS_SECRET_KEY=build \
    PARVIS_VAULT_KEYS=build:MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY= DATABASE_URL=postgres:///none \
    /venv/bin/python manage.py collectstatic --noinput -v0

FROM python:3.12-slim
RUN useradd --system --uid 10001 --home-dir /parvis parvis && install -d -o parvis /parvis/media /parvis/uploads /parvis/checkpoints /parvis/witness
COPY --from=packages /venv /venv
COPY --from=house /parvis /parvis
WORKDIR /parvis
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PARVIS_MODE=production PARVIS_MEDIA=/parvis/media
USER parvis
EXPOSE 8000
# The access log tells paths and no queries: networks send people back with codes, and ask for us with a secret, there.
CMD ["gunicorn", "governance.wsgi", "--bind", "0.0.0.0:8000", "--workers", "2", "--threads", "4", "--no-control-socket", "--access-logfile", "-", "--access-logformat", "%(h)s %(t)s \"%(m)s %(U)s %(H)s\" %(s)s %(b)s"]
