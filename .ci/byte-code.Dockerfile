FROM localstack/localstack:4.14.0
RUN python -m compileall -q -j 0 .venv/lib
