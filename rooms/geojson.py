"""Reads a GeoJSON FeatureCollection (RFC 7946) from a stranger, feature by feature. PURE.

Only what places need: properties as they stand, and borders as polygons in WGS 84 degrees. The types bound the nesting,
so a bomb of brackets is refused before anything is built from it.
"""

from collections.abc import Iterator
from typing import Annotated, Final

import msgspec

from rooms.place import MultiPolygon

# A position may carry an altitude (RFC 7946, 3.1.1); it is dropped.
Position = Annotated[tuple[float, ...], msgspec.Meta(min_length=2, max_length=3)]
Ring = tuple[Position, ...]
Rings = Annotated[tuple[Ring, ...], msgspec.Meta(min_length=1)]

SHORTEST_RING: Final = 4


class GeoJsonError(ValueError):
    """This is not the GeoJSON we take; the sentence says where and why."""


class Feature(msgspec.Struct, frozen=True):
    """One feature: its properties, still unread, and its border if it has one."""

    properties: dict[str, msgspec.Raw]
    geometry: MultiPolygon | None


class _Polygon(msgspec.Struct, frozen=True, tag="Polygon", tag_field="type"):
    coordinates: Rings


class _MultiPolygon(msgspec.Struct, frozen=True, tag="MultiPolygon", tag_field="type"):
    coordinates: Annotated[tuple[Rings, ...], msgspec.Meta(min_length=1)]


class _Feature(msgspec.Struct, frozen=True, tag="Feature", tag_field="type"):
    properties: dict[str, msgspec.Raw] | None = None
    geometry: _Polygon | _MultiPolygon | None = None


class _FeatureCollection(msgspec.Struct, frozen=True, tag="FeatureCollection", tag_field="type"):
    features: tuple[msgspec.Raw, ...]


_collection: Final = msgspec.json.Decoder(_FeatureCollection)
_feature: Final = msgspec.json.Decoder(_Feature)
_text: Final = msgspec.json.Decoder(str | int | None)


def split(text: str) -> tuple[msgspec.Raw, ...]:
    """The features of a whole file, not read yet. Raises GeoJsonError when it is no FeatureCollection."""
    try:
        return _collection.decode(text).features
    except msgspec.MsgspecError as error:
        raise GeoJsonError(f"not a GeoJSON FeatureCollection: {error}") from None
    except RecursionError:
        raise GeoJsonError("nested too deeply") from None


def read(raw: msgspec.Raw) -> Feature:
    """One feature, its border checked. Raises GeoJsonError."""
    try:
        feature = _feature.decode(raw)
    except msgspec.MsgspecError as error:
        raise GeoJsonError(f"not a feature with a Polygon or MultiPolygon: {error}") from None
    except RecursionError:
        raise GeoJsonError("nested too deeply") from None
    return Feature(feature.properties or {}, _border(feature.geometry))


def text_of(raw: msgspec.Raw) -> str:
    """A property's value as text, trimmed; empty for null. Raises GeoJsonError unless it is text or a whole number."""
    try:
        value = _text.decode(raw)
    except msgspec.MsgspecError:
        raise GeoJsonError("neither text nor a whole number") from None
    return "" if value is None else str(value).strip()


def _border(geometry: _Polygon | _MultiPolygon | None) -> MultiPolygon | None:
    if geometry is None:
        return None
    polygons = (geometry.coordinates,) if isinstance(geometry, _Polygon) else geometry.coordinates
    return tuple(tuple(tuple(_degrees(ring)) for ring in rings) for rings in polygons)


def _degrees(ring: Ring) -> Iterator[tuple[float, float]]:
    """The ring's points as (longitude, latitude). Raises GeoJsonError when it is open, too short or off the globe."""
    if len(ring) < SHORTEST_RING:
        raise GeoJsonError(f"a ring has at least {SHORTEST_RING} points, this one {len(ring)}")
    if ring[0] != ring[-1]:
        raise GeoJsonError("a ring ends where it begins; this one is open")
    for longitude, latitude, *_ in ring:
        # Written so that what is no number at all fails too.
        if not (-180 <= longitude <= 180 and -90 <= latitude <= 90):
            raise GeoJsonError(f"{longitude}, {latitude} is no longitude and latitude in degrees (WGS 84, EPSG:4326)")
        yield longitude, latitude
