"""Prints what RepresentationGoldenTests expects: CKA by its definition with explicit kernels, neighbours by scikit-learn. Inputs are those of Formula.Values."""
import numpy as np
from sklearn.neighbors import KNeighborsClassifier


def values(k, *shape):
    i = np.arange(np.prod(shape), dtype=np.int64)
    return ((i * i * 31 + i * k * 17 + k * 101 + 7) % 10007 / 10007).reshape(shape)


def biased(k, l):
    h = np.eye(len(k)) - 1 / len(k)
    return np.trace(k @ h @ l @ h)


def unbiased(k, l):
    """Song et al. 2012, on kernels that are not centred."""
    n = len(k)
    k, l = k - np.diag(np.diag(k)), l - np.diag(np.diag(l))
    one = np.ones(n)
    return (np.trace(k @ l) + (one @ k @ one) * (one @ l @ one) / ((n - 1) * (n - 2)) - 2 / (n - 2) * (one @ k @ l @ one)) / (n * (n - 3))


def cka(hsic, x, y):
    k, l = x @ x.T, y @ y.T
    return hsic(k, l) / np.sqrt(hsic(k, k) * hsic(l, l))


for n, p, q in [(12, 5, 7), (30, 3, 2), (8, 40, 3)]:
    x = values(1, n, p)
    y = values(2, n, q) + (x.sum(1, keepdims=True) if n == 30 else 0)
    print(n, p, q, repr(cka(biased, x, y)), repr(cka(unbiased, x, y)))

bank, labels, queries = values(3, 40, 6), np.arange(40) % 3, values(4, 15, 6)
for k in (1, 4, 5):
    print(k, KNeighborsClassifier(k, metric="cosine", algorithm="brute").fit(bank, labels).predict(queries).tolist())
