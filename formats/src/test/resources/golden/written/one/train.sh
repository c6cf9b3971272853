#!/bin/bash
# Written by a test
set -eu
cd "$(dirname "$0")"
axolotl train axolotl.yaml
