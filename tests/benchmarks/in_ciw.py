"""The common model in Ciw: one node, two classes of customers with priorities, and times to renege.

Ciw looks through everyone in the node at each event, so it slows down with the number of agents: with 20 of them it is
nearly twice as fast as with 100.
"""

from __future__ import annotations

import ciw

from .model import MODEL, CommonModel, CpuClock, Seen, Wait, seen


def play(contacts: int, seed: int, model: CommonModel = MODEL) -> Seen:
    """Play for as long as so many contacts need to come."""
    ciw.seed(seed)
    shares = {"vip": model.vip_share, "other": 1 - model.vip_share}
    network = ciw.create_network(
        arrival_distributions={c: [ciw.dists.Exponential(share / model.gap_s)] for c, share in shares.items()},
        service_distributions={c: [ciw.dists.Exponential(1 / model.handle_s)] for c in shares},
        reneging_time_distributions={c: [ciw.dists.Exponential(1 / model.patience_s)] for c in shares},
        priority_classes={"vip": 0, "other": 1},
        number_of_servers=[model.agents],
    )
    simulation = ciw.Simulation(network)
    with CpuClock() as clock:
        simulation.simulate_until_max_time(contacts * model.gap_s)
        records = simulation.get_all_records()
    waits = [Wait(r.customer_class == "vip", r.waiting_time, r.record_type == "renege") for r in records]
    return seen(waits, clock.seconds)
