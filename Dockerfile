# Its digest pins it: --build-arg PYTHON=python:3.13-slim@sha256:...
ARG PYTHON=python:3.13-slim

# The wheel is the same for every architecture, so it is built on whichever builds.
FROM --platform=$BUILDPLATFORM ${PYTHON} AS build
WORKDIR /source
COPY locks/build.txt locks/
RUN pip install --no-cache-dir --require-hashes -r locks/build.txt
COPY pyproject.toml README.md LICENSE ./
COPY emulator emulator
COPY fixtures fixtures
COPY scenarios scenarios
RUN pip wheel --no-cache-dir --no-deps --no-build-isolation --wheel-dir /wheel .

FROM ${PYTHON}
# What we need changes seldom, and is a layer before what changes always.
COPY locks/run.txt locks/
RUN pip install --no-cache-dir --require-hashes -r locks/run.txt
COPY --from=build /wheel /wheel
RUN pip install --no-cache-dir --no-deps /wheel/*.whl
RUN useradd --create-home --uid 1000 twilio && \
    install -d -o twilio -g twilio /authority /state
USER twilio
WORKDIR /home/twilio
# Keep this volume, and clients go on trusting a new container's certificates.
ENV TWILIO_EMULATOR_HOST=0.0.0.0 TWILIO_EMULATOR_PORT=8008 \
    TWILIO_EMULATOR_AUTHORITY=/authority PYTHONUNBUFFERED=1
VOLUME /authority
EXPOSE 8008
HEALTHCHECK --interval=5s --timeout=2s --start-period=5s CMD ["python", "-c", "\
import os, urllib.request as r; \
r.build_opener(r.ProxyHandler({})).open( \
'http://127.0.0.1:' + os.environ['TWILIO_EMULATOR_PORT'] + '/_emulator/v1/health', timeout=2)"]
ENTRYPOINT ["twilio-emulator"]
CMD ["serve"]
