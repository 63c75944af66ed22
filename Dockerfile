# The console as a container: hash-locked packages, bytecode, no root, nothing written but /data.
# The base is pinned by version; name its digest too where your registry tells it:
#   --build-arg PYTHON=3.13.11-slim-bookworm@sha256:...
ARG PYTHON=3.13.11-slim-bookworm

FROM python:${PYTHON} AS built
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /console
RUN python -m venv /venv
COPY deploy/requirements.txt deploy/
RUN /venv/bin/python -m pip install --quiet --require-hashes --only-binary :all: -r deploy/requirements.txt
COPY .streamlit .streamlit
COPY actions actions
COPY domain domain
COPY jobs jobs
COPY pages pages
COPY reads reads
COPY reference reference
COPY services services
COPY simulator simulator
COPY store store
COPY ui ui
COPY app.py settings.py wiring.py ./
# Nobody may write there later, so that it is compiled here, once, and never looked at again.
RUN /venv/bin/python -m compileall -q --invalidation-mode unchecked-hash /console

FROM python:${PYTHON}
RUN groupadd --gid 10001 console && useradd --uid 10001 --gid console --home-dir /data --no-create-home console && install -d -o console -g console /data
COPY --from=built /venv /venv
COPY --from=built /console /console
# Behind the platform's proxy, the only one who reaches this container, X-Forwarded-Proto is true.
ENV PATH=/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    HOME=/data \
    FORWARDED_ALLOW_IPS=* \
    CONSOLE_DATABASE_URL=sqlite:////data/console.db \
    CONSOLE_SIMULATOR__STATE=/data/simulator.db
WORKDIR /console
USER 10001:10001
VOLUME /data
EXPOSE 8501
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s CMD ["python", "-c", "import urllib.request as web; web.urlopen('http://127.0.0.1:8501/healthz', timeout=4)"]
STOPSIGNAL SIGTERM
CMD ["streamlit", "run", "app.py"]
