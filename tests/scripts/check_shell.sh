#!/usr/bin/env bash
# Fails where shellcheck objects to a shell script. Exits 77, which CTest counts as skipped, without shellcheck.
set -euo pipefail
cd "$(dirname "$0")/../.."

if ! command -v shellcheck >/dev/null; then
    echo "skipped: shellcheck is not installed"
    exit 77
fi
shellcheck .ci/run scripts/*.sh tests/scripts/*.sh
