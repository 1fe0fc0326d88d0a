# shellcheck shell=bash source-path=SCRIPTDIR/../../../../../docs/clients
source ./genserver.sh

attempt() {
  local printed status=0
  printed=$("$@" 2>&1) || status=$?
  case $status in
    1) printed=$(sed -E 's/^([a-z_]+): .*\(executed: ([a-z]+)\)$/\1 \2/' <<<"$printed") ;;
    69) printed='unavailable maybe' ;;
    124) printed='timeout maybe' ;;
  esac
  printf '%s\n' "$printed"
}

genserver_connect 127.0.0.1 "$1"
genserver_cast counter '"reset"'
attempt genserver_call counter '{"type":"add","by":3}'
genserver_cast counter '"reset"'
attempt genserver_call counter '"get"'
attempt genserver_cast countr '"reset"'
attempt genserver_call counter '"gett"'
value=$(printf 'é\\"x%.0s' {1..20000})
genserver_call kv "{\"type\":\"put\",\"key\":\"long\",\"value\":\"$value\"}" | jq -r .type
genserver_call kv '{"type":"get","key":"long"}' | jq length
attempt genserver_call wayward '{"type":"sleep","millis":1000}' 100
genserver_connect 127.0.0.1 "$2"
attempt genserver_call dribbling '"get"' | jq -r .
attempt genserver_call silent '"get"' 100
attempt genserver_call gone '"get"'
