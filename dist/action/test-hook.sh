#!/bin/sh
# Runs the hook as pre-commit does: this repository at its last commit as the hook's, a new one as the
# user's, the package out of dist/pypi/target/wheels. Takes pre-commit from the registry.
set -eu
cd "$(dirname "$0")/../.."
root=$PWD
work=$root/dist/pypi/target/hook
rm -rf "$work"
mkdir -p "$work/repository"
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q --disable-pip-version-check pre-commit

cd "$work/repository"
git -c init.defaultBranch=main init -q
cat >train.yml <<'END'
base_model: meta-llama/Llama-3.1-8B
adapter: lora
micro_batch_sise: 2
END
printf 'on: push\njobs: {}\n' >other.yml
cat >.pre-commit-config.yaml <<END
repos:
  - repo: $root
    rev: $(git -C "$root" rev-parse HEAD)
    hooks:
      - id: vramcast
END
git add -A
export PRE_COMMIT_HOME="$work/home"
export PIP_FIND_LINKS="$root/dist/pypi/target/wheels"
if "$work/venv/bin/pre-commit" run --all-files >"$work/said" 2>&1; then
  cat "$work/said"
  echo "vramcast: the hook let a misspelt key through" >&2
  exit 1
fi
grep 'train.yml:3:1: warning: micro_batch_sise is not a key' "$work/said" || { cat "$work/said" >&2; exit 1; }
git rm -q --cached train.yml
rm train.yml
"$work/venv/bin/pre-commit" run --all-files

# A file that is named as an option is refused, and writes nothing.
printf 'on: push\n' >--summary=written.yml
git add -A
if "$work/venv/bin/pre-commit" run --all-files >"$work/said" 2>&1 || [ -e written.yml ]; then
  cat "$work/said"
  echo "vramcast: the hook took a file for an option" >&2
  exit 1
fi
grep 'is an option and a file here' "$work/said"
