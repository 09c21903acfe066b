"""Stock Locust: users who wait for each answer, as fast as they can or at a rate that each of them keeps to."""

from __future__ import annotations

import os

from locust import constant, constant_throughput, task
from locust.contrib.fasthttp import FastHttpUser

RATE_OF_EACH = "BENCHMARK_RATE_OF_EACH"  # environment variable: requests a second of each user; left out: all it can
rate = float(os.environ.get(RATE_OF_EACH, "0"))


class Caller(FastHttpUser):  # type: ignore[misc]
    """Asks, waits for the answer, asks again."""

    wait_time = constant_throughput(rate) if rate else constant(0)

    @task  # type: ignore[untyped-decorator]
    def call(self) -> None:
        """One request."""
        self.client.get("/")
