#!/usr/bin/env bash
# What action.yml runs: lints the training files that a change touches, and holds them against a card.
#   FILES    paths, a line each; without them those that differ from BASE
#   BASE     a commit; without it the parent. Zeros, as a new branch has, mean all files
#   GPU      a card; without it files are only linted
#   PACKAGE  what is installed: a name with a version, or a wheel
#   SARIF    where the findings are written
set -euo pipefail

venv=${RUNNER_TEMP:-$(mktemp -d)}/vramcast
[ -x "$venv/bin/vramcast" ] || {
  python3 -m venv "$venv"
  "$venv/bin/pip" install --quiet --disable-pip-version-check "${PACKAGE:-vramcast}"
}

changed=()
if [ -n "${FILES:-}" ]; then
  while IFS= read -r path; do [ -z "$path" ] || changed+=("$path"); done <<<"$FILES"
else
  base=${BASE:-HEAD~1}
  list=$(mktemp)
  # Into a file, since nobody hears of a failure inside <(...).
  if [[ $base =~ ^0+$ ]]; then
    echo "there is no commit to hold this one against, so all its files are looked at"
    git ls-tree -r -z --name-only --full-tree HEAD >"$list"
  else
    git diff --name-only --diff-filter=d -z --end-of-options "$base" -- >"$list" || {
      echo "vramcast: git cannot tell what differs from $base; check out with fetch-depth: 0," \
        "or name the files" >&2
      exit 2
    }
  fi
  while IFS= read -r -d '' path; do
    case $path in
      *.yml | *.yaml | *.json | *.sh | *.py | *.ipynb | *.toml | *.slurm | *.sbatch) changed+=("$path") ;;
    esac
  done <"$list"
  rm -f "$list"
fi

options=(--annotations --sarif "${SARIF:-vramcast.sarif}")
[ -z "${GPU:-}" ] || options+=(--gpu "$GPU")
[ -z "${GITHUB_STEP_SUMMARY:-}" ] || options+=(--summary "$GITHUB_STEP_SUMMARY")
exec "$venv/bin/vramcast" gate "${options[@]}" -- "${changed[@]+"${changed[@]}"}"
