"""The compiled engine: the model as one kernel in machine code. What it must do stands in ``engine/DESIGN.md``."""

from crestline.engine.compiled.play import play, play_chunks

__all__ = ["play", "play_chunks"]
