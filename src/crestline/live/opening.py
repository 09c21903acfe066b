"""What a customer says first, and what the target has to know of the script to play it."""

from __future__ import annotations

from crestline.live.adapters import Opening
from crestline.live.floor import Contact
from crestline.live.scene import Scene

WORSE = "triage-worse"
NEW = "candidate"
AS_IT_IS = "baseline"  # the release of a desk whose switch nobody has turned


def opening(scene: Scene, contact: Contact, trace: str, *, skips_bot: bool) -> Opening:
    """A contact as its row has it, and what a script makes of it."""
    rows = scene.rows
    kind = scene.contact_names[contact.contact]
    return Opening(
        key=f"{scene.plan.run}/{contact.row}",
        run=scene.plan.run,
        row=contact.row,
        customer=contact.customer,
        contact=kind,
        vip=contact.vip,
        text=f"A question about my {kind}, please.",
        bot=not skips_bot,
        reply_in=scene.clock.lasts(rows.reply_s[contact.row]),
        resolves=rows.resolves[contact.row],
        routed_to=scene.contact_names[rows.routed[contact.row]],
        name=f"{scene.scenario.load_test.mark.prefix}{contact.customer}",
        trace=trace,
        variants=_variants(scene, contact.row),
    )


def _variants(scene: Scene, row: int) -> dict[str, dict[str, bool | str]]:
    """What a bad release of the bot makes of the contact, and a candidate, where there is one."""
    rows = scene.rows
    made: dict[str, dict[str, bool | str]] = {}
    if any(fault.kind == WORSE for fault in scene.timeline.faults):
        routed_to = scene.contact_names[rows.worse_routed[row]]
        made["worse"] = {"resolves": rows.worse_resolves[row], "routed_to": routed_to}
    if new := scene.candidate:
        routed_to = scene.contact_names[new.routed[row]]
        fails = new.fail_u[row] == 0
        made[NEW] = {"resolves": new.resolves[row], "routed_to": routed_to, "fails": fails}
    return made


def as_new_version(asked: Opening) -> Opening:
    """The same said to a host that has the new version and nothing else: its script is that of the candidate."""
    new = asked.variants[NEW]
    resolves, routed_to = bool(new["resolves"]), str(new["routed_to"])
    return asked._replace(resolves=resolves, routed_to=routed_to, variants={AS_IT_IS: new})
