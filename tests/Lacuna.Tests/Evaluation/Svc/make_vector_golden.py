"""Solves the problems of VectorProblems.cs with scikit-learn and writes vector-golden.csv beside this file.

Made with scikit-learn 1.2.1, Python 3.11, x86-64 Linux:  python3 make_vector_golden.py
The features are a pure function of (problem, set, point, draw) in exactly rounded arithmetic, as in make_sklearn_golden.py.
"""
import os
import numpy as np
from sklearn.svm import SVC

PROBLEMS, TARGETS = 40, 32
u64 = np.uint64


def uniform(problem, group, points, draw):
    """SplitMix64's finaliser on a counter; the upper 53 bits as a number in [0, 1)."""
    with np.errstate(over="ignore"):
        z = (u64(problem) << u64(40)) + (u64(group) << u64(36)) + (np.arange(points, dtype=u64) << u64(8)) + u64(draw)
        z = (z + u64(1)) * u64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> u64(30))) * u64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> u64(27))) * u64(0x94D049BB133111EB)
        z = z ^ (z >> u64(31))
    return (z >> u64(11)).astype(np.float64) * 2.0 ** -53


def features(problem, group, points, dimensions, member):
    """Problems 0, 3, ...: uniform; 1, 4, ...: on a grid, with many ties; 2, 5, ...: probabilities in float32, as of a softmax."""
    kind = problem % 3
    columns = []
    for f in range(dimensions):
        u = uniform(problem, group, points, f)
        shift = 0.25 if member and f == 0 else 0.0
        if kind == 0:
            columns.append(u + shift)
        elif kind == 1:
            columns.append(np.floor((u + shift) * 4) / 4)
        else:
            columns.append(u * u * u * u * (8.0 if member and f == 0 else 2.0 if f == 0 else 1.0))
    if kind == 2:
        total = columns[0]
        for column in columns[1:]:
            total = total + column
        columns = [(column / total).astype(np.float32).astype(np.float64) for column in columns]
    return np.stack(columns, 1)


def main():
    rng = np.random.default_rng(7)
    lines = ["problem,positives,negatives,dimensions,C,gamma,iterations,support,intercept,largest_decision,predictions"]
    for problem in range(PROBLEMS):
        positives = int(np.exp(rng.uniform(0, np.log(250))))
        negatives = positives if rng.random() < 0.6 else int(np.exp(rng.uniform(0, np.log(250))))
        if problem == 32:  # large enough that the active set shrinks and grows
            positives = negatives = 1500
        dimensions = int(rng.choice([2, 3, 5, 10, 17, 40]))
        C, gamma = (3.0, "auto") if problem % 2 == 0 else (float(rng.choice([0.1, 1.0, 30.0])), float(rng.choice([0.05, 0.5, 7.0])))
        p, n = features(problem, 0, positives, dimensions, True), features(problem, 1, negatives, dimensions, False)
        t = features(problem, 2, TARGETS, dimensions, problem % 4 < 2)
        svc = SVC(C=C, gamma=gamma, kernel="rbf")
        svc.fit(np.concatenate([p, n]), np.concatenate([np.ones(positives), np.zeros(negatives)]))
        answer = svc.predict(t).astype(np.uint8)
        lines.append(f"{problem},{positives},{negatives},{dimensions},{C!r},{gamma},{int(svc.n_iter_[0])},{int(svc.n_support_.sum())},"
                     f"{float(svc.intercept_[0])!r},{float(svc.decision_function(t).max())!r},{np.packbits(answer).tobytes().hex()}")
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "vector-golden.csv"), "w") as out:
        out.write("\n".join(lines) + "\n")


main()
