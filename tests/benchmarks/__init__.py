"""How fast the engines are, beside other simulators at the same work: ``make bench``."""
