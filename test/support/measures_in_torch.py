"""What the published evaluations come to, by PyTorch and Pillow: best-NN, instance discrimination, statistics; as JSON.

measures_in_torch.py <MoCo checkpoint> <folder with train and val> <static set> <image size> <K>
"""

import json
import os
import sys

import torch
from features_in_torch import centre_crop, features_of, load_net, read
from torch.nn.functional import normalize

checkpoint_path, data, static, size, most = sys.argv[1:]
size, most = int(size), int(most)
net = load_net(checkpoint_path)


def labelled(folder):
    paths, labels = [], []
    for label, name in enumerate(sorted(os.listdir(folder))):
        for file in sorted(os.listdir(os.path.join(folder, name))):
            paths.append(os.path.join(folder, name, file))
            labels.append(label)
    return paths, torch.tensor(labels)


def best_neighbours():
    (train, train_labels), (val, val_labels) = (labelled(os.path.join(data, split)) for split in ["train", "val"])
    bank, queries = (features_of(net, [centre_crop(read(path), size) for path in paths]) for paths in [train, val])
    nearest = train_labels[torch.cdist(queries.double(), bank.double()).topk(most, largest=False).indices]
    accuracy = {}
    for k in range(1, most + 1, 2):
        votes = torch.stack([torch.bincount(row[:k], minlength=100) for row in nearest])
        accuracy[k] = (votes.argmax(1) == val_labels).double().mean().item() * 100
    return accuracy


names = sorted({path.rsplit("-", 1)[0] for path in labelled(static)[0]})
classes = [name.split("/")[-2] for name in names]
views = [
    normalize(features_of(net, [prepare(read(f"{name}-{number}.jpeg")) for name in names]).double())
    for number, prepare in enumerate([lambda image: centre_crop(image, size), lambda image: image, lambda image: image])
]


def instance_discrimination(queries, positives):
    among = queries @ queries.T
    own = (queries * positives).sum(1, keepdim=True)
    ranks = torch.cat([own, among], 1).argsort(1, descending=True).eq(0).nonzero()[:, 1]
    found = {}
    for name, rank in zip(classes, ranks.tolist()):
        found.setdefault(name, []).append(rank)
    # A query itself takes the first rank.
    shares = [[sum(rank <= k for rank in mine) / len(mine) for k in range(1, 6)] for mine in found.values()]
    return [100 * sum(column) / len(column) for column in zip(*shares)]


def within_classes(rows):
    groups = [rows[[place for place, name in enumerate(classes) if name == one]] for one in sorted(set(classes))]
    return torch.stack([torch.pdist(group).pow(2).mean() for group in groups]).mean().item()


def uniformity(rows):
    return torch.pdist(rows).pow(2).mul(-2).exp().mean().log().item()


d, sd, other = views
print(
    json.dumps(
        {
            "accuracyByK": best_neighbours(),
            "d-sd": instance_discrimination(d, sd),
            "sd-sd": instance_discrimination(sd, other),
            "stats": {
                "alignmentDSd": (2 - 2 * (d * sd).sum(1).mean()).item(),
                "alignmentSdSd": (2 - 2 * (sd * other).sum(1).mean()).item(),
                "classAlignmentD": within_classes(d),
                "classAlignmentSd": within_classes(sd),
                "uniformityDAllPairs": uniformity(d),
                "uniformitySdAllPairs": uniformity(sd),
            },
        }
    )
)
