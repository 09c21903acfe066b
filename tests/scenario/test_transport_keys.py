"""Headers, proxy and TLS of a scenario: secrets are named, never held; what is wrong is told without repeating it."""

from __future__ import annotations

import pytest

from crestline.errors import ScenarioError
from crestline.scenario import dump, load
from crestline.scenario.transport import ADVICE


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("headers={Authorization: 'Bearer hunter2'}", f"load_test.headers.Authorization: a secret must not {ADVICE}"),
        ("headers={authorization: hunter2}", f"load_test.headers.authorization: a secret must not {ADVICE}"),
        ("headers={Cookie: 'id=hunter2'}", f"load_test.headers.Cookie: a secret must not {ADVICE}"),
        ("headers={X-Api-Key: hunter2}", f"load_test.headers.X-Api-Key: a secret must not {ADVICE}"),
        ("headers={X-Amz-Key: hunter2}", f"load_test.headers.X-Amz-Key: a secret must not {ADVICE}"),
        (
            "headers={Transfer-Encoding: chunked}",
            "load_test.headers.Transfer-Encoding: got 'Transfer-Encoding', which every request says",
        ),
        ("headers={X-From: 'basic hunter2'}", f"load_test.headers.X-From: a secret must not {ADVICE}"),
        ("headers={X-From: 'Bearer hunter2${A}'}", f"load_test.headers.X-From: a secret must not {ADVICE}"),
        ('headers={X-From: "hunter2\\n"}', "load_test.headers.X-From: expected text of printable ASCII characters"),
        ("headers={X From: hunter2}", "expected the name of an HTTP header"),
        ("proxy=http://ann:hunter2@proxy.example:3128", f"load_test.proxy: a password must not {ADVICE}"),
        ("proxy=hunter2", "load_test.proxy: expected the address of a proxy, such as http://proxy.example:3128"),
        ("proxy=http://hunter2", "load_test.proxy: expected the address of a proxy"),
        ("tls={key: me.key}", "load_test.tls: a key without a certificate; expected cert beside it"),
        ("deadline=0s", "load_test.deadline: got 0, expected more than 0"),
        ("error_budget={of: 0}", "load_test.error_budget.of: got 0, expected a whole number of 1 or more"),
    ],
)
def test_what_a_way_to_a_target_cannot_be_is_told_and_not_repeated(change: str, said: str) -> None:
    with pytest.raises(ScenarioError) as refused:
        load("quick", [f"load_test.{change}"])
    beginning, _, advice = said.partition(f" {ADVICE}")
    assert beginning in str(refused.value)
    assert said == beginning or ADVICE in str(refused.value), advice
    assert "hunter2" not in str(refused.value)


def test_names_of_secrets_go_into_files_as_they_are() -> None:
    """Beside text around them, and beside headers that hold none."""
    headers = "{Authorization: 'Bearer ${STAGING_TOKEN}', Cookie: 'id=${ID}; theme=dark', X-Environment: test}"
    proxy = "http://ann:${PROXY_PASSWORD}@proxy.example:3128"
    changes = [f"load_test.headers={headers}", f"load_test.proxy={proxy}", "load_test.tls={ca: ca.pem}"]
    test = load("quick", changes).load_test
    assert test.headers["Cookie"] == "id=${ID}; theme=dark"
    written = dump(load("quick", changes))
    for words in ("Bearer ${STAGING_TOKEN}", "id=${ID}; theme=dark", proxy, "ca: ca.pem"):
        assert words in written
