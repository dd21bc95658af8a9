#!/usr/bin/env bash
# Fails where clang-format would change a source. Exits 77, which CTest counts as skipped, without the version that the
# sources are formatted with: others differ.
set -euo pipefail
cd "$(dirname "$0")/../.."
wanted="version 14."

if ! clang-format --version 2>/dev/null | grep -qF "$wanted"; then
    echo "skipped: clang-format $wanted is not installed"
    exit 77
fi
mapfile -t sources < <(find runtime schedules generators tests bench examples -name '*.cpp' -o -name '*.h' | sort)
echo "clang-format of ${#sources[@]} sources"
((${#sources[@]} > 0))
clang-format --dry-run -Werror "${sources[@]}"
