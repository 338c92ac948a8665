# docker build -t trainscope . && docker run --init -p 8501:8501 -v trainscope:/data trainscope
# For strangers: -e TRAINSCOPE_MODE=public, behind a proxy (.github/deploy/).
FROM python:3.11-slim AS wheels
# CPU wheels, everything pinned and hashed. For a GPU: --build-arg REQUIREMENTS=requirements.txt
ARG REQUIREMENTS=.streamlit/lock-cpu-py311.txt
COPY requirements.txt ./
COPY .streamlit .streamlit
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir -r "$REQUIREMENTS"

FROM python:3.11-slim
COPY --from=wheels /venv /venv
RUN useradd --uid 1000 --create-home trainscope && mkdir /data && chown trainscope /data
WORKDIR /app
COPY app.py ./
COPY pages pages
COPY core core
COPY cache/shipped cache/shipped
COPY .streamlit .streamlit
ENV PATH=/venv/bin:$PATH PYTHONDONTWRITEBYTECODE=1 MALLOC_ARENA_MAX=2 OMP_NUM_THREADS=1
# Compiled once here: on the first visitor's time it takes a minute. The volume gets a copy, for other processors.
RUN NUMBA_CACHE_DIR=/app/compiled python -c "from core.engine import cpu, events; cpu.prepare(); events.prepare()" \
    && chmod -R a+rX /app
USER 1000
# What is trained here lies on a volume; mount a folder with MNIST and CIFAR-10 files and name it in TRAINSCOPE_DATA.
ENV TRAINSCOPE_CACHE=/data NUMBA_CACHE_DIR=/data/compiled PORT=8501 STREAMLIT_SERVER_HEADLESS=true
VOLUME /data
EXPOSE 8501
HEALTHCHECK --start-period=60s CMD python -c "import os, urllib.request as u; u.urlopen('http://localhost:' + os.environ['PORT'] + '/_stcore/health', timeout=5)"
CMD ["sh", "-c", "cp -rn compiled/. \"$NUMBA_CACHE_DIR\"; exec python -m streamlit run pages/host.py --server.address 0.0.0.0 --server.port \"$PORT\""]
