"""Exact search by faiss (IndexFlatL2), then a vote for all images at once.

Reads what torch-knn.py reads, prints the same JSON line.
"""
import argparse
import json
import time

import faiss
import numpy as np

parser = argparse.ArgumentParser()
parser.add_argument("folder")
parser.add_argument("--dimension", type=int, required=True)
parser.add_argument("--k", type=int, required=True)
parser.add_argument("--threads", type=int, required=True)
options = parser.parse_args()
faiss.omp_set_num_threads(options.threads)


def load(name):
    features = np.fromfile(f"{options.folder}/{name}-features.f32", np.float32).reshape(-1, options.dimension)
    return features, np.fromfile(f"{options.folder}/{name}-labels.i32", np.int32)


train, train_labels = load("train")
probe, probe_labels = load("probe")

started = time.perf_counter()
processor_started = time.process_time()
index = faiss.IndexFlatL2(options.dimension)
index.add(train)
_, order = index.search(probe, options.k)
labels = train_labels[order]
search_seconds = time.perf_counter() - started

voted = time.perf_counter()
rows = np.arange(len(probe))
counts = np.zeros((len(probe), int(train_labels.max()) + 1), np.int32)
best_accuracy, best_k = -1.0, 0
for place in range(options.k):
    counts[rows, labels[:, place]] += 1
    if place % 2 == 0:
        accuracy = float((counts.argmax(1) == probe_labels).mean()) * 100
        if accuracy > best_accuracy:
            best_accuracy, best_k = accuracy, place + 1
print(
    json.dumps(
        {
            "searchSeconds": search_seconds,
            "voteSeconds": time.perf_counter() - voted,
            "processorSeconds": time.process_time() - processor_started,
            "bestAccuracy": best_accuracy,
            "bestK": best_k,
            "software": f"faiss {faiss.__version__}",
        }
    )
)
