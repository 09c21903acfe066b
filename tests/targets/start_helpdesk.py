"""A real help desk to rehearse against: django-helpdesk, with a queue for every skill and an account for every agent.

``python tests/targets/start_helpdesk.py [--postgres] [--port 0]`` makes a site in a temporary folder, says ``desk ready
at URL`` and serves until SIGTERM, Ctrl-C or the end of its parent; then everything it made is gone. Agents are called
``agent-0`` and so on; their password is the one in the environment, HELPDESK_PASSWORD.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import tempfile
import threading
from collections.abc import Iterable
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

from crestline.scenario import load

SCENARIO = Path(__file__).parents[2] / "loadtests" / "helpdesk.yaml"
PASSWORD = "HELPDESK_PASSWORD"
ACCOUNTS = 120


def main() -> None:
    """Make the site, serve it, and clear up."""
    options = _options()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with ExitStack() as clearing:
        folder = Path(clearing.enter_context(tempfile.TemporaryDirectory(prefix="helpdesk-")))
        database: dict[str, Any] = sqlite(folder)
        if options.postgres:
            from postgres import server  # type: ignore[import-not-found]

            database = {"ENGINE": "django.db.backends.postgresql", **clearing.enter_context(server())}
        make_site(folder, database, load(str(options.scenario)).contacts)
        with suppress(KeyboardInterrupt):
            serve(options.port, options.parent_pipe)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--postgres", action="store_true", help="a PostgreSQL of its own instead of SQLite")
    parser.add_argument("--port", type=int, default=0, help="0: a free one")
    parser.add_argument("--scenario", type=Path, default=SCENARIO, help="whose contact types become queues")
    parser.add_argument("--parent-pipe", type=int, help="end when this pipe does")
    options = parser.parse_args()
    if not os.environ.get(PASSWORD):
        parser.error(f"{PASSWORD} is not set: no agent could log in")
    return options


def sqlite(folder: Path) -> dict[str, Any]:
    """SQLite as a site with several threads has to set it."""
    pragmas = "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL"
    options = {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": pragmas}
    return {"ENGINE": "django.db.backends.sqlite3", "NAME": str(folder / "helpdesk.sqlite"), "OPTIONS": options}


def make_site(folder: Path, database: dict[str, Any], queues: Iterable[str]) -> None:
    """Create the tables, the queues and the accounts."""
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "helpdesk_site.settings",
        "HELPDESK_FOLDER": str(folder),
        "HELPDESK_DATABASE": json.dumps(database),
    }
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    call_command("loaddata", "emailtemplate", verbosity=0)
    from django.contrib.auth.hashers import make_password
    from django.contrib.auth.models import User
    from helpdesk.models import Queue

    for name in queues:
        Queue.objects.create(title=name, slug=name, allow_public_submission=True, email_address=f"{name}@example.com")
    word = make_password(os.environ[PASSWORD])
    for number in range(ACCOUNTS):
        name = f"agent-{number}"
        User.objects.create(username=name, email=f"{name}@example.com", is_staff=True, password=word)


def serve(port: int, pipe: int | None) -> None:
    """Answer requests, a thread for each connection, until the parent's pipe ends."""
    from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
    from django.core.wsgi import get_wsgi_application

    WSGIRequestHandler.disable_nagle_algorithm = True  # headers and body are two writes: else each costs 40 ms
    WSGIRequestHandler.log_message = lambda *_: None
    ThreadedWSGIServer.request_queue_size = 512
    server = ThreadedWSGIServer(("127.0.0.1", port), WSGIRequestHandler)
    server.set_app(get_wsgi_application())
    if pipe is not None:
        threading.Thread(target=_end_with_parent, args=(pipe,), daemon=True).start()
    print(f"desk ready at http://127.0.0.1:{server.server_port}", flush=True)
    with server:
        server.serve_forever()


def _end_with_parent(pipe: int) -> None:
    """Stop as SIGTERM would, once the other end of the pipe is closed."""
    os.read(pipe, 1)
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    main()
