"""Access against named peers: ratios of speed and memory in one run, on synthetic points of the size of the nation.

    python benchmarks/access.py [tracts] [blocks] [catchments] [agents] [growth]

Every job runs in a process of its own, one after the other, and says its best time and the memory that it added at
its peak (input tables not counted, results checked against each other). Peers: geopandas sjoin_nearest (planar),
scikit-learn BallTree where it is installed, PySAL access.
"""

from __future__ import annotations

import importlib.util
import json
import resource
import subprocess
import sys
import time
import warnings
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.spatial import cKDTree

from iop_analysis.metrics.access import nearest, pairs_within
from iop_analysis.metrics.catchment import LUO_QI_STEPS, Pairs, rational_agents, two_step
from iop_analysis.places.sphere import arc_km, distance_km, unit_vectors

TRACTS, PROGRAMS, FACILITIES, BLOCKS, BLOCK_SITES = 85_187, 1_956, 13_707, 8_180_000, 20_000
PAIRS = 2_900_000
SAMPLED = 2_000
CYCLES = 15
Timed = tuple[float, float, float]


def scattered(count: int, seed: int) -> pd.DataFrame:
    """Points around 400 towns of very different size in the box of the lower 48 states, town by town as in a file."""
    towns = np.random.default_rng(0).uniform((26, -123), (48, -70), (400, 2))
    rng = np.random.default_rng(seed)
    town = np.sort(rng.choice(400, count, p=(weights := 1 / np.arange(1, 401)) / weights.sum()))
    place = towns[town] + rng.normal(0, 0.6, (count, 2))
    table = pd.DataFrame(place, columns=["latitude", "longitude"])
    return table.assign(population=rng.integers(1, 8000, count))


def tract_pairs(tracts: int = TRACTS) -> tuple[pd.DataFrame, pd.DataFrame, Pairs]:
    """Tracts, programs and the pairs within the reach that gives about 2.9 million of them at full size."""
    points, sites = scattered(tracts, 1), scattered(PROGRAMS, 2)
    trees = [cKDTree(unit_vectors(one["latitude"], one["longitude"])) for one in (scattered(TRACTS, 1), sites)]
    reaches = np.linspace(0.004, 0.03, 60)
    counts = trees[0].count_neighbors(trees[1], reaches)
    km = float(arc_km([reaches[np.searchsorted(counts, PAIRS)]])[0])
    return points, sites, pairs_within(points, sites, km)


def best(work: Callable[[], float], repeats: int) -> Timed:
    """Seconds on the clock and of processors, each of the fastest run, and the result."""
    clock, busy, result = [], [], 0.0
    for _ in range(repeats):
        start = time.perf_counter(), time.process_time()
        result = work()
        clock.append(time.perf_counter() - start[0])
        busy.append(time.process_time() - start[1])
    return min(clock), min(busy), float(result)


def geometry(table: pd.DataFrame):
    import geopandas

    shapes = geopandas.points_from_xy(table["longitude"], table["latitude"], crs="EPSG:4269")
    return geopandas.GeoDataFrame(geometry=shapes).to_crs("EPSG:5070")


def nearest_job(count: int, sites: int, peer: str, repeats: int) -> Callable[[], Timed]:
    """Mean distance to the nearest site, in km; the planar peer differs from the sphere by up to half a percent."""
    points, clinics = scattered(count, 1), scattered(sites, 2)
    if peer == "geopandas":
        left, right = geometry(points), geometry(clinics)
        del points
        return lambda: best(lambda: left.sjoin_nearest(right, distance_col="m")["m"].mean() / 1000, repeats)
    if peer == "BallTree":
        from sklearn.neighbors import BallTree

        near = [np.radians(one[["latitude", "longitude"]].to_numpy()) for one in (points, clinics)]
        tree = lambda: BallTree(near[1], metric="haversine").query(near[0])[0].mean() * 6371.0088  # noqa: E731
        return lambda: best(tree, repeats)
    return lambda: best(lambda: nearest(points, clinics)[0].mean(), repeats)


