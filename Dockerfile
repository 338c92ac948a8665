# docker build -t trainscope . && docker run --init -p 8501:8501 -v trainscope:/data trainscope
FROM python:3.12-slim AS wheels
# CPU wheels by default; for a GPU pass --build-arg TORCH_INDEX=https://download.pytorch.org/whl/cu128
ARG TORCH_INDEX=https://download.pytorch.org/whl/cpu
COPY requirements.txt .
RUN pip wheel --wheel-dir /wheels --extra-index-url "$TORCH_INDEX" -r requirements.txt

FROM python:3.12-slim
COPY --from=wheels /wheels /wheels
COPY requirements.txt /tmp/
RUN pip install --no-cache-dir --no-index --find-links /wheels -r /tmp/requirements.txt && rm -r /wheels \
    && useradd --uid 1000 --create-home trainscope && mkdir /data && chown trainscope /data
WORKDIR /app
COPY app.py ./
COPY pages pages
COPY core core
COPY cache/shipped cache/shipped
COPY .streamlit .streamlit
USER trainscope
# What is trained here lies on a volume; mount a folder with MNIST and CIFAR-10 files and name it in TRAINSCOPE_DATA.
ENV TRAINSCOPE_CACHE=/data NUMBA_CACHE_DIR=/data/compiled STREAMLIT_SERVER_HEADLESS=true STREAMLIT_SERVER_ADDRESS=0.0.0.0
VOLUME /data
EXPOSE 8501
HEALTHCHECK CMD python -c "import urllib.request as u; u.urlopen('http://localhost:8501/_stcore/health')"
CMD ["streamlit", "run", "app.py"]
