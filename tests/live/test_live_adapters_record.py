"""Requests that an adapter sends by a client of its own: they are in Locust's statistics like all others."""

from __future__ import annotations

import json
import subprocess
import sys

OWN = """
import json, time
from locust.env import Environment
from crestline.live.connections import Connections
from crestline.live.guards import Meter
from crestline.live.session import Session
from crestline.live.transport import Transport

environment, seen = Environment(), []
environment.events.request.add_listener(
    lambda request_type, name, response_time, exception, context, **_: seen.append(
        [request_type, name, round(response_time / 1000), round(context["service_ms"] / 1000), repr(exception)]
    )
)
meter = Meter(1e6)
session = Session(environment, "http://127.0.0.1:9", Connections(9, 5.0, meter, Transport("")), time.monotonic() - 7)
session.record("open", 2.0)
session.record("open", 3.0, TimeoutError("too late"))
print(json.dumps([seen, meter.count]))
"""


# The first one counts from the planned instant, seven seconds ago; one that has failed carries its error.
def test_a_request_of_another_client() -> None:
    done = subprocess.run([sys.executable, "-c", OWN], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    seen, metered = json.loads(done.stdout)
    assert seen == [
        ["OWN", "open", 7, 2, "None"],
        ["OWN", "open", 3, 3, "TimeoutError('too late')"],
    ]
    assert metered == 2, "they count towards the allowed rate"
