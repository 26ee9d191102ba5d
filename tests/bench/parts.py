"""A roll larger than memory: the same replay over parts, one municipality a file, mapped by Polars; the same cents as in one piece."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np

from tests.bench import figures, town
from xltax.ledger.replay import run

MUNICIPALITIES, PARCELS = 20, 10_000


def in_parts() -> list[tuple[str, str, float, float | None]]:
    """Replays every municipality's file by itself, and holds the sums against those of the whole in one piece."""
    try:
        import polars
    except ImportError:
        print("parts: not measured, Polars is not installed (pip install .[large])")
        return []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for n in range(MUNICIPALITIES):
            _, facts = figures.state_facts(PARCELS, n * PARCELS)
            for table, array in (("charges", facts.charges), ("receipts", facts.receipts)):
                columns = {c: np.ascontiguousarray(array[c]) for c in array.dtype.names}
                polars.DataFrame(columns).write_parquet(folder / f"{table}-{n:04d}.parquet")

        def municipality(n: int) -> tuple[int, int]:
            law, facts = figures.state_facts(1)
            charges, receipts = (
                _records(polars.read_parquet(folder / f"{t}-{n:04d}.parquet"), like.dtype)
                for t, like in (("charges", facts.charges), ("receipts", facts.receipts))
            )
            _, made = figures.state_facts(PARCELS, n * PARCELS)
            here = made._replace(charges=charges, receipts=receipts)
            done = run(law, here, [town.AS_OF], posts=0, compiled=True)
            return int(done.figures["tax"].sum()), int(done.figures["interest"].sum())

        def parts() -> list[int]:
            files = polars.DataFrame({"municipality": range(MUNICIPALITIES)}).lazy()
            mapped = files.map_batches(
                lambda batch: polars.DataFrame(
                    [municipality(n) for n in batch["municipality"]], schema=["tax", "interest"], orient="row"
                ),
                schema={"tax": polars.Int64, "interest": polars.Int64},
                streamable=True,
            )
            return [int(x) for x in mapped.sum().collect(engine="streaming").row(0)]

        law, facts = figures.state_facts(MUNICIPALITIES * PARCELS)
        whole = run(law, facts, [town.AS_OF], posts=0, compiled=True)
        one_piece = [int(whole.figures["tax"].sum()), int(whole.figures["interest"].sum())]
        if parts() != one_piece:
            raise SystemExit(f"In parts {parts()}, in one piece {one_piece}: not the same cents.")
        ratio = figures.least_time(parts, 2) / figures.least_time(
            lambda: run(law, facts, [town.AS_OF], posts=0, compiled=True), 2
        )
    work = f"{MUNICIPALITIES} municipalities of {PARCELS:,} parcels, one after the other from parquet by Polars, the same cents"
    return [(work, "the same in one piece, in memory", ratio, None)]


def _records(frame: object, kind: np.dtype) -> np.ndarray:
    """A table read from a file as records."""
    rows = np.empty(len(frame), kind)
    for name in kind.names:
        rows[name] = frame[name].to_numpy()
    return rows
