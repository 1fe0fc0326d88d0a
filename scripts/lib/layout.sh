# shellcheck shell=bash
# Sourced: what is built, laid out as Debian has it, below a folder.
# shellcheck source=build.sh
source "${BASH_SOURCE[0]%/*}/build.sh"

# copy MODE FILE… FOLDER: with their times, as the AOT caches know the jars by them.
copy() {
  local mode=$1 folder=${*: -1}
  shift
  install -d -m 755 "$folder"
  install -p -m "$mode" "${@:1:$#-1}" "$folder"
}

# lay_out DESTDIR: all but a JVM.
lay_out() {
  local destination=${1%/} lib=${1%/}/usr/lib/genserverd
  copy 755 "$root"/deploy/bin/* "$destination/usr/bin"
  copy 644 "$root"/deploy/lib/* "$root/daemon/target/genserverd.jar" "$root/cli/target/genserver.jar" "$lib"
  copy 644 "$root"/daemon/target/lib/*.jar "$lib/lib"
  copy 644 "$root"/cli/target/lib/*.jar "$lib/lib" # the same and of the same build, where both have one
  install -p -m 644 "$root/daemon/jvm.options" "$lib/genserverd.options"
  install -p -m 644 "$root/cli/jvm.options" "$lib/genserver.options"
  install -d -m 755 "$destination"/{usr/share/man/man1,usr/lib/sysusers.d,etc/genserverd,var/lib/genserverd/plugins}
  write_manual "$destination/usr/share/man/man1"
  copy 644 "$root/deploy/systemd/genserverd.service" "$destination/usr/lib/systemd/system"
  install -p -m 644 "$root/deploy/systemd/genserverd.sysusers.conf" "$destination/usr/lib/sysusers.d/genserverd.conf"
  configure "$destination/etc/genserverd/genserverd.yaml"
}

# configure FILE: the commented sample, with the plugin folder of this layout; a file that is there stays, the new one beside it.
configure() {
  local file=$1 new
  new=$(sed 's|^  dir: plugins$|  dir: /var/lib/genserverd/plugins|' "$root/docs/genserverd.yaml")
  if [[ -f $file && $(<"$file") != "$new" ]]; then
    printf '%s was there and stays; what it would be now is in %s.new\n' "$file" "$file" >&2
    file+=.new
  fi
  printf '%s\n' "$new" >"$file"
  chmod 644 "$file"
}

# modules: all that Java SE has but windows and sound, as plugins may use what they like; of the JDK's own what a server may want,
# jcmd for a look inside among it; and those of the variable MODULES.
modules() {
  "$JAVA_HOME/bin/java" --list-modules | sed 's/@.*//' | grep '^java\.' | grep -vE '^java\.(se|desktop|smartcardio)$'
  printf 'jdk.%s\n' attach charsets httpserver jcmd jfr management management.agent naming.dns net nio.mapmode security.auth \
    security.jgss unsupported xml.dom zipfs
  tr ',' '\n' <<<"${MODULES:-}" | sed '/^$/d'
}

# add_jre DESTDIR: a JVM of those modules alone.
add_jre() {
  local jre=${1%/}/usr/lib/genserverd/jre jar machine
  rm -rf "$jre"
  "$JAVA_HOME/bin/jlink" --add-modules "$(modules | paste -sd,)" --no-man-pages --no-header-files --output "$jre"
  # The native library of Netty's transport, where the JVM looks first. Else it is unpacked into the temporary folder at each
  # start, and where that cannot be, or nothing may be run from there, the transport is a slower one.
  machine=$(uname -m | sed 's/aarch64/aarch_64/')
  for jar in "${jre%/jre}"/lib/netty-transport-native-epoll-*-linux-"$machine".jar; do
    (cd "$jre/lib" && "$JAVA_HOME/bin/jar" --extract --file "$jar" META-INF/native && mv META-INF/native/*.so . && rm -r META-INF)
  done
  chmod -R u=rwX,go=rX "$jre"
}

# rehearse DESTDIR: one short life of each program on its JVM, which writes down what it has loaded and linked.
rehearse() {
  local lib=${1%/}/usr/lib/genserverd
  rm -f "$lib"/*.aot
  "$lib/jre/bin/java" "@$lib/genserver.options" "-XX:AOTCacheOutput=$lib/genserver.aot" \
    -cp "$lib/genserver.jar" dev.genserver.cli.Rehearsal >/dev/null 2>&1 || true
  rehearse_daemon "$lib"
  [[ -f $lib/genserver.aot && -f $lib/genserverd.aot ]] || fail "the JVM in $lib/jre made no AOT cache of its rehearsal"
  chmod 644 "$lib"/*.aot
}

# rehearse_daemon LIB: it loads a plugin, is asked over each of its ports, and ends in order.
rehearse_daemon() {
  local lib=$1 work address='' admin
  work=$(mktemp -d)
  mkdir "$work/plugins"
  cp "$root/examples/counter/target/counter.jar" "$work/plugins"
  # In the foreground timeout hands SIGTERM on once; else twice, and the second ends the daemon at once.
  timeout --foreground 300 "$lib/jre/bin/java" "@$lib/genserverd.options" "-XX:AOTCacheOutput=$lib/genserverd.aot" \
    -jar "$lib/genserverd.jar" --listen 127.0.0.1:0 --admin 127.0.0.1:0 --plugins "$work/plugins" >"$work/log" 2>&1 &
  while kill -0 $! 2>/dev/null && [[ -z $address ]]; do
    sleep 0.1
    address=$(sed -n 's/^genserverd .* ready on //p' "$work/log")
  done
  if [[ -n $address ]]; then
    ask "$address" '{"op":"call","id":1,"to":"counter","msg":{"type":"add","by":1}}'
    admin=$(sed -n 's/.*admin listens address=\/*\([^ ]*\).*/\1/p' "$work/log")
    ask "$admin" $'GET /readyz HTTP/1.1\r\nHost: localhost\r\n\r'
    kill -TERM $!
  fi
  wait $! || fail "the daemon's rehearsal failed:" "$(<"$work/log")"
  rm -rf "$work"
}

# ask ADDRESS REQUEST: and wait for the first line of the answer.
ask() {
  exec 3<>"/dev/tcp/${1/://}"
  printf '%s\n' "$2" >&3
  read -r -t 20 <&3 || fail "no answer from $1 to: $2"
  exec 3>&-
}
