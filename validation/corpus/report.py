"""What became of the files of a corpus, as tables."""

import re
from collections import Counter, defaultdict

# What a file leaves to its user: another file, or a value.
OPEN = "needs a file or a value from elsewhere"

# A model of which the program has no configuration without the network.
UNKNOWN_MODEL = "model that is not known offline"


def reason(row):
    """Why a file got no answer, without what is particular to the file."""
    text = row["reason"]
    if re.search(r"is no model that|unknown model|not in the catalogue|no model .* offline|offline", text):
        return UNKNOWN_MODEL
    text = re.sub(r"^(\.\.\.)?.*?\.(sh|py|ipynb|ya?ml|md|json)(:\d+)*: ?", "", text)
    text = re.sub(r"^[^\s:]+:(\d+:)*(\d+)?:?\s*", "", text)
    text = re.sub(r"'[^']*'|\"[^\"]*\"", "'...'", text)
    text = re.sub(r"\d+", "N", text)
    return text[:110]


# What the frameworks' own code refuses: of our reason, and where theirs is.
REFUSED_TOO = [
    (r"optimizer\.name is adamw-8bit of bitsandbytes, whose kernels take no DTensor", "axolotl",
     "src/axolotl/utils/schemas/validation.py check_fsdp2_w_8bit_optimizer: FSDP2 not compatible with the optimizer"),
    (r"model\.quantization\.scheme is int8, but parallelism\.strategy fsdp1", "axolotl",
     "torch/distributed/fsdp/_flat_param.py _validate_tensors_to_flatten: Cannot flatten integer dtype tensors"),
    (r"use_scattermoe is '?true'?, but experts in fp8 stop at it", "axolotl",
     "transformers/integrations/moe.py ExpertsInterface.get_interface, for finegrained_fp8.py FP8Experts: `scattermoe` is not a "
     "valid experts implementation registered in the `ExpertsInterface`"),
    (r"mixture_of_depths is '?convert'?, but MoD 1\.2\.0 stops in the first pass", "llama-factory",
     "MoD/MoD.py MoD.forward: missing required positional arguments 'output_attentions' and 'use_cache' (Transformers 4.55.0 to 4.57.6; "
     "of 5.0 to 5.6 MoD/modeling/automodeling.py imports TRANSFORMERS_CACHE, which is gone)"),
]


def refused_too(row):
    """Where the framework's own code refuses a file as we do; empty where we alone do."""
    if outcome(row) != "refused":
        return ""
    return next((where for pattern, framework, where in REFUSED_TOO
                 if framework == row["framework"] and re.search(pattern, row["reason"])), "")


def is_open(row):
    return re.search(r"^\S*\s*trains by|filled in from outside|which is not there|no such file or folder|^no model; give", row["reason"]
                     ) or " trains by " in row["reason"]


def outcome(row):
    """What became of a file, of the columns of the first table."""
    if row["outcome"] != "refused":
        return row["outcome"]
    if reason(row) == UNKNOWN_MODEL:
        return UNKNOWN_MODEL
    return OPEN if is_open(row) else "refused"


def counts(rows):
    by = defaultdict(Counter)
    for row in rows:
        by[row["framework"]][outcome(row)] += 1
        by[row["framework"]]["refused too"] += bool(refused_too(row))
        by[row["framework"]]["disagreements"] += bool(row["disagreements"])
        by[row["framework"]]["values"] += row["compared"]
        by[row["framework"]]["files"] += 1
    return by


def share(count, *right):
    known = count["files"] - count[UNKNOWN_MODEL] - count[OPEN]
    return f"{100 * sum(count[each] for each in right) / known:.1f} %" if known else "-"


HEAD = ["framework", "files", "answered", "refused", "not modelled", "model unknown offline", "left open",
        "crashed", "values compared", "files that disagree", "answered of the rest", "or rightly refused"]


def lines(rows):
    by = counts(rows)
    total = Counter()
    for framework in sorted(by):
        total.update(by[framework])
    for framework, count in [*sorted(by.items()), ("all", total)]:
        yield [framework, count["files"], count["answered"], count["refused"], count["not modelled"],
               count[UNKNOWN_MODEL], count[OPEN], count["crashed"], count["values"], count["disagreements"],
               share(count, "answered"), share(count, "answered", "refused too")]


def markdown(head, body):
    yield "| " + " | ".join(head) + " |"
    yield "|---" + "|--:" * (len(head) - 1) + "|"
    for line in body:
        yield "| " + " | ".join(str(cell) for cell in line) + " |"


def table(rows):
    return "\n".join(markdown(HEAD, lines(rows)))


def reasons(rows, most):
    by = Counter()
    example = {}
    for row in rows:
        if row["outcome"] != "answered":
            said = {UNKNOWN_MODEL: "model unknown", OPEN: "left open"}.get(outcome(row), row["outcome"])
            key = (row["framework"], said, reason(row))
            by[key] += 1
            example.setdefault(key, row["source"])
    body = []
    for (framework, said, why), number in by.most_common(most):
        body.append([framework, number, said, why.replace("|", "/"), example[framework, said, why]])
    for row in rows:
        for what in row["disagreements"]:
            body.append([row["framework"], 1, "disagrees", what.replace("|", "/"), row["source"]])
    return "\n".join(markdown(["framework", "files", "outcome", "reason", "first file"], body))


PAGE = """# Training files of others

What becomes of the training files that the frameworks' own packages hold, without the network. Made by
[`validation/corpus`](../validation/corpus/README.md), which finds the files and reads their values by rules of its
own; [training-files.md](training-files.md) says what the readers promise.

{table}

*Not modelled* is an answer without a figure: a stage or a model that nothing is known of yet. *Left open* are files
that name another one which the package does not hold, or a value that its user fills in. Values of
answered files are compared with those that stand in them: model, batch, accumulation, length, rank, scale, degrees,
method and bits, where a rule that knows nothing of the readers finds them. The last two columns leave out what is left open and models of
which the program has no configuration offline; the last one adds files that the framework's own code refuses as well, for a reason that is below.

## Why files are not answered

{reasons}

## Refused by the framework's own code too

{too}

## Packages

{packages}
"""


def page(rows, packages):
    listed = "\n".join(f"* {package}" for package in packages)
    too = Counter(refused_too(row) for row in rows if refused_too(row))
    told = "\n".join(f"* {number} files: `{where}`" for where, number in too.most_common()) or "None."
    return PAGE.format(table=table(rows), reasons=reasons(rows, 60), too=told, packages=listed)
