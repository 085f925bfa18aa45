"""The MoCo step of ResNet-18 with the wide head in PyTorch, eager, float32: what `bench step` stands beside.

    torch-step.py --batch 32 --size 64 --queue 4096 --threads 2 --steps 8

Prints one JSON line: version, milliseconds per step (median), peak memory.
"""
import argparse
import json
import resource
import statistics
import time

import torch
from torch import nn
from torch.nn import functional as F


class BasicBlock(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)
        self.downsample = None
        if stride != 1 or inputs != outputs:
            self.downsample = nn.Sequential(nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))

    def forward(self, x):
        around = x if self.downsample is None else self.downsample(x)
        x = F.relu(self.bn1(self.conv1(x)), inplace=True)
        return F.relu(self.bn2(self.conv2(x)) + around, inplace=True)


def resnet18():
    layers = [nn.Conv2d(3, 64, 7, 2, 3, bias=False), nn.BatchNorm2d(64), nn.ReLU(inplace=True), nn.MaxPool2d(3, 2, 1)]
    channels = 64
    for width, stride in [(64, 1), (128, 2), (256, 2), (512, 2)]:
        layers += [BasicBlock(channels, width, stride), BasicBlock(width, width, 1)]
        channels = width
    head = [nn.Linear(channels, 2 * channels), nn.ReLU(inplace=True), nn.Linear(2 * channels, 128)]
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), *head)


def main():
    parser = argparse.ArgumentParser()
    for name, value in dict(batch=32, size=64, queue=4096, threads=2, steps=8).items():
        parser.add_argument(f"--{name}", type=int, default=value)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(0)

    device = "cuda" if torch.cuda.is_available() else "cpu"
    query, key = resnet18().to(device), resnet18().to(device)
    key.load_state_dict(query.state_dict())
    optimizer = torch.optim.SGD(query.parameters(), lr=0.06, momentum=0.9, weight_decay=1e-4)
    queue = F.normalize(torch.randn(128, options.queue, device=device), dim=0)
    views = [torch.randn(options.batch, 3, options.size, options.size, device=device) for _ in range(2)]
    target = torch.zeros(options.batch, dtype=torch.long, device=device)
    pointer = 0

    def step():
        nonlocal pointer
        with torch.no_grad():
            for slow, fast in zip(key.parameters(), query.parameters()):
                slow.mul_(0.999).add_(fast, alpha=0.001)
            k = F.normalize(key(views[1]))
        q = F.normalize(query(views[0]))
        logits = torch.cat([(q * k).sum(1, keepdim=True), q @ queue], dim=1) / 0.1
        loss = F.cross_entropy(logits, target)
        top = logits.topk(5, dim=1).indices
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        queue[:, pointer : pointer + options.batch] = k.T
        pointer = (pointer + options.batch) % options.queue
        return loss.item(), (top == 0).sum().item()

    for _ in range(3):
        step()
    times = []
    for _ in range(options.steps):
        start = time.perf_counter()
        step()
        times.append((time.perf_counter() - start) * 1000)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"version": torch.__version__, "device": device, "msPerStep": statistics.median(times), "peakMiB": peak}))


main()