def exact_job(count: int) -> Callable[[], Timed]:
    """Largest difference in km between the nearest site and the least of the distances to all, for some points."""
    points, sites = scattered(BLOCKS, 1).sample(count, random_state=1), scattered(BLOCK_SITES, 2)
    places = points[["latitude", "longitude"]].to_numpy(), sites[["latitude", "longitude"]].to_numpy().T
    return lambda: best(
        lambda: np.abs(
            nearest(points, sites)[0][:, 0] - [distance_km(*one, *places[1]).min() for one in places[0]]
        ).max(),
        1,
    )


def catchment_job(kind: str, peer: str) -> Callable[[], Timed]:
    """Sum over tracts of access times a fixed random number: equal sums mean equal results."""
    points, sites, pairs = tract_pairs()
    mark = np.random.default_rng(5).uniform(size=len(points))
    steps = LUO_QI_STEPS if kind == "E2SFCA" else ((1e9, 1.0),)
    cost = pairs.cost * (30.0 / pairs.cost.max())
    if peer == "ours":
        scaled = replace(pairs, cost=cost)
        return lambda: best(lambda: two_step(points["population"], np.ones(PROGRAMS), scaled, steps) @ mark, 20)
    access = peer_module()
    weight = luo_qi if kind == "E2SFCA" else None  # ten times faster than the peer's own step_fn
    costs = pd.DataFrame({"origin": pairs.points(), "dest": pairs.site.astype(int), "cost": cost})
    demand, supply = demand_and_supply(points)

    def work() -> float:
        found = access.fca.two_stage_fca(
            demand, supply, costs, max_cost=1e9, demand_index=True, supply_index=True, weight_fn=weight
        )
        return found.reindex(range(len(points))).fillna(0).to_numpy() @ mark

    return lambda: best(work, 5)


def luo_qi(minutes: float) -> float:
    return 1.0 if minutes <= 10 else 0.68 if minutes <= 20 else 0.22 if minutes <= 30 else 0.0


def agents_job(peer: str, cycles: int) -> Callable[[], Timed]:
    """Mean cost of the tracts that reach a program."""
    points, _, pairs = tract_pairs()
    people = points["population"].to_numpy()
    if peer == "ours":
        return lambda: best(lambda: mean(rational_agents(people, np.ones(PROGRAMS), pairs).cost), 1)
    access = peer_module()
    costs = pd.DataFrame({"origin": pairs.points(), "dest": pairs.site.astype(int), "cost": pairs.cost})
    demand, supply = demand_and_supply(points)
    return lambda: best(lambda: mean(access.raam.raam(demand, supply, costs, max_cycles=cycles).to_numpy()), 1)


def mean(costs: np.ndarray) -> float:
    return float(costs[np.isfinite(costs)].mean())


def peer_module():
    sys.path.remove(str(Path(__file__).parent))  # else `import access` finds this file
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import access
    return access


