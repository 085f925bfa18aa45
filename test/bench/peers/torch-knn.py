"""The published way to best-NN in PyTorch: distances by cdist, a running top-k over blocks, then a vote a row for each odd k.

Reads `features.f32` and `labels.i32` of the sets `train` and `probe` from a folder, prints one JSON line.
"""
import argparse
import json
import time

import numpy as np
import torch

parser = argparse.ArgumentParser()
parser.add_argument("folder")
parser.add_argument("--dimension", type=int, required=True)
parser.add_argument("--k", type=int, required=True)
parser.add_argument("--threads", type=int, required=True)
parser.add_argument("--block", type=int, default=1024)
options = parser.parse_args()
torch.set_num_threads(options.threads)


def load(name):
    features = np.fromfile(f"{options.folder}/{name}-features.f32", np.float32).reshape(-1, options.dimension)
    labels = np.fromfile(f"{options.folder}/{name}-labels.i32", np.int32).astype(np.int64)
    return torch.from_numpy(features), torch.from_numpy(labels)


train, train_labels = load("train")
probe, probe_labels = load("probe")

started = time.perf_counter()
processor_started = time.process_time()
distances = labels = None
for first in range(0, len(train), options.block):
    block = torch.cdist(probe, train[first : first + options.block])
    block_labels = train_labels[first : first + options.block].expand(len(probe), -1)
    if distances is not None:
        block = torch.cat([distances, block], 1)
        block_labels = torch.cat([labels, block_labels], 1)
    distances, order = torch.topk(block, min(options.k, block.shape[1]), 1, largest=False)
    labels = block_labels.gather(1, order)
search_seconds = time.perf_counter() - started

# The published vote: for each odd k, row by row, the commonest label, the smallest among equals.
voted = time.perf_counter()
best_accuracy, best_k = -1.0, 0
for k in range(1, options.k + 1, 2):
    right = 0
    for row, truth in zip(labels[:, :k], probe_labels):
        values, counts = row.unique(return_counts=True)
        right += int(values[counts.argmax()] == truth)
    accuracy = right / len(probe) * 100
    if accuracy > best_accuracy:
        best_accuracy, best_k = accuracy, k
print(
    json.dumps(
        {
            "searchSeconds": search_seconds,
            "voteSeconds": time.perf_counter() - voted,
            "processorSeconds": time.process_time() - processor_started,
            "bestAccuracy": best_accuracy,
            "bestK": best_k,
            "software": f"torch {torch.__version__}",
        }
    )
)
