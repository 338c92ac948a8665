"""Polynomial regression in closed form: dynamics, kernel and exact test loss (Kumar et al. 2023, 2310.06110).

F = alpha dw.x + (alpha epsilon / 2) x^T dM x, with dw and dM the changes of wbar = mean w_i and M = mean w_i w_i^T.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

TARGET_POWER = 0.75
"""E y^2 of y = (beta.x)^2 / 2, beta.x ~ N(0, 1): losses are over it."""


class State(NamedTuple):
    """A network, of any width."""

    mean: Floats  # wbar, (dim,)
    second: Floats  # M, (dim, dim)


class Task(NamedTuple):
    """Points and their target."""

    x: Floats  # (point, dim), N(0, 1 / dim) each
    beta: Floats  # (dim,), |beta|^2 = dim

    @property
    def y(self) -> Floats:
        """(beta.x)^2 / 2, (point,)."""
        return np.asarray((self.x @ self.beta) ** 2 / 2)


def infinite(dimension: int) -> State:
    """Return the untrained network of infinite width, w ~ N(0, I)."""
    return State(np.zeros(dimension), np.eye(dimension))


def state_of(weights: Floats) -> State:
    """Return what F depends on of neurons (neuron, dim)."""
    return State(weights.mean(axis=0), weights.T @ weights / len(weights))


def output(x: Floats, now: State, start: State, alpha: float, epsilon: float) -> Floats:
    """Return F = f - f0 at points (point, dim), (point,)."""
    moved = x @ (now.second - start.second)
    return np.asarray(alpha * (x @ (now.mean - start.mean)) + alpha * epsilon / 2 * (moved * x).sum(axis=1))


def step(task: Task, now: State, gap: Floats, size: float, epsilon: float) -> State:
    """Return the state after a step of gradient descent on the mean of (F - y)^2.

    With g = X^T r / P, G = X^T diag(r) X / P and A = I - kk epsilon G every neuron moves to A w_i - kk g, so that
    wbar' = A wbar - kk g and M' = A M A - kk (A wbar g^T + g wbar^T A) + kk^2 g g^T: derived here.

    Args:
        task: what is trained on.
        now: the state before.
        gap: r = F - y, (point,).
        size: kk = 2 learning rate alpha / N.
        epsilon: weight of the square in the activation.
    """
    pull = task.x.T @ gap / len(gap)
    turn = np.eye(len(pull)) - size * epsilon * ((task.x * gap[:, None]).T @ task.x) / len(gap)
    mean = turn @ now.mean
    cross = np.outer(mean, pull)
    second = turn @ now.second @ turn - size * (cross + cross.T) + size**2 * np.outer(pull, pull)
    return State(mean - size * pull, second)


def neurons_step(task: Task, weights: Floats, gap: Floats, size: float, epsilon: float) -> Floats:
    """Return neurons (neuron, dim) after the same step, each by its own gradient."""
    slope = 1 + epsilon * (weights @ task.x.T)  # phi'(w_i.x), (neuron, point)
    return np.asarray(weights - size * ((slope * gap) @ task.x) / len(gap))


def neurons_output(x: Floats, weights: Floats, alpha: float, epsilon: float) -> Floats:
    """Return f of neurons (neuron, dim) at points, (point,)."""
    before = x @ weights.T
    return np.asarray(alpha * (before + epsilon / 2 * before**2).mean(axis=1))


def kernel(x: Floats, now: State, epsilon: float) -> Floats:
    """Return the tangent kernel over alpha^2 / N: x.x' (1 + epsilon wbar.(x + x') + epsilon^2 x^T M x')."""
    along = x @ now.mean
    inner = 1 + epsilon * (along[:, None] + along) + epsilon**2 * (x @ now.second @ x.T)
    return np.asarray((x @ x.T) * inner)


def test_loss(task: Task, now: State, start: State, alpha: float, epsilon: float) -> tuple[float, float, float]:
    """Return the three parts of E (F - y)^2 over new points: variance, misalignment, linear power.

    With Q = alpha epsilon dM they are (1 - tr Q / D)^2 / 4, |Q - beta beta^T|^2 / (2 D^2) and alpha^2 |dw|^2 / D.
    """
    d = len(task.beta)
    found = alpha * epsilon * (now.second - start.second)
    variance = (1 - np.trace(found) / d) ** 2 / 4
    misalignment = ((found - np.outer(task.beta, task.beta)) ** 2).sum() / (2 * d**2)
    return float(variance), float(misalignment), float(alpha**2 * ((now.mean - start.mean) ** 2).sum() / d)
