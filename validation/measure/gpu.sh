#!/bin/sh
# Runs the plan on this machine's GPU, from nothing: environment, jobs, report.
#   ./gpu.sh OUT [--minutes N] [--wheels FOLDER] [--dry-run]
# OUT gets cases.jsonl, snapshots/, log and report.md; what is in OUT/cases.jsonl already is not run again.
# Needs a python3 (or VRAMCAST_MEASURE_PYTHON) that has PyTorch for the GPU, which is left as it is. Other
# packages that it lacks come from FOLDER where one is given, where there is no network, or from PyPI.
# --dry-run reads every job of the plan and installs nothing; it needs no GPU.
set -eu
here=$(CDPATH='' cd "$(dirname "$0")" && pwd -P)
usage() { echo "gpu.sh OUT [--minutes N] [--wheels FOLDER] [--dry-run]: $1" >&2; exit 2; }

out= minutes=25 wheels= dry=
while [ $# -gt 0 ]; do
  case $1 in
    --minutes) [ $# -gt 1 ] || usage "--minutes is without a number"; minutes=$2; shift ;;
    --wheels) [ $# -gt 1 ] || usage "--wheels is without a folder"; wheels=$2; shift ;;
    --dry-run) dry=yes ;;
    -*) usage "there is no $1" ;;
    *) [ -z "$out" ] || usage "OUT is given twice, as $out and $1"; out=$1 ;;
  esac
  shift
done
[ -n "$out" ] || usage "OUT is missing"
[ -z "$wheels" ] || [ -d "$wheels" ] || usage "--wheels: $wheels is no folder"
python=${VRAMCAST_MEASURE_PYTHON:-python3}
command -v "$python" >/dev/null || usage "there is no $python"
export PYTHONPATH="$here" HF_HUB_OFFLINE=1 TOKENIZERS_PARALLELISM=false PYTHONUNBUFFERED=1

if [ -n "$dry" ]; then
  exec "$python" -m vramcast_measure "$here/plan/gpu.jsonl" --gpu --dry-run --minutes "$minutes"
fi

"$python" -c 'import torch; torch.cuda.get_device_name()' || usage "$python has no PyTorch that sees a GPU"
mkdir -p "$out"
environment=$out/.venv
[ -x "$environment/bin/python" ] || "$python" -m venv --system-site-packages "$environment"
missing=$("$environment/bin/python" "$here/plan/missing.py" "$here/requirements/transformers-5.txt")
if [ -n "$missing" ]; then
  # shellcheck disable=SC2086
  "$environment/bin/python" -m pip install --quiet --disable-pip-version-check \
    ${wheels:+--no-index --find-links "$wheels"} $missing
fi
failed=0
"$environment/bin/python" -W ignore -m vramcast_measure "$here/plan/gpu.jsonl" --gpu --minutes "$minutes" \
  --out "$out/cases.jsonl" --snapshot "$out/snapshots" 2>"$out/log" || failed=$?
[ -f "$out/cases.jsonl" ] || { tail -n 20 "$out/log" >&2; exit 1; }
"$environment/bin/python" -m vramcast_measure.report "$here/plan/gpu.jsonl" "$out/cases.jsonl" \
  >"$out/report.md"
cat "$out/report.md"
exit $failed
