FROM python:3.11-slim AS build
WORKDIR /srv/platforma
COPY requirements/runtime.lock requirements/build.lock requirements/
RUN python -m venv .venv && .venv/bin/pip install --no-cache-dir --no-deps --only-binary :all: --require-hashes -r requirements/runtime.lock
COPY . .
RUN .venv/bin/pip install --no-cache-dir --no-deps --only-binary :all: --require-hashes -r requirements/build.lock \
 && .venv/bin/pip install --no-cache-dir --no-deps --no-build-isolation -e . \
 && .venv/bin/platforma setup \
 && .venv/bin/pybabel -q compile -d translations

FROM python:3.11-slim
RUN useradd --system --create-home platforma && mkdir /var/lib/platforma && chown platforma /var/lib/platforma
COPY --from=build /srv/platforma /srv/platforma
USER platforma
WORKDIR /srv/platforma
ENV PATH=/srv/platforma/.venv/bin:$PATH PLATFORMA_DATA_DIR=/var/lib/platforma
EXPOSE 8000
HEALTHCHECK CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=3)"]
CMD ["platforma", "serve", "--no-worker", "--host", "0.0.0.0"]
