"""Solves the problems of SvcProblems.cs with scikit-learn and writes sklearn-golden.csv beside this file.

Made with scikit-learn 1.2.1, Python 3.11, x86-64 Linux:  python3 make_sklearn_golden.py
The features are a pure function of (problem, set, point, draw) in exactly rounded arithmetic, so that the C# tests
make the same ones bit for bit; the file holds only sizes, settings and scikit-learn's answers.
"""
import os
import numpy as np
from sklearn.svm import SVC

PROBLEMS, TARGETS = 1000, 64
KINDS = ["uniform", "skewed", "saturated", "grid", "entropy", "modified", "wide", "separable", "constant", "binary",
         "offset", "narrow"]
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


def features(kind, problem, group, points, member):
    u = lambda draw: uniform(problem, group, points, draw)
    if kind == "uniform":
        return u(0)
    if kind == "skewed":
        return np.maximum(np.maximum(u(0), u(1)), u(2)) if member else np.maximum(u(0), u(1))
    if kind == "saturated":  # a softmax in float32: many values are exactly 1
        p = u(0)
        for draw in range(1, 16 if member else 9):
            p = p * u(draw)
        return (1.0 - p).astype(np.float32).astype(np.float64)
    if kind == "grid":
        return np.floor(np.maximum(u(0), u(1) if member else 0.0) * 20) / 20
    if kind == "entropy":
        return u(0) * u(1) * (1.9 if member else 2.3)
    if kind == "modified":  # heavy tail, as the modified entropy has
        return u(0) / (u(1) + 0.02) * (0.7 if member else 1.0)
    if kind == "wide":
        return (u(0) + u(1) + u(2) + u(3) - 2.0) * 15.0 + (1.0 if member else 0.0)
    if kind == "separable":
        return u(0) * 0.4 + (0.6 if member else 0.0)
    if kind == "constant":
        return np.full(points, 0.7)
    if kind == "binary":
        return np.where(u(0) < (0.8 if member else 0.6), 1.0, 0.0)
    if kind == "offset":
        return 1000.0 + (u(0) + u(1)) + (0.25 if member else 0.0)
    if kind == "narrow":
        return 0.5 + u(0) * 1e-4 + (2e-5 if member else 0.0)
    raise ValueError(kind)


def main():
    rng = np.random.default_rng(20240229)
    lines = ["problem,kind,positives,negatives,C,gamma,tolerance,iterations,support,intercept,predictions"]
    for problem in range(PROBLEMS):
        kind = KINDS[problem % len(KINDS)]
        largest = 1500 if problem % 20 == 7 else 300
        size = lambda: int(np.exp(rng.uniform(0, np.log(largest))))
        positives = size()
        negatives = positives if rng.random() < 0.6 else size()
        C, gamma, tolerance = 3.0, 1.0, 1e-3
        if problem % 83 == 1:  # one large problem of each kind, where the active set shrinks and grows several times
            positives = negatives = 5000 + problem
        elif rng.random() < 0.3:
            C, gamma = float(rng.choice([0.1, 1.0, 10.0])), float(rng.choice([0.05, 0.5, 7.0, 40.0]))
            tolerance = float(rng.choice([1e-2, 1e-4]))
        p = features(kind, problem, 0, positives, True)
        n = features(kind, problem, 1, negatives, False)
        t = features(kind, problem, 2, TARGETS, problem % 2 == 0)
        svc = SVC(C=C, gamma=gamma, kernel="rbf", tol=tolerance)
        svc.fit(np.concatenate([p, n])[:, None], np.concatenate([np.ones(positives), np.zeros(negatives)]))
        answer = svc.predict(t[:, None]).astype(np.uint8)
        lines.append(f"{problem},{kind},{positives},{negatives},{C!r},{gamma!r},{tolerance!r},{int(svc.n_iter_[0])},"
                     f"{int(svc.n_support_.sum())},{float(svc.intercept_[0])!r},{np.packbits(answer).tobytes().hex()}")
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "sklearn-golden.csv"), "w") as out:
        out.write("\n".join(lines) + "\n")


main()
