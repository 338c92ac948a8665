"""A small ResNet on the ten classes of CIFAR-10, recorded: a plain script of PyTorch, such as anybody has one.

TRAINSCOPE_DATA names the folder with cifar-10-batches-bin; without it, random images show that the script runs.
"""

import gzip
import os
import sys
from pathlib import Path

import numpy as np
import torch
from torch import nn

from core.record import Recorder

CLASSES = ("plane", "car", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck")


def cifar10(kind: str, count: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Return images (count, 3, 32, 32) of zero mean and labels (count,)."""
    folder = os.environ.get("TRAINSCOPE_DATA")
    if not folder:
        images, labels = np.random.default_rng(0).integers(256, size=(count, 3072)), np.arange(count) % 10
    else:
        files = [path for path in sorted(Path(folder).rglob("*_batch*.bin*")) if kind in path.name]
        raw = b"".join(gzip.decompress(f.read_bytes()) if f.suffix == ".gz" else f.read_bytes() for f in files)
        rows = np.frombuffer(raw, np.uint8).reshape(-1, 3073)[:count]
        images, labels = rows[:, 1:], rows[:, 0]
    x = torch.from_numpy(images.astype(np.float32)).reshape(-1, 3, 32, 32) / 127.5 - 1
    return x, torch.from_numpy(labels.astype(np.int64))


class Block(nn.Module):
    """Two convolutions and a shortcut (He et al. 2016, 1512.03385)."""

    def __init__(self, channels: int, out: int, stride: int) -> None:
        super().__init__()
        self.path = nn.Sequential(
            nn.Conv2d(channels, out, 3, stride, 1, bias=False),
            nn.BatchNorm2d(out),
            nn.ReLU(),
            nn.Conv2d(out, out, 3, 1, 1, bias=False),
            nn.BatchNorm2d(out),
        )
        self.shortcut = nn.Conv2d(channels, out, 1, stride, bias=False)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return the sum of path and shortcut, rectified."""
        return torch.relu(self.path(x) + self.shortcut(x))


def resnet() -> nn.Module:
    """Return the network; its first layer leaves 8 x 8 places of the image, so that a CPU is enough."""
    return nn.Sequential(
        nn.Conv2d(3, 16, 5, 4, 2, bias=False),
        nn.BatchNorm2d(16),
        nn.ReLU(),
        Block(16, 16, 1),
        Block(16, 32, 2),
        nn.AdaptiveAvgPool2d(1),
        nn.Flatten(),
        nn.Linear(32, 10),
    )


def main(out: str, steps: int, train_images: int = 50_000, test_images: int = 2_000) -> None:
    """Train, record and save."""
    torch.manual_seed(0)
    x, y = cifar10("data", train_images)
    probe, labels = cifar10("test", test_images)
    model = resnet()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9, weight_decay=5e-4)
    falling = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, steps)
    rec = Recorder(probe, labels, last_step=steps)
    for step in range(steps):
        rec(step, model)
        rows = torch.randint(len(x), (128,))
        images = x[rows] if step % 2 else x[rows].flip(3)
        loss = nn.functional.cross_entropy(model(images), y[rows])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        falling.step()
    rec.save(out)
    rec.explain(x[:2000], y[:2000])  # simpler classifiers, fitted here: no image leaves this machine
    print(rec.save(out))


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
