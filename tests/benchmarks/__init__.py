"""Speed and memory, measured: `python -m tests.benchmarks [NAME…]`. A module `bench_NAME` has `rows()`."""
