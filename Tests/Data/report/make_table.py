"""Makes digits-20.table.json: three rows of the digits reference (seed 0, 2,000 samples, T' = 20) in the form of a
`table` artifact, and digits-25.bin: 25 images of the data set, one byte a pixel.

usage: python make_table.py PATH_OF_DIGITS_FOLDER
"""
import json
import sys
from pathlib import Path

import numpy as np

digits = Path(sys.argv[1])
here = Path(__file__).parent
norms, delta, score = (json.loads((digits / "reference" / f"{name}-20.json").read_text()) for name in ("norms", "delta", "score"))
times = norms["timestep_map"]


def seed0(value):
    return [round(x, 9) for x in value["seeds"][0]]


def find(rows, k, b):
    return next(row for row in rows if abs(row["k"] - k) < 1e-9 and abs(row["b"] - b) < 1e-9)


rows = []
for k, b in ((0.0, 1.0), (0.0, 1.02), (0.004, 1.0)):
    lam = [k * i + b for i in range(20)]
    n, d, s = (find(part, k, b) for part in (norms["sampling"], delta["sampling"], score["rows"]))
    rows.append({
        "coordinates": {"scaling": {"b": b, "k": k}},
        "label": f"scaling.b={b:g},scaling.k={k:g}",
        "values": {
            "norms": {"kind": "epsilon-norms", "mode": "sampling", "steps": 20, "timesteps": times, "samples": 2000, "lambda": lam,
                      "epsilon_norm": seed0(n["eps_norm"]), "epsilon_norm_scaled": seed0(n["eps_norm_divided"])},
            "delta": {"kind": "delta", "steps": 20, "indices": list(range(19)), "timesteps": times[:19], "samples": 2000, "lambda": lam,
                      "true_std": delta["true_std"], "sampled_std": seed0(d["sampled_std"]), "delta": seed0(d["delta"]),
                      "marginal_std": seed0(d["marginal_std"]), "forward_marginal_std": seed0(delta["forward_marginal_std"])},
            "score": {"kind": "scores", "samples": 2000, "metrics": {"fd": s["fd"]["seeds"][0], "class_score": s["class_score"]["seeds"][0]}},
        },
    })
training = {"kind": "epsilon-norms", "mode": "training", "steps": 20, "timesteps": times, "samples": 2000,
            "epsilon_norm": seed0(norms["training"]["eps_norm"])}
table = {"kind": "table", "axes": ["scaling"], "shared": {"training": training}, "rows": rows}
(here / "digits-20.table.json").write_text(json.dumps(table) + "\n")
(here / "digits-25.bin").write_bytes(np.load(digits / "digits.npz")["images"][:25].tobytes())
