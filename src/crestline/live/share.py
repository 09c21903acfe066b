"""Who plays which customers of a run, and how much of what the run may do falls to whom."""

from __future__ import annotations

from dataclasses import dataclass

SILENT = 3.0  # real seconds without a word after which a worker is lost; it reports ten times a second
LOOKS = 20.0  # requests per real second for the probe and faults
CONDUCTS = 0.25  # share of the request rate that is kept for agents, probe and faults when others play the customers


@dataclass(frozen=True)
class Share:
    """The customers whose number leaves ``number`` when divided by ``of``, and the limits of the process for them.

    ``rate`` is in requests per real second, ``in_flight`` in contacts at once.
    """

    number: int
    of: int
    rate: float
    in_flight: int
    port: int = 0  # on this machine, where customers go by a wire that is spoiled; 0: straight to the target

    def has(self, customer: int) -> bool:
        """Whether a customer is of this share: the same for every process that knows the workload."""
        return customer % self.of == self.number

    def __str__(self) -> str:
        return f"worker {self.number + 1} of {self.of}"


def shares(of: int, max_rate: float, in_flight: int, *, agents: bool, port: int = 0) -> list[Share]:
    """Everything divided among ``of`` workers.

    The rates of all workers and ``conducting_rate`` together are ``max_rate``, the contacts at once together
    ``in_flight``: neither is ever exceeded, whatever one worker knows of the others. A worker whose part is used up
    holds back or drops although another might still have room.
    """
    rate = (max_rate - conducting_rate(max_rate, agents=agents)) / of
    return [Share(number, of, rate, in_flight // of + (number < in_flight % of), port) for number in range(of)]


def conducting_rate(max_rate: float, *, agents: bool) -> float:
    """What of the request rate is left to the process that conducts workers, which has the agents, if there are any."""
    kept = max_rate * CONDUCTS
    return kept if agents else min(kept, LOOKS)
