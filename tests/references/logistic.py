"""Logistic regression by another road: the numbers in tests/eval/test_logistic.c.

    python tests/references/logistic.py

Minimises sum(log(1 + exp(-s z))) + ridge / 2 |weights|^2 over weights and intercept with scipy's BFGS. The samples are
40 points of a fixed recipe that the C test repeats.
"""

import numpy as np
from scipy.optimize import minimize


def samples(n=40):
    i = np.arange(n, dtype=np.float64)
    x = np.stack([np.sin(1.7 * i) * 2, np.cos(0.9 * i) + 0.05 * i], 1)
    y = (x[:, 0] + 0.5 * x[:, 1] + 1.5 * np.sin(37.0 * i) > 0.4).astype(float)
    return x, y


def fit(x, y, ridge):
    s = 2 * y - 1

    def loss(theta):
        return np.logaddexp(0, -s * (x @ theta[:-1] + theta[-1])).sum() + ridge / 2 * (theta[:-1] ** 2).sum()

    def slope(theta):
        p = 1 / (1 + np.exp(-(x @ theta[:-1] + theta[-1])))
        return np.append(x.T @ (p - y) + ridge * theta[:-1], (p - y).sum())

    found = minimize(loss, np.zeros(x.shape[1] + 1), jac=slope, method="BFGS", options={"gtol": 1e-12, "maxiter": 10000})
    return found.x


if __name__ == "__main__":
    x, y = samples()
    for columns, ridge in (([0, 1], 1.0), ([0, 1], 1e-6), ([0], 0.5)):
        print(columns, ridge, int(y.sum()), " ".join(f"{v:.9f}" for v in fit(x[:, columns], y, ridge)))
