"""Writes membership-golden.json beside this file: ROC curves, AUC, TPR at 1 % FPR, logistic regression and entropies by scikit-learn and PyTorch.

Made with scikit-learn 1.2.1, PyTorch 1.13.1, Python 3.11:  python3 make_membership_golden.py
"""
import json
import os
import numpy as np
import torch
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score, roc_curve

rng = np.random.default_rng(20261121)


def scores(kind, count, shift):
    if kind == "normal":
        return rng.normal(shift, 1, count).round(4)
    if kind == "ties":
        return rng.integers(0, 6, count) + (rng.random(count) < 0.3 * shift)
    if kind == "saturated":
        return (1 - rng.random(count) ** (6 + 4 * shift)).round(3)
    if kind == "binary":
        return (rng.random(count) < 0.5 + 0.2 * shift).astype(float)
    return np.full(count, 0.25)


def curves():
    for kind, m, n, shift in [("normal", 40, 60, 0.5), ("normal", 150, 230, -0.3), ("ties", 50, 120, 1), ("saturated", 90, 110, 1),
                              ("binary", 70, 30, 1), ("constant", 5, 9, 0), ("normal", 1, 3, 0), ("normal", 300, 300, 2)]:
        p, n = scores(kind, m, shift), scores(kind, n, 0)
        y, s = np.r_[np.ones(len(p)), np.zeros(len(n))], np.r_[p, n]
        fpr, tpr, _ = roc_curve(y, s)
        allf, allt, _ = roc_curve(y, s, drop_intermediate=False)
        # DeLong's placements, by their definition.
        wins = (p[:, None] > n[None]) + 0.5 * (p[:, None] == n[None])
        error = np.sqrt(wins.mean(1).var(ddof=1) / len(p) + wins.mean(0).var(ddof=1) / len(n)) if min(len(p), len(n)) > 1 else None
        yield dict(positives=p.tolist(), negatives=n.tolist(), fpr=fpr.tolist(), tpr=tpr.tolist(), auc=roc_auc_score(y, s), error=error,
                   tpr_at_one_percent=float(allt[allf <= 0.01].max()))


def regressions():
    for m, n, a, b in [(60, 60, 0.3, 0.6), (200, 40, 0.2, 0.5), (30, 90, 1.2, 0.4), (5, 3, 0.1, 0.9)]:
        members, others = (rng.exponential(a, m)).round(4), (rng.exponential(b, n)).round(4)
        machine = LogisticRegression(class_weight="balanced", solver="newton-cholesky", C=1, tol=1e-12)
        machine.fit(np.r_[members, others][:, None], np.r_[np.ones(m), np.zeros(n)])
        default = LogisticRegression(class_weight="balanced", solver="lbfgs")
        default.fit(np.r_[members, others][:, None], np.r_[np.ones(m), np.zeros(n)])
        targets = rng.exponential(0.5, 40).round(4)
        yield dict(members=members.tolist(), others=others.tolist(), weight=machine.coef_[0, 0], intercept=machine.intercept_[0],
                   targets=targets.tolist(), predictions=default.predict(targets[:, None]).astype(int).tolist())


def salun():
    """The same statements as the code's, in PyTorch's float32: what its indexing yields is PyTorch's answer, not ours."""
    for rows, classes, labels in [(6, 4, [0, 1, 2, 3, 0, 1]), (5, 4, [2, 2, 2, 2, 2]), (4, 3, [0, 2, 2, 0])]:
        logits = torch.tensor((rng.normal(0, 3, (rows, classes))).round(3), dtype=torch.float32)
        logits[0] = torch.tensor([200.0] + [0.0] * (classes - 1))  # saturated: the others are exactly 0
        p, y = torch.softmax(logits, 1), torch.tensor(labels)
        log = torch.where(p > 0, p.log(), torch.tensor(1e-30).log())
        weights = p.clone()
        weights[:, y] = (1 - p)[:, y]
        logs = log.clone()
        logs[:, y] = log[:, y]
        yield dict(logits=logits.tolist(), labels=labels, values=(-(weights * logs).sum(1)).tolist())


with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "membership-golden.json"), "w") as out:
    json.dump(dict(curves=list(curves()), regressions=list(regressions()), salun=list(salun())), out)
    out.write("\n")
