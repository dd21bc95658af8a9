#!/usr/bin/env bash
# Ours beside oneDNN, XNNPACK, ONNX Runtime, OpenVINO and PyTorch in one run, on every layer of bench/shapes.csv: see
# bench/peers/options.py, or --help. Installs what is missing; the Python packages go to build/venv-peers, of which
# PyTorch with its CUDA libraries is 5 GB: leave it out with --peers onednn,xnnpack,onnxruntime,openvino.
# Results go to bench/results/peers.md, .json and .png. Wants a machine without other load.
set -euo pipefail
source "$(dirname "$0")/lib.sh"
cd "$root"
step_count=5
peers_venv=$root/build/venv-peers

declare -A wheels=(
    [onnxruntime]='onnxruntime==1.32.0 onnx==1.23.2 numpy==2.4.6'
    [openvino]='openvino==2026.4.1 onnx==1.23.2 numpy==2.4.6'
    [pytorch]='torch==2.15.0 onnx==1.23.2 numpy==2.4.6'
)

# install_peer NAME: its Python packages with what these depend on. Says so if pip cannot have them.
install_peer() {
    local record=$peers_venv/peers.txt wanted=()
    read -ra wanted <<<"${wheels[$1]}"
    if grep -qxF "${wanted[*]}" "$record" 2>/dev/null; then return; fi
    echo "      installing ${wanted[*]} into build/venv-peers"
    if "$peers_venv/bin/pip" install --disable-pip-version-check "${wanted[@]}" >"$logs/pip-$1.log" 2>&1; then
        echo "${wanted[*]}" >>"$record"
    else
        echo "      $1 is left out: pip cannot install it, see $logs/pip-$1.log"
    fi
}

for option; do
    if [[ $option == --help || $option == -h ]]; then exec python3 bench/peers/options.py --help; fi
done
peers=$(python3 bench/peers/options.py "$@")

need_build_tools libdnnl-dev libxnnpack-dev libpthreadpool-dev gnuplot-nox
step "Python's peers"
mkdir -p "$logs"
[[ -x $peers_venv/bin/pip ]] || logged venv-peers python3 -m venv "$peers_venv"
[[ -e $peers_venv/numpy.txt ]] || logged pip-numpy "$peers_venv/bin/pip" install --disable-pip-version-check numpy==2.4.6
touch "$peers_venv/numpy.txt"
for peer in $peers; do
    if [[ -v wheels[$peer] ]]; then install_peer "$peer"; fi
done
step "Build the library and conv1d_peers_worker"
configure default
build default --target conv1d_peers_worker
step "Compare"
"$peers_venv/bin/python" bench/peers/compare.py build/bin/conv1d_peers_worker "$@"
end_step
