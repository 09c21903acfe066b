"""The operator's side: rehearsals, faults and the release switch."""

from __future__ import annotations

import hmac
import ipaddress

from starlette.requests import Request
from starlette.responses import Response

from crestline.desk.answers import Endpoint, answer
from crestline.desk.bodies import FaultBody, RehearsalBody, ReleaseBody
from crestline.desk.effects import Fault
from crestline.desk.service import Desk, Unknown


class Operations:
    """Endpoints under ``/rehearsals``, ``/faults`` and ``/release``. ``token`` is None where faults are not allowed."""

    def __init__(self, desk: Desk, token: str | None) -> None:
        self._desk = desk
        self._token = token

    async def rehearse(self, request: Request) -> Response:
        """A run announces itself."""
        body = RehearsalBody.model_validate_json(await request.body())
        self._desk.rehearse(body.run, body.zero, body.time_scale, body.digest)
        return answer({"run": body.run})

    async def strike(self, request: Request) -> Response:
        """Ask for a fault."""
        body = FaultBody.model_validate_json(await request.body())
        fault = self._desk.faults.plan(body.kind, body.for_s, body.ttl_s, body.in_s, body.options())
        return answer(self._desk.faults.view(fault), 201)

    async def fault(self, request: Request) -> Response:
        """How far a fault has come."""
        return answer(self._desk.faults.view(self._fault(request)))

    async def lift(self, request: Request) -> Response:
        """End a fault before its time."""
        fault = self._fault(request)
        self._desk.faults.lift(fault)
        return answer(self._desk.faults.view(fault))

    async def turn(self, request: Request) -> Response:
        """Let the candidate serve a share of the customers."""
        body = ReleaseBody.model_validate_json(await request.body())
        self._desk.releases.turn(body.share, body.version, body.ttl_s)
        return answer(self._desk.releases.view())

    async def released(self, _: Request) -> Response:
        """How far the candidate is rolled out."""
        return answer(self._desk.releases.view())

    def allowed(self, endpoint: Endpoint) -> Endpoint:
        """The endpoint, for those who may break things."""

        async def allowed_endpoint(request: Request) -> Response:
            return self._refusal(request) or await endpoint(request)

        return allowed_endpoint

    def _fault(self, request: Request) -> Fault:
        number = request.path_params["id"]
        if number not in self._desk.faults.all:
            raise Unknown(f"no fault {number}")
        return self._desk.faults.all[number]

    def _refusal(self, request: Request) -> Response | None:
        if self._token is None:
            return answer({"error": "this desk was started without --allow-faults"}, 403)
        if request.client is None or not ipaddress.ip_address(request.client.host).is_loopback:
            return answer({"error": "faults are accepted from this machine only"}, 403)
        given = request.headers.get("authorization", "")
        if not hmac.compare_digest(given.encode(), f"Bearer {self._token}".encode()):
            return answer({"error": "faults need Authorization: Bearer $CRESTLINE_DESK_TOKEN"}, 401)
        return None
