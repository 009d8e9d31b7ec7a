"""Great-circle distance on a sphere of the Earth's mean radius: points as unit vectors, arcs in kilometres."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

# Mean radius of the Earth (R1 of the International Union of Geodesy and Geophysics).
EARTH_RADIUS_KM = 6371.0088
KM_PER_MILE = 1.609344

Floats = npt.NDArray[np.float64]


def unit_vectors(latitude: npt.ArrayLike, longitude: npt.ArrayLike) -> Floats:
    """Points on the unit sphere, shape (n, 3), of n latitudes and longitudes in degrees.

    Examples
    --------
    >>> unit_vectors([0.0], [0.0]).tolist()
    [[1.0, 0.0, 0.0]]
    """
    phi, lam = np.radians(np.asarray(latitude, float)), np.radians(np.asarray(longitude, float))
    vectors, ring = np.empty((phi.size, 3)), np.cos(phi)
    vectors[:, 0] = ring * np.cos(lam)
    vectors[:, 1] = ring * np.sin(lam)
    vectors[:, 2] = np.sin(phi)
    return vectors


def arc_km(chord: npt.ArrayLike) -> Floats:
    """Great-circle kilometres of chords between unit vectors; an infinite chord stays infinite.

    Examples
    --------
    >>> arc_km([0.0, 2.0, np.inf]).round(1).tolist()
    [0.0, 20015.1, inf]
    """
    chords = np.asarray(chord, float)
    arcs = 2 * EARTH_RADIUS_KM * np.arcsin(np.minimum(chords / 2, 1.0))
    return np.where(np.isinf(chords), np.inf, arcs)


def chord(km: float) -> float:
    """Chord between unit vectors that are `km` apart along the sphere; half the globe and more is the diameter."""
    return float(2 * np.sin(min(km / (2 * EARTH_RADIUS_KM), np.pi / 2)))


def distance_km(
    latitude: npt.ArrayLike, longitude: npt.ArrayLike, other_latitude: npt.ArrayLike, other_longitude: npt.ArrayLike
) -> Floats:
    """Great-circle kilometres from each point to the other point of the same position, shape (n,).

    Examples
    --------
    >>> distance_km([40.0], [-105.0], [41.0], [-105.0]).round(3).tolist()
    [111.195]
    """
    step = unit_vectors(latitude, longitude) - unit_vectors(other_latitude, other_longitude)
    return arc_km(np.sqrt((step**2).sum(axis=1)))
