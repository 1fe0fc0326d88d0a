# shellcheck shell=bash
# Sourced: the same benchmark at two commits.
# shellcheck source=build.sh
source "${BASH_SOURCE[0]%/*}/build.sh"

# compare COMMIT [--quick] [--rounds N] [WHAT…]: that commit is built in a temporary folder of its own; then the two take turns.
compare() {
  [[ $# -gt 0 && $1 != -* ]] || fail 'compare with which commit? scripts/bench compare COMMIT [--quick] [--rounds N] [WHAT…]'
  local commit=$1 rounds='' quick='' classes=() scenarios=()
  shift
  while [[ $# -gt 0 ]]; do
    case $1 in
      --quick) quick=--quick ;;
      --rounds)
        [[ ${2-} =~ ^[1-9][0-9]*$ ]] || fail '--rounds takes a number'
        rounds=$2
        shift
        ;;
      wire | start) scenarios+=("$1") ;;
      -*) fail "unknown option $1" ;;
      *) classes+=("$1") ;;
    esac
    shift
  done
  rounds=${rounds:-${quick:+1}}
  rounds=${rounds:-3}
  git -C "$root" rev-parse --verify --quiet "$commit^{commit}" >/dev/null || fail "there is no commit $commit"

  work=$(mktemp -d)
  trap 'git -C "$root" worktree remove --force "$work/before" 2>/dev/null; rm -rf "$work"' EXIT
  git -C "$root" worktree add --quiet --detach "$work/before" "$commit"
  bash -c 'source "$1/scripts/lib/build.sh"; use_jdk_25; build_if_stale benchmarks daemon' bash "$work/before"
  build_if_stale benchmarks daemon examples

  if [[ ${#classes[@]} -gt 0 || ${#scenarios[@]} == 0 ]]; then
    compare_jmh "$rounds" "$quick" "${classes[@]-}"
  fi
  local scenario
  for scenario in ${scenarios[@]+"${scenarios[@]}"}; do
    case $scenario in
      wire) compare_daemons wire.Wire --rounds "$rounds" ${quick:+"$quick"} ;;
      start) compare_daemons start.Starts ${quick:+"$quick"} ;;
    esac
  done
}

# compare_daemons SCENARIO [OPTION…]: with the plugins of the working tree.
compare_daemons() {
  "$JAVA_HOME/bin/java" "-Dgenserver.root=$root" -cp "$root/benchmarks/target/benchmarks.jar" "dev.genserver.benchmarks.$1" "${@:2}" \
    --daemon "before=$work/before/daemon/target/genserverd.jar" "now=$root/daemon/target/genserverd.jar"
}

# compare_jmh ROUNDS QUICK [CLASS…]: the one that is first in a round is second in the next.
compare_jmh() {
  local rounds=$1 quick=$2 round side sides=(before now) options=(-f 1 -wi 3 -i 3 -w 1 -r 1)
  shift 2
  [[ -n ${1-} ]] || set -- LocalProcesses HotPath
  [[ -z $quick ]] || options=(-f 1 -wi 1 -i 1 -w 200ms -r 200ms)
  for ((round = 1; round <= rounds; round++)); do
    for side in "${sides[@]}"; do
      run_jmh "$side" "${options[@]}" -rf csv -rff "$work/$side-$round.csv" "$@"
    done
    sides=("${sides[1]}" "${sides[0]}")
  done
  "$JAVA_HOME/bin/java" -cp "$root/benchmarks/target/benchmarks.jar" dev.genserver.benchmarks.compare.Comparison "$work"
}

# run_jmh before|now ARGUMENT…: each on its own options of the JVM. What JMH says is shown if it fails.
run_jmh() {
  local home=$root
  [[ $1 == now ]] || home=$work/before
  shift
  "$JAVA_HOME/bin/java" "@$home/daemon/jvm.options" -jar "$home/benchmarks/target/benchmarks.jar" "$@" >"$work/log" 2>&1 ||
    fail "$(<"$work/log")"
}
