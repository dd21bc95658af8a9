# shellcheck shell=bash
# Set-up shared by run.sh and test.sh, which source it. Works in build/, the folder that CMakePresets.json names.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
venv=$root/build/venv
logs=$root/build/logs

steps=0
# step TITLE: announces the next step and says how long the one before took. The script that sources this file sets
# step_count.
step() {
    end_step
    steps=$((steps + 1))
    step_start=$SECONDS
    printf '\n[%d/%d] %s\n' "$steps" "${step_count:?}" "$1"
}

end_step() {
    ((steps == 0)) || printf '      %d s\n' $((SECONDS - step_start))
}

stop() {
    printf '%s: %s\n' "$(basename "$0")" "$1" >&2
    exit 1
}

# logged NAME COMMAND...: its output goes to build/logs/NAME.log, and here if it fails.
logged() {
    local log=$logs/$1.log
    shift
    mkdir -p "$logs"
    "$@" >"$log" 2>&1 </dev/null && return
    cat "$log" >&2
    stop "'$*' failed; what it said is above and in $log"
}

as_root() {
    if ((EUID == 0)); then "$@"; else sudo "$@"; fi
}

can_install() {
    ((EUID == 0)) || command -v sudo >/dev/null || return
    grep -qx 'ID=debian' /etc/os-release && grep -qx 'VERSION_ID="12"' /etc/os-release
}

# missing_packages NAME[:ARCHITECTURE]...: those that are not installed, one a line.
missing_packages() {
    local package wanted
    for package; do
        wanted=$(dpkg --print-architecture)
        [[ $package == *:* ]] && wanted=${package#*:}
        dpkg-query -W -f '${db:Status-Status} ${Architecture}\n' "${package%:*}" 2>/dev/null |
            grep -qxE "installed ($wanted|all)" || echo "$package"
    done
}

# need_packages NAME[:ARCHITECTURE]...: installs the Debian packages that are missing.
need_packages() {
    local missing
    command -v dpkg-query >/dev/null || stop "this is not Debian 12; the packages it would need here: $*"
    mapfile -t missing < <(missing_packages "$@")
    if ((${#missing[@]} == 0)); then
        echo "      all are installed"
        return
    fi
    can_install || stop "missing packages: ${missing[*]}; they can be installed on Debian 12 as root or with sudo"
    echo "      installing ${missing[*]}"
    if [[ ${missing[*]} == *:arm64* ]]; then as_root dpkg --add-architecture arm64; fi
    logged apt-update as_root apt-get -q update
    logged apt-install as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get -q install -y --no-install-recommends "${missing[@]}"
}

# need_wheels REQUIREMENT...: installs the Python packages that are missing, without what these depend on, into
# build/venv. Puts its programs on PATH, and sets HALIDE_HOME, which CMakePresets.json reads.
need_wheels() {
    local record=$venv/wheels.txt missing=() wheel
    for wheel; do
        grep -qxF "$wheel" "$record" 2>/dev/null || missing+=("$wheel")
    done
    if ((${#missing[@]} == 0)); then
        echo "      all are installed"
    else
        echo "      installing ${missing[*]} into build/venv"
        [[ -x $venv/bin/pip ]] || logged venv python3 -m venv "$venv"
        logged pip "$venv/bin/pip" install --no-deps --disable-pip-version-check "${missing[@]}"
        printf '%s\n' "${missing[@]}" >>"$record"
    fi
    export PATH=$venv/bin:$PATH
    HALIDE_HOME=$(echo "$venv"/lib/python3*/site-packages/halide)
    export HALIDE_HOME
}

# need_build_tools [PACKAGE...]: two steps that install what building needs, and these Debian packages.
need_build_tools() {
    step "Debian packages"
    need_packages g++ python3-venv pkgconf libsndfile1-dev libcli11-dev nlohmann-json3-dev libbenchmark-dev libgtest-dev "$@"
    step "CMake, Ninja and Halide"
    need_wheels 'halide==21.0.0' 'cmake>=3.28,<4' 'ninja>=1.11'
}

configure() {
    logged "configure-$1" cmake --preset "$1"
}

# build PRESET [OPTION...]
build() {
    cmake --build --preset "$1" --parallel "$(nproc)" "${@:2}"
}

# NVIDIA's assembler, which the GPU kernels' tests call. Not in Debian: taken from PyPI unless it is installed.
need_ptxas() {
    command -v ptxas >/dev/null && return
    need_wheels 'nvidia-cuda-nvcc-cu12==12.9.86'
    ln -sf "$venv"/lib/python3*/site-packages/nvidia/cuda_nvcc/bin/ptxas "$venv/bin/ptxas"
}
