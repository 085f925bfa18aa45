"""PCA to 50 and t-SNE by openTSNE, with its defaults but for the perplexity. Prints one JSON line."""
import json
import sys
import time

import numpy as np
from openTSNE import TSNE

folder, dimension, perplexity, iterations, threads = sys.argv[1], *map(int, sys.argv[2:])
features = np.fromfile(f"{folder}/features.f32", np.float32).reshape(-1, dimension)

started = time.perf_counter()
processor_started = time.process_time()
centred = features - features.mean(0)
values, vectors = np.linalg.eigh(centred.T @ centred)
reduced = centred @ vectors[:, ::-1][:, :50]
embedding = TSNE(perplexity=perplexity, n_iter=iterations - 250, n_jobs=threads, random_state=0).fit(reduced)
print(
    json.dumps(
        {
            "seconds": time.perf_counter() - started,
            "processorSeconds": time.process_time() - processor_started,
            "divergence": float(embedding.kl_divergence),
        }
    )
)
