"""kept.py RESULTS: of results of prove.py what the tests keep, one set of options a list."""
import json
import sys

OPTIONS = [(False, 0), (True, 0), (False, 128), (True, 128)]

results = sorted(map(json.loads, open(sys.argv[1])), key=lambda result: int(result["list"][7:]))
for result in results:
    seed = int(result["list"].removeprefix("random-"))
    if (result["expandable"], result["max_split_mib"]) == OPTIONS[seed % len(OPTIONS)]:
        print(json.dumps({"seed": seed, **{k: v for k, v in result.items() if k != "list"}}))
