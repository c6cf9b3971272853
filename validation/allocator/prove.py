"""Plays lists of operations through PyTorch's own caching allocator and through the model.

prove.py LISTS JAR RESULTS TORCH=PROGRAM...

LISTS is a folder of lists, JAR the program, each PROGRAM one that build.sh made against that
release of PyTorch. Every list runs with every set of options, without a limit and under limits
between what is allocated and what is reserved. RESULTS gets a line a list and set of options: what
the real allocator did, the same under all releases or one line a release. Exit code 1 where the
model differs anywhere.
"""
import collections
import json
import os
import pathlib
import subprocess
import sys

#: expandable segments, max_split_size_mb (0 = none)
OPTIONS = [(False, 0), (True, 0), (False, 128), (True, 128)]
LIMITS = 4
#: more than any list asks for
CARD = str(4 << 40)


def numbers(line):
    """limit=1 runs=1 ... as a dictionary of whole numbers."""
    return {key: int(value) for key, value in (word.split("=") for word in line.split())}


def real(program, path, expandable, split):
    """What PyTorch's allocator did without a limit and under each limit."""
    settings = []
    if expandable:
        settings.append("expandable_segments:True")
    if split:
        settings.append(f"max_split_size_mb:{split}")
    environment = {**os.environ, "TORCH_CPP_LOG_LEVEL": "ERROR", "FAKE_TOTAL": CARD}
    if settings:
        environment["PYTORCH_CUDA_ALLOC_CONF"] = ",".join(settings)
    run = subprocess.run(
        [program, "--spread", str(LIMITS), str(path)],
        env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True)
    return [outcome(numbers(line)) for line in run.stdout.splitlines()]


def outcome(line):
    return [line["limit"], line["runs"], line["at"], line["reserved"]]


def model(java, path, expandable, split, limits):
    """What the model did under the same limits."""
    asked = ",".join(str(limit) for limit in limits)
    java.stdin.write(f"{path}|{int(expandable)}|{split}|{asked}\n")
    java.stdin.flush()
    return [outcome(numbers(java.stdout.readline())) for _ in limits]


def main():
    lists, jar, results = map(pathlib.Path, sys.argv[1:4])
    programs = dict(argument.split("=", 1) for argument in sys.argv[4:])
    java = subprocess.Popen(
        ["java", "-XX:+UseSerialGC", "-Xmx2g", "-cp", str(jar),
         "dev.vramcast.validation.allocator.AllocatorProof", "play"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    same, differs = collections.Counter(), collections.Counter()
    with results.open("w") as out:
        for path in sorted(lists.glob("*.ops")):
            for expandable, split in OPTIONS:
                by_outcome = collections.defaultdict(list)
                for torch, program in programs.items():
                    by_outcome[json.dumps(real(program, path, expandable, split))].append(torch)
                for text, releases in by_outcome.items():
                    runs = json.loads(text)
                    mine = model(java, path, expandable, split, [run[0] for run in runs])
                    for got, wanted in zip(mine, runs):
                        kind = (f"expandable={expandable} max_split_mib={split}",
                                "limited" if wanted[0] else "free")
                        (same if got == wanted else differs)[kind] += len(releases)
                        if got != wanted and sum(differs.values()) < 20:
                            print(f"{path.name} {kind} {releases}: real {wanted}, model {got}")
                    out.write(json.dumps({
                        "list": path.stem, "expandable": expandable, "max_split_mib": split,
                        "torch": releases, "runs": runs}) + "\n")
    java.stdin.close()
    for kind in sorted(same | differs):
        print(*kind, "equal", same[kind], "differs", differs[kind])
    return 1 if differs else 0


if __name__ == "__main__":
    sys.exit(main())
