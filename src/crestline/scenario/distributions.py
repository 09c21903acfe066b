"""How long things take: handle times, patience, reply times and delays as distributions."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Annotated, Any, ClassVar, Literal

from pydantic import (
    BeforeValidator,
    Discriminator,
    Field,
    SerializerFunctionWrapHandler,
    Tag,
    TypeAdapter,
    ValidationInfo,
    WithJsonSchema,
    model_serializer,
    model_validator,
)

from crestline.scenario.block import Block, nearest, refuse
from crestline.scenario.files import read_durations
from crestline.scenario.quantities import Duration, Length, Share, SomeShare, Spread
from crestline.units import show, spell_duration, spell_share

_QUANTILES: TypeAdapter[dict[float, float]] = TypeAdapter(dict[Share, Duration])
_VALUES: TypeAdapter[tuple[float, ...]] = TypeAdapter(tuple[Duration, ...])


class Shape(Block):
    """One kind of distribution; in a file its kind is the one key: ``{lognormal: {mean: 3min, cv: 110%}}``."""

    kind: ClassVar[str]

    @property
    def mean_s(self) -> float:
        """The mean in seconds."""
        raise NotImplementedError

    @model_serializer(mode="wrap", when_used="json")
    def _spell(self, content: SerializerFunctionWrapHandler) -> dict[str, Any]:
        return {self.kind: self._content(content(self))}

    def _content(self, fields: dict[str, Any]) -> Any:
        return fields


class Constant(Shape):
    """Always the same: ``{constant: 3min}``."""

    kind: ClassVar[Literal["constant"]] = "constant"
    value: Duration = Field(description="a duration such as 3min")

    @property
    def mean_s(self) -> float:
        """The mean in seconds."""
        return self.value

    def _content(self, fields: dict[str, Any]) -> Any:
        return fields["value"]


class Exponential(Shape):
    """Memoryless: ``{exponential: {mean: 4min}}``."""

    kind: ClassVar[Literal["exponential"]] = "exponential"
    mean: Length = Field(description="a duration such as 4min")

    @property
    def mean_s(self) -> float:
        """The mean in seconds."""
        return self.mean


class Lognormal(Shape):
    """Right-skewed, as service times are (Brown et al. 2005): ``{lognormal: {mean: 3min, cv: 110%}}``."""

    kind: ClassVar[Literal["lognormal"]] = "lognormal"
    mean: Length = Field(description="a duration such as 3min")
    cv: Spread = Field(description="standard deviation / mean, such as 110%")

    @property
    def mean_s(self) -> float:
        """The mean in seconds."""
        return self.mean


class Gamma(Shape):
    """Between constant (cv 0%) and exponential (cv 100%), and beyond: ``{gamma: {mean: 3min, cv: 50%}}``."""

    kind: ClassVar[Literal["gamma"]] = "gamma"
    mean: Length = Field(description="a duration such as 3min")
    cv: Spread = Field(description="standard deviation / mean, such as 50%")

    @property
    def mean_s(self) -> float:
        """The mean in seconds."""
        return self.mean


class Part(Block):
    """One of the populations of a hyperexponential distribution."""

    share: SomeShare = Field(description="the share of this part, such as 25%")
    mean: Length = Field(description="a duration such as 1min")


class Hyperexponential(Shape):
    """A mixture of exponentials: the hasty and the patient, ``{hyperexponential: [{share: 25%, mean: 1min}, ...]}``."""

    kind: ClassVar[Literal["hyperexponential"]] = "hyperexponential"
    parts: tuple[Part, ...]

    @model_validator(mode="after")
    def _whole(self) -> Hyperexponential:
        total = sum(part.share for part in self.parts)
        if abs(total - 1) > 1e-6:
            raise refuse(f"shares add up to {100 * total:.6g} %, expected 100 %")
        return self

    @property
    def mean_s(self) -> float:
        """The mean in seconds."""
        return sum(part.share * part.mean for part in self.parts)

    def _content(self, fields: dict[str, Any]) -> Any:
        return fields["parts"]


def _values(value: object) -> object:
    """Durations as they are written; those of a CSV file come as seconds already."""
    if isinstance(value, tuple):
        return value
    return _some(_VALUES.validate_python(value))


def _some(values: tuple[float, ...]) -> tuple[float, ...]:
    if not values:
        raise refuse("holds no value, expected at least one")
    return values


def _quantiles(value: object) -> tuple[tuple[float, float], ...]:
    points = tuple(_QUANTILES.validate_python(value).items())
    if len(points) < 2 or points[0][0] != 0 or points[-1][0] != 1:
        raise refuse("expected to begin with 0% and end with 100%")
    for (p, a), (q, b) in pairwise(points):
        if q <= p or b < a:
            raise refuse(f"{100 * q:g}% does not rise above {100 * p:g}%, expected increasing quantiles")
    return points


class Empirical(Shape):
    """As it was observed: values with equal weight, or quantiles with straight lines between them."""

    kind: ClassVar[Literal["empirical"]] = "empirical"
    values: Annotated[tuple[float, ...] | None, BeforeValidator(_values)] = None
    quantiles: Annotated[tuple[tuple[float, float], ...] | None, BeforeValidator(_quantiles)] = None

    @model_validator(mode="before")
    @classmethod
    def _read(cls, value: Any, info: ValidationInfo) -> Any:
        if not isinstance(value, Mapping) or set(value) in ({"values"}, {"quantiles"}):
            return value
        if set(value) == {"csv", "column"}:
            return {"values": _some(read_durations(value["csv"], value["column"], info))}
        raise refuse("expected {csv, column}, or {values: [...]}, or {quantiles: {0%: 5s, 50%: 2min, 100%: 20min}}")

    @property
    def mean_s(self) -> float:
        """The mean in seconds."""
        if self.values is not None:
            return sum(self.values) / len(self.values)
        points = self.quantiles or ()
        return sum((q - p) * (a + b) / 2 for (p, a), (q, b) in pairwise(points))

    def _content(self, _: dict[str, Any]) -> Any:
        if self.values is not None:
            return {"values": [spell_duration(value) for value in self.values]}
        return {"quantiles": {spell_share(p): spell_duration(s) for p, s in self.quantiles or ()}}


KINDS: dict[str, type[Shape]] = {
    kind.kind: kind for kind in (Constant, Exponential, Lognormal, Gamma, Hyperexponential, Empirical)
}
_BARE = {"constant": "value", "hyperexponential": "parts"}


def _unwrap(value: Any) -> Any:
    """Turn ``{lognormal: {...}}`` into a tag for the union; the content stays where it is."""
    if isinstance(value, Block):
        return value
    if not isinstance(value, Mapping) or len(value) != 1:
        msg = f"got {show(value)}, expected a distribution such as {{exponential: {{mean: 4min}}}}"
        raise ValueError(msg)
    kind = next(iter(value))
    if kind not in KINDS:
        raise refuse(f"unknown key; {nearest(kind, KINDS)}", kind)
    return value


def _unwrap_unless_never(value: Any) -> Any:
    return value if value == "never" else _unwrap(value)


def _kind_of(value: Any) -> str:
    return str(getattr(value, "kind", None) or (value if value == "never" else next(iter(value))))


def _content(kind: str) -> BeforeValidator:
    def take(value: Any) -> Any:
        if isinstance(value, Block):
            return value
        inner = value[kind]
        return {_BARE[kind]: inner} if kind in _BARE else inner

    return BeforeValidator(take)


def _schema() -> dict[str, Any]:
    """How a distribution is written, for the JSON Schema."""
    duration = TypeAdapter(Duration).json_schema()
    spread = TypeAdapter(Spread).json_schema()
    share = TypeAdapter(Share).json_schema()
    text = {"type": "string"}
    return _choice(
        constant=duration,
        exponential=_mapping(mean=duration),
        lognormal=_mapping(mean=duration, cv=spread),
        gamma=_mapping(mean=duration, cv=spread),
        hyperexponential={"type": "array", "items": _mapping(share=share, mean=duration), "minItems": 1},
        empirical={
            "oneOf": [
                _mapping(csv=text, column=text),
                _mapping(values={"type": "array", "items": duration, "minItems": 1}),
                _mapping(quantiles={"type": "object", "additionalProperties": duration}),
            ]
        },
    )


def _mapping(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": [*properties], "additionalProperties": False}


def _choice(**properties: Any) -> dict[str, Any]:
    return {"oneOf": [_mapping(**{key: schema}) for key, schema in properties.items()]}


_Known = (
    Annotated[Constant, _content("constant"), Tag("constant")]
    | Annotated[Exponential, _content("exponential"), Tag("exponential")]
    | Annotated[Lognormal, _content("lognormal"), Tag("lognormal")]
    | Annotated[Gamma, _content("gamma"), Tag("gamma")]
    | Annotated[Hyperexponential, _content("hyperexponential"), Tag("hyperexponential")]
    | Annotated[Empirical, _content("empirical"), Tag("empirical")]
)

Distribution = Annotated[_Known, Discriminator(_kind_of), BeforeValidator(_unwrap), WithJsonSchema(_schema())]
Patience = Annotated[
    _Known | Annotated[Literal["never"], Tag("never")],
    Discriminator(_kind_of),
    BeforeValidator(_unwrap_unless_never),
    WithJsonSchema({"anyOf": [{"const": "never"}, _schema()]}),
]
