# shellcheck shell=bash
# Sourced by the scripts beside this folder: where the project is, its JDK, and building what is missing or stale.
# Written for bash 3.2, which macOS has. What it says goes to stderr; stdout belongs to the programs.

root=${BASH_SOURCE[0]%/scripts/lib/*}

fail() {
  printf '%s\n' "$@" >&2
  exit 1
}

# is_jdk VERSION HOME: reads the release file, since starting java to ask would cost the command line its speed.
is_jdk() {
  [[ -n $2 && -x $2/bin/javac && -r $2/release && $(<"$2/release") == *"JAVA_VERSION=\"$1"[.\"]* ]]
}

# find_jdk VERSION: sets jdk to the home of an installed one.
find_jdk() {
  local variable="JDK_$1" other="JAVA_HOME_$1" java
  for jdk in "${JAVA_HOME:-}" "${!variable:-}" "${!other:-}" /usr/lib/jvm/* /opt/java/* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home "${HOME:-}"/Library/Java/JavaVirtualMachines/*/Contents/Home \
    "${HOME:-}"/.sdkman/candidates/java/* "${HOME:-}"/.jdks/*; do
    if is_jdk "$1" "$jdk"; then return; fi
  done
  if java=$(command -v java) && java=$(readlink -f "$java"); then
    jdk=${java%/bin/java}
    if is_jdk "$1" "$jdk"; then return; fi
  fi
  jdk=''
  return 1
}

use_jdk_25() {
  find_jdk 25 || fail \
    'genserverd needs a JDK 25; none was found in JAVA_HOME, JDK_25, JAVA_HOME_25, /usr/lib/jvm, /opt/java, sdkman or on the PATH.' \
    'Install Eclipse Temurin 25 (temurin-25-jdk from Adoptium'"'"'s packages on Debian, Ubuntu, Fedora and RHEL;' \
    '"brew install --cask temurin@25" on macOS; "sdk install java 25-tem" with sdkman), or set JAVA_HOME to a JDK 25.'
  export JAVA_HOME=$jdk
}

# run_maven ARGUMENT…: in the project's root, on the JDK 25.
run_maven() {
  local version
  version=$(mvn -v 2>/dev/null | sed -n 's/.*Apache Maven \([0-9.]*\).*/\1/p') || true
  [[ -n $version ]] || fail 'Building genserverd needs Maven 3.8.7 or later as "mvn" on the PATH; install the package "maven".'
  [[ $(printf '%s\n' 3.8.7 "$version" | sort -V | head -n 1) == 3.8.7 ]] ||
    fail "Building genserverd needs Maven 3.8.7 or later; \"mvn\" on the PATH is $version. Install a newer one."
  # Maven's own libraries use what a JDK 25 warns about, and end their output with an escape code.
  (cd "$root" && MAVEN_OPTS="--sun-misc-unsafe-memory-access=allow --enable-native-access=ALL-UNNAMED -Djansi.noreset=true ${MAVEN_OPTS:-}" \
    mvn --batch-mode --no-transfer-progress "$@")
}

# describe PROGRAM: sets modules to what it is made of, projects to what Maven is asked for, artifact to what that leaves.
describe() {
  case $1 in
    daemon) modules=(sdk runtime protocol daemon) projects=(daemon) artifact=daemon/target/genserverd.jar ;;
    cli) modules=(protocol cli) projects=(cli) artifact=cli/target/genserver.jar ;;
    benchmarks)
      modules=(sdk runtime protocol client-java daemon testkit examples/counter benchmarks) projects=(benchmarks)
      artifact=benchmarks/target/benchmarks.jar
      ;;
    system-tests)
      modules=(sdk runtime protocol client-java daemon cli testkit examples system-tests) projects=(system-tests)
      artifact=system-tests/target/system-tests.jar
      ;;
    examples) modules=(sdk examples) projects=("$root"/examples/*/pom.xml) artifact=examples/counter/target/counter.jar ;;
  esac
}

# is_stale PROGRAM: whether it was never built, or one of its sources or poms has changed since.
is_stale() {
  local modules projects artifact built="$root/target/built/$1"
  describe "$1"
  [[ -f $built && -f $root/$artifact ]] || return 0
  [[ -n $(find "$root/pom.xml" "${modules[@]/#/$root/}" -name target -prune -o \
    \( -name pom.xml -o -name jvm.options -o -path '*/src/main*' \) -newer "$built" -print -quit) ]]
}

# build PROGRAM…: what it takes to run them; tests and format check are the business of scripts/test.
build() {
  local program modules projects artifact list='' started="$root/target/built/.started"
  for program in "$@"; do
    describe "$program"
    projects=("${projects[@]#"$root/"}") # Maven takes paths below the root only
    list+=$(printf ',%s' "${projects[@]%/pom.xml}")
  done
  printf 'building %s, sources changed or not built yet\n' "$*" >&2
  touch "$started" # what is edited while Maven runs counts as newer
  run_maven --quiet --also-make --projects "${list#,}" -Dquick -Dmaven.test.skip=true -Dspotless.check.skip=true package >&2 ||
    fail "the build of $* failed, see above; nothing was started"
  for program in "$@"; do
    # man -M cli/target/share/man shows the pages.
    [[ $program != cli ]] || { rehearse_cli && write_manual "$root/cli/target/share/man/man1"; }
    cp -p "$started" "$root/target/built/$program"
  done
}

# rehearse_cli: makes its AOT cache. Without one it starts all the same, only slower.
rehearse_cli() {
  local target="$root/cli/target"
  rm -f "$target/genserver.aot"
  "$JAVA_HOME/bin/java" "@$root/cli/jvm.options" "-XX:AOTCacheOutput=$target/genserver.aot" \
    -cp "$target/genserver.jar" dev.genserver.cli.Rehearsal >/dev/null 2>&1 || true
}

# write_manual FOLDER: a page for each command of it.
write_manual() {
  "$JAVA_HOME/bin/java" "@$root/cli/jvm.options" -cp "$root/cli/target/genserver.jar" dev.genserver.cli.ManPages "$1"
}

# build_if_stale PROGRAM…: one build for those that need it, and one at a time where there is flock.
build_if_stale() {
  stale_among "$@"
  [[ ${#stale[@]} -gt 0 ]] || return 0
  mkdir -p "$root/target/built"
  exec 9>"$root/target/built/.lock"
  if command -v flock >/dev/null && ! flock --nonblock 9; then
    echo 'waiting for another build to end' >&2
    flock 9
    stale_among "$@"
  fi
  [[ ${#stale[@]} == 0 ]] || build "${stale[@]}"
  exec 9>&-
}

# stale_among PROGRAM…: sets stale to those that are.
stale_among() {
  local program
  stale=()
  for program in "$@"; do
    if is_stale "$program"; then stale+=("$program"); fi
  done
}
