"""SGD on stacks of networks: `advance` takes the same steps on whatever device the stack lies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from torch import Tensor

from core.engine import cpu, gpu

if TYPE_CHECKING:
    from core.networks import Stack

LOSSES = {"hinge": cpu.HINGE, "logistic": cpu.LOGISTIC, "squared": cpu.SQUARED}


def advance(
    stack: Stack,
    loss: str,
    points: tuple[Tensor, Tensor, Tensor],
    batches: Tensor,
    margin: Tensor,
    rate: Tensor,
    last_update: Tensor,
    step: int,
) -> None:
    """Take one SGD step a batch with every network of the stack, in place; F = f - f at initialization.

    Args:
        stack: the networks, all of them on the mean over the batch of the same loss.
        loss: with u = y F / margin: hinge, margin max(0, 1 - u) = max(0, margin - y F); logistic,
            margin log(1 + exp(-u)); squared, margin (y - F / margin)^2 / 2, for any real y.
        points: x (point, dim), y (point,), f at initialization (point,).
        batches: (step, batch), rows of the points; all networks share them.
        margin: (run,), 1/alpha; rate: (run,), learning rate / batch size.
        last_update: (run,), set to the number of the last step in which any point of the batch had a gradient.
        step: steps taken before.
    """
    if stack.head.is_cuda:
        gpu.advance(stack, loss, points, batches, margin, rate, last_update, step)
        return
    x, y, initial = (part.numpy() for part in points)
    rows = batches.contiguous().numpy()
    settings = (margin.numpy(), rate.numpy(), last_update.numpy())
    weights, factors = stack.arrays(), stack.factors()
    cpu.advance(
        LOSSES[loss], stack.activation_code, weights, factors, x, y, initial, rows, *settings, step, stack.scratch
    )
