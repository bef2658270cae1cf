# The service alone: `docker build -t onrecord .`, then see compose.yaml, and compose.shared.yaml for PostgreSQL and Chroma's server.
FROM python:3.12-slim AS build
WORKDIR /src
RUN python -m venv /venv
COPY locks locks
RUN /venv/bin/pip install --no-cache-dir --require-hashes -r locks/base.txt -r locks/postgres.txt
# `docker build --build-arg RAY=1` for a cluster's nodes and who gives them work: 200 MB more (compose.ray.yaml).
ARG RAY=
RUN if [ -n "$RAY" ]; then /venv/bin/pip install --no-cache-dir --require-hashes -r locks/ray.txt ; fi
COPY . .
RUN /venv/bin/pip install --no-cache-dir --no-deps --no-build-isolation .

FROM python:3.12-slim
RUN useradd --system --uid 10001 --home-dir /library onrecord && install -d -o onrecord -g onrecord /library
COPY --from=build /venv /venv
# Reachable from outside the container, and so it starts only once there is a key.
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    ONRECORD_LIBRARY=/library ONRECORD_SERVER__HOST=0.0.0.0 ONRECORD_LOG_FORMAT=json ONRECORD_LOG_LEVEL=info
USER onrecord
VOLUME /library
EXPOSE 8000
# Alive, and able to answer; it needs no key.
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/readyz', timeout=4)"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["onrecord"]
CMD ["serve"]
