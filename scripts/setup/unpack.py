"""Takes what set-up needs out of the wheels in a folder; prints how far it is.

usage: unpack.py metadata WHEELS | unpack.py unpack WHEELS TARGET
"""
import os
import sys
import zipfile

# the headers that the binding's sources include, directly or through one another
HEADERS = tuple("tensorflow/include/" + part for part in ("tensorflow/c/", "tensorflow/core/platform/", "tsl/platform/", "xla/tsl/c/"))


def is_wanted(name):
    if name.startswith("nvidia/"):
        return not name.endswith("/") and "/include/" not in name
    if name.startswith("tensorflow/libtensorflow"):
        return True
    return name.endswith(".h") and name.startswith(HEADERS)


def wheels(folder):
    return [os.path.join(folder, name) for name in sorted(os.listdir(folder)) if name.endswith(".whl")]


def print_metadata(folder):
    for path in wheels(folder):
        with zipfile.ZipFile(path) as wheel:
            for name in wheel.namelist():
                if name.endswith(".dist-info/METADATA"):
                    print(wheel.read(name).decode("utf-8", "replace"))


def unpack(folder, target):
    opened = [zipfile.ZipFile(path) for path in wheels(folder)]
    entries = [(wheel, info) for wheel in opened for info in wheel.infolist() if is_wanted(info.filename)]
    total = sum(info.file_size for _, info in entries)
    done = told = 0
    for wheel, info in entries:
        path = os.path.join(target, *info.filename.split("/"))
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with wheel.open(info) as source, open(path, "wb") as sink:  # checks the CRC at the end
            while chunk := source.read(1 << 22):
                sink.write(chunk)
                done += len(chunk)
                if done - told > total / 100:
                    told = done
                    print(f"{done * 100 // total} % of {total // 1000000} MB", flush=True)
        if (info.external_attr >> 16) & 0o111:
            os.chmod(path, 0o755)
    if not entries:
        raise SystemExit("error: the wheel holds no libtensorflow")


if __name__ == "__main__":
    if sys.argv[1] == "metadata":
        print_metadata(sys.argv[2])
    else:
        unpack(sys.argv[2], sys.argv[3])
