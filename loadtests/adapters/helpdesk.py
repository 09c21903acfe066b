"""django-helpdesk 2.6: customers by its public form and page, agents by session, ticket list and REST.

Agents are accounts agent-0 and so on with the password in HELPDESK_PASSWORD; queues bear the names of contact types.
"""

import json
import os
import re
from base64 import b64encode
from collections.abc import Iterator
from typing import Any

from crestline.live import adapters as desk
from crestline.live.adapters import basics, forms, polling

FORM, LOGIN, EVERY = "/tickets/submit/", "/login/", 1.0  # EVERY: real seconds between two looks
WAITING = {"filtering": {"status__in": [1]}, "filtering_null": {"assigned_to__id__isnull": True}}
SIGNS = {"text-info'>by ": desk.Event(2, desk.AGENT_REPLY), "[Resolved]": desk.Event(3, desk.RESOLVED, by="agent")}


class HelpdeskAdapter(forms.Browser, basics.Basics):
    capabilities = desk.Capabilities(by_run=True, export=True)
    front = LOGIN
    taking: tuple[desk.Claim, ...] = ()

    def open(self, contact: desk.Opening) -> desk.Opened:
        self.look(FORM)
        sender, queue = f"{contact.name}@example.com", self.options[contact.contact]
        ticket = {"queue": queue, "title": contact.key, "body": contact.text, "submitter_email": sender}
        self.view = self.submit(FORM, ticket)
        return desk.Opened(re.findall(r"-(\d+)&", self.view)[0], (desk.Event(1, desk.QUEUED, contact.contact),))

    def poll(self, conversation: str, after: int, wait: float) -> tuple[desk.Event, ...]:
        def told() -> tuple[desk.Event, ...]:
            page = self.ask("GET", self.view, "/view/").body
            return tuple(event for sign, event in SIGNS.items() if event.n > after and sign in page)

        return polling.wait_for(told, wait, EVERY)

    def login(self, seat: desk.Seat) -> str:
        self.seat, account = seat, "agent-" + (re.sub(r"\D", "", seat.name) or "0")
        self.look(LOGIN)
        self.submit(LOGIN, {"username": account, "password": os.environ.get("HELPDESK_PASSWORD", "")})
        self.look(FORM)
        self.csrf = {"X-CSRFToken": self.filled["csrfmiddlewaretoken"]}
        return account

    def claim(self, agent: str, turn: int, wait: float, done: str | None = None) -> desk.Claim | None:
        if done:
            self.resolve(agent, done)
        self.taking = self.taking or polling.wait_for(self.waiting, min(wait, 5 * EVERY), EVERY)[:1]
        for claim in self.taking:  # after an error the same again: it may have been taken
            self.ask("GET", f"/tickets/{claim.id}/?take", "/tickets/:id/?take", fine=(302,))
        taken, self.taking = self.taking, ()
        return taken[0] if taken else None

    def waiting(self) -> tuple[desk.Claim, ...]:
        told = [(ticket, ticket["queue"]["title"]) for ticket in self.tickets(self.seat.run, WAITING)]
        return tuple(desk.Claim(str(t["id"]), t["row"], q, q) for t, q in told if q in self.seat.skills)

    def tickets(self, run: str, which: dict[str, Any]) -> list[dict[str, Any]]:
        asked = b64encode(json.dumps({"search_string": f"{run}/", "sorting": "created", **which}).encode()).decode()
        found = self.ask("GET", f"/datatables_ticket_list/{asked}?length=10000", "/datatables_ticket_list/:query")
        names = [(ticket, *ticket["title"].rpartition("/")) for ticket in found.body["data"]]
        return [ticket | {"row": int(row)} for ticket, mark, _, row in names if mark == run]

    def reply(self, agent: str, conversation: str, text: str, **more: int) -> None:
        told = {"ticket": conversation, "comment": text, "public": True, **more}
        self.ask("POST", "/api/followups/", json=told, headers=self.csrf)

    def resolve(self, agent: str, conversation: str) -> None:
        self.reply(agent, conversation, "Resolved.", new_status=3)

    def export(self, run: str) -> Iterator[dict[str, Any]]:
        self.login(desk.Seat("export", run, "", ()))
        for ticket in self.tickets(run, {}):
            told = self.ask("GET", f"/api/tickets/{ticket['id']}/", "/api/tickets/:id/").body
            agents = {said["user"] for said in told["followup_set"] if said["public"] and said["user"]}
            state = "resolved" if told["status"] == 3 else "claimed" if told["assigned_to"] else "queued"
            yield {"row": ticket["row"], "state": state, "resolutions": len(agents)}
