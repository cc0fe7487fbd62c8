"""How much of everything is measured."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Flight:
    """So many generations at once, of so many seconds each."""

    count: int
    seconds: int


@dataclass(frozen=True)
class Size:
    """How much of everything, in pieces of work and in seconds."""

    creates: int
    rated: int
    drained: int
    asked: int
    flight: Flight
    big_flight: Flight
    patience: int
    counted: int
    window: int
    rows: tuple[int, ...]
    looks: int
    load: int
    first_calls: int
    repeats: int
    slow_repeats: int


QUICK = Size(
    creates=200,
    rated=200,
    drained=100,
    asked=12,
    flight=Flight(20, 5),
    big_flight=Flight(60, 5),
    patience=60,
    counted=30,
    window=5,
    rows=(20_000,),
    looks=15,
    load=2,
    first_calls=3,
    repeats=1,
    slow_repeats=1,
)
WHOLE = Size(
    creates=2000,
    rated=2000,
    drained=500,
    asked=50,
    flight=Flight(200, 30),
    big_flight=Flight(1000, 60),
    patience=300,
    counted=200,
    window=30,
    rows=(200_000, 2_000_000),
    looks=100,
    load=10,
    first_calls=11,
    repeats=5,
    slow_repeats=3,
)
