"""Everything that a log tells about one service on one type of day, fitted in one go."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from crestline.fit.calls import Calls
from crestline.fit.day_type import DayType
from crestline.fit.estimate import Estimate, share
from crestline.fit.handle_time import HandleTime, contact_types, fit_handle_times
from crestline.fit.history import History, counted, measure_history
from crestline.fit.outages import Outage, cut_out
from crestline.fit.patience import KaplanMeier, Patience, Waits, fit_patience, kaplan_meier
from crestline.fit.profile import Profile, fit_profile
from crestline.fit.recontact import WITHIN_S, Recontact, fit_recontact
from crestline.tables import Bools

OTHER = "other"
ENOUGH_LEAVERS = 100  # for a contact type's own patience


@dataclass(frozen=True, eq=False)
class ServiceFit:
    """The fitted service. Arrivals, mix and VIPs rest on the fitted dates; the rest on every date of the log."""

    day_type: DayType
    outages: tuple[Outage, ...]
    contacts: tuple[str, ...]  # in the scenario's order: frequent first
    pooled: list[tuple[str, int]]  # what stands in `other`
    shares: dict[str, Estimate]
    handle_times: tuple[HandleTime, ...]  # by contact
    log_handle_times: tuple[HandleTime, ...]  # by contact type of the log, the pooled ones too
    patience: dict[str, Patience]  # own ones; the others share patience_of_rest
    patience_of_rest: Patience | None
    kaplan_meier: KaplanMeier
    waited: int
    profile: Profile
    recontact: Recontact | None
    vip: Estimate
    history: History

    def patience_of(self, contact: str) -> Patience:
        """The patience that the scenario gives to a contact type."""
        own = self.patience.get(contact, self.patience_of_rest)
        if own is None:
            msg = f"no patience was fitted for {contact}"
            raise KeyError(msg)
        return own


def fit_service(calls: Calls, day_type: DayType, outages: tuple[Outage, ...]) -> ServiceFit:
    """Fit all parameters except the availability of agents, outages cut out of every one of them."""
    cut = cut_out(calls, outages)
    alone, pooled = contact_types(calls, cut)
    log_handle_times = fit_handle_times(calls, cut) if pooled else ()
    calls = pool(calls, alone)
    recontact = fit_recontact(calls, cut_out(calls, outages, lead_s=WITHIN_S))
    ours = counted(calls, day_type, cut)
    fitted = calls.contact[ours]
    patience, rest = _patience(calls, calls.queued & ~cut)
    everyone = Waits.of(calls.wait_s[calls.queued & ~cut], calls.abandoned[calls.queued & ~cut])
    return ServiceFit(
        day_type=day_type,
        outages=outages,
        contacts=calls.contacts,
        pooled=pooled,
        shares={name: share(int((fitted == i).sum()), len(fitted)) for i, name in enumerate(calls.contacts)},
        handle_times=fit_handle_times(calls, cut),
        log_handle_times=log_handle_times,
        patience=patience,
        patience_of_rest=rest,
        kaplan_meier=kaplan_meier(everyone),
        waited=everyone.n,
        profile=fit_profile(calls.take(calls.queued), day_type, outages, recontact),
        recontact=recontact,
        vip=share(int(calls.vip[ours].sum()), len(fitted)),
        history=measure_history(calls, day_type, cut),
    )


def pool(calls: Calls, alone: tuple[str, ...]) -> Calls:
    """The same calls with only the types that stand alone and, for the others, ``other``."""
    names = alone if set(alone) == set(calls.contacts) else (*(name for name in alone if name != OTHER), OTHER)
    place = np.array([names.index(c) if c in names else len(names) - 1 for c in calls.contacts], dtype=np.int64)
    return replace(calls, contact=place[calls.contact], contacts=names)


def _patience(calls: Calls, seen: Bools) -> tuple[dict[str, Patience], Patience | None]:
    """Patience by contact type where enough left; the others are fitted together, with all when too few left."""
    waits = {name: seen & (calls.contact == index) & (calls.wait_s > 0) for index, name in enumerate(calls.contacts)}
    own = {name: rows for name, rows in waits.items() if calls.abandoned[rows].sum() >= ENOUGH_LEAVERS}
    fitted = {name: fit_patience(Waits.of(calls.wait_s[r], calls.abandoned[r])) for name, r in own.items()}
    if len(own) == len(waits):
        return fitted, None
    rest = np.logical_or.reduce([rows for name, rows in waits.items() if name not in own])
    if calls.abandoned[rest].sum() < ENOUGH_LEAVERS:
        rest = seen
    return fitted, fit_patience(Waits.of(calls.wait_s[rest], calls.abandoned[rest]))