def demand_and_supply(points: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    demand = pd.DataFrame({"demand": points["population"].to_numpy()}, index=pd.RangeIndex(len(points), name="geoid"))
    return demand, pd.DataFrame({"supply": np.ones(PROGRAMS)}, index=pd.RangeIndex(PROGRAMS, name="geoid"))


def growth_job(kind: str, count: int) -> Callable[[], Timed]:
    if kind == "nearest":
        return nearest_job(count, BLOCK_SITES, "ours", 3)
    points, _, pairs = tract_pairs(count)
    supply = np.ones(PROGRAMS)
    if kind == "E2SFCA":
        return lambda: best(lambda: two_step(points["population"], supply, pairs, LUO_QI_STEPS).sum(), 10)
    return lambda: best(lambda: mean(rational_agents(points["population"], supply, pairs).cost), 1)


JOBS: dict[str, Callable[..., Callable[[], Timed]]] = {
    "nearest": nearest_job,
    "exact": exact_job,
    "catchment": catchment_job,
    "agents": agents_job,
    "growth": growth_job,
}


def child(job: str, arguments: str) -> None:
    """Do one job and print its seconds, its result and the memory at its peak, before and after."""
    work = JOBS[job](*json.loads(arguments))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    seconds, processor, result = work()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(
        json.dumps(
            {
                "seconds": seconds,
                "processor": processor,
                "result": result,
                "gb": peak / 1e6,
                "added_gb": (peak - before) / 1e6,
            }
        )
    )


def run(job: str, *arguments: object) -> dict[str, float]:
    command = [sys.executable, "-W", "ignore", __file__, "--child", job, json.dumps(arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{job} {arguments} failed:\n{done.stderr}")
    return json.loads(done.stdout.splitlines()[-1])


def line(title: str, ours: dict[str, float], theirs: dict[str, float], peer: str) -> None:
    apart = abs(ours["result"] / theirs["result"] - 1)
    print(
        f"{title:<34} ours {ours['seconds']:8.4f} s {ours['gb']:6.2f} GB   {peer} {theirs['seconds']:8.3f} s "
        f"{theirs['gb']:6.2f} GB   {theirs['seconds'] / ours['seconds']:6.1f} x faster "
        f"({theirs['processor'] / ours['processor']:.1f} x by processor time)   results apart {apart:.0e}",
        flush=True,
    )


def compare_nearest(title: str, count: int, sites: int, repeats: int) -> None:
    ours = run("nearest", count, sites, "ours", repeats)
    for peer in ("geopandas", "BallTree"):
        if peer == "BallTree" and importlib.util.find_spec("sklearn") is None:
            print("BallTree: scikit-learn is not installed")
            continue
        line(title, ours, run("nearest", count, sites, peer, repeats), peer)


def tracts() -> None:
    compare_nearest(f"nearest, {TRACTS:,} x {PROGRAMS:,}", TRACTS, PROGRAMS, 15)
    compare_nearest(f"nearest, {TRACTS:,} x {FACILITIES:,}", TRACTS, FACILITIES, 15)


def blocks() -> None:
    compare_nearest(f"nearest, {BLOCKS:,} x {BLOCK_SITES:,}", BLOCKS, BLOCK_SITES, 3)
    apart = run("exact", SAMPLED)["result"]
    print(f"nearest, {SAMPLED:,} of these against every site in turn: at most {apart:.0e} km apart", flush=True)


def catchments() -> None:
    for kind in ("2SFCA", "E2SFCA"):
        line(
            f"{kind}, {len(tract_pairs()[2].cost):,} pairs",
            *(run("catchment", kind, one) for one in ("ours", "access")),
            "access",
        )


def agents() -> None:
    """Ours goes on to the balance, PySAL's for `CYCLES` of its moves, which is far from one."""
    ours, theirs = (run("agents", peer, CYCLES) for peer in ("ours", "access"))
    line(f"RAAM to its balance; {CYCLES} cycles", ours, theirs, "access")


def growth() -> None:
    sizes = {
        "nearest": (250_000, 1_000_000, 4_000_000),
        "E2SFCA": (20_000, 40_000, 80_000),
        "RAAM": (20_000, 40_000, 80_000),
    }
    for kind, counts in sizes.items():
        for count in counts:
            done = run("growth", kind, count)
            print(f"growth, {kind:<8} {count:>10,} points {done['seconds']:9.4f} s {done['gb']:6.2f} GB", flush=True)


PARTS = {part.__name__: part for part in (tracts, catchments, agents, blocks, growth)}

if __name__ == "__main__":
    if sys.argv[1:2] == ["--child"]:
        child(*sys.argv[2:])
    else:
        for name in sys.argv[1:] or PARTS:
            PARTS[name]()
