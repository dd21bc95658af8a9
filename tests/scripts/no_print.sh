#!/usr/bin/env bash
# no_print.sh NM ARCHIVE SOURCES
# Fails if an object that ARCHIVE has of the C++ files in the folder SOURCES refers to what prints or ends the process:
# a library answers by its return values and exceptions.
set -euo pipefail
nm=$1 archive=$2 sources=$3
forbidden='(__)?v?f?d?(printf|puts|putc|putchar|perror|fwrite|write)(_chk)?|abort|_?exit|_Exit|quick_exit|__assert_fail'
forbidden+='|std::(cout|cerr|clog)'

# "object kind symbol" for every symbol, without its version (@GLIBC...).
symbols=$("$nm" -C -A "$archive" | sed -E 's/^[^:]*:([^:]+):[0-9a-f]* +([A-Za-z]) /\1 \2 /; s/@.*//')

objects=0 failures=0
for source in "$sources"/*.cpp; do
    object=$(basename "$source").o
    objects=$((objects + 1))
    if ! grep -qF "$object " <<<"$symbols"; then
        echo "failed: $archive has no $object"
        failures=$((failures + 1))
    elif found=$(grep -xE "${object//./\\.} [Uvw] ($forbidden)" <<<"$symbols"); then
        echo "failed: ${found//$'\n'/, }"
        failures=$((failures + 1))
    fi
done
echo "$objects objects, $failures of them missing, printing or ending the process"
((objects > 0 && failures == 0))
