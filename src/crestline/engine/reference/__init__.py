"""The reference engine: the model in SimPy, written to be read. What it must do stands in ``engine/DESIGN.md``."""

from crestline.engine.reference.play import play

__all__ = ["play"]
