"""A gray release as it goes on at a real target: what is decided is told to the target's release switch."""

from __future__ import annotations

from collections.abc import Callable

from crestline.release.judged import Judged
from crestline.release.rollout import ended, step_of
from crestline.release.steps import INCONCLUSIVE, PROMOTE, ROLL_BACK, Step
from crestline.scenario import Scenario

Turn = Callable[[float], None]


class Steering:
    """The roll-out so far. ``look`` is called again and again with what is known by an instant.

    A step begins with the first look after the switch was turned, so that nobody counts who was served before.
    """

    def __init__(self, scenario: Scenario, begins_s: float, turn: Turn) -> None:
        self.steps: list[Step] = []
        self.is_over = False
        self.turned: list[tuple[float, float]] = []  # from which instant on the candidate serves which share
        self._scenario, self._turn = scenario, turn
        self._begins_s = self._last_s = begins_s
        self._from_s: float | None = None
        self._before: Judged | None = None

    @property
    def decision(self) -> str:
        """How it ended; as long as steps are missing that is not known."""
        decision = ended(self.steps)
        is_whole = len(self.steps) == len(self._scenario.canary.steps)
        return decision if decision != PROMOTE or is_whole else INCONCLUSIVE

    @property
    def share(self) -> float:
        """The share that the candidate serves now."""
        return self.turned[-1][1] if self.turned else 0.0

    def look(self, now_s: float, judged: Callable[[], Judged]) -> None:
        """Decide what can be decided by now, and turn the switch where it has to be."""
        self._last_s = now_s
        if self.is_over or now_s < self._begins_s:
            return
        if not self.turned:
            self._turn_to(self._scenario.canary.steps[0], now_s)
        elif self._from_s is None:
            self._from_s = now_s
        else:
            self._decide(now_s, self._from_s, judged())

    def close(self, now_s: float, judged: Callable[[], Judged]) -> None:
        """The run is over: a step that is under way is inconclusive, and what is not promoted is taken back."""
        self._last_s = now_s
        if not self.is_over and self._from_s is not None:
            step, _ = self._step(now_s, self._from_s, judged())
            self.steps.append(step)
        if self.decision != PROMOTE and self.share > 0:
            self._turn_to(0.0, now_s)
        self.is_over = True

    def take_back(self) -> None:
        """Let nobody be served by the candidate any more, from the last instant on that was looked at."""
        self._turn_to(0.0, self._last_s)

    def _decide(self, now_s: float, from_s: float, judged: Judged) -> None:
        step, before = self._step(now_s, from_s, judged)
        if step.decided_s is None:
            return
        self.steps.append(step)
        self._before, self._from_s = before, None
        if step.decision == ROLL_BACK or len(self.steps) == len(self._scenario.canary.steps):
            self.is_over = True
        else:
            self._turn_to(self._scenario.canary.steps[len(self.steps)], now_s)

    def _step(self, now_s: float, from_s: float, judged: Judged) -> tuple[Step, Judged]:
        canary, every_s = self._scenario.canary, self._scenario.recovery.bucket
        return step_of(canary, len(self.steps), from_s, now_s, every_s, judged, self._before)

    def _turn_to(self, share: float, now_s: float) -> None:
        self._turn(share)
        self.turned.append((now_s, share))
