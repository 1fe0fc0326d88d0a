# shellcheck shell=bash
# Calls and casts to a genserverd from bash, over one connection in line mode. Takes jq.

# genserver_connect [HOST [PORT]]
genserver_connect() {
  exec {genserver}<>"/dev/tcp/${1:-127.0.0.1}/${2:-6470}"
  genserver_id=0
}

# genserver_call NAME MESSAGE [MILLISECONDS]: prints the reply. MESSAGE is JSON. Returns 1 if it is refused, with the error
# on stderr; 124 if the daemon says nothing, 69 if it hangs up: the process may have seen it then.
genserver_call() {
  genserver_ask call "$1" "$2" "${3:-5000}" .result
}

# genserver_cast NAME MESSAGE: waits until it is in the mailbox. Returns as genserver_call does.
genserver_cast() {
  genserver_ask cast "$1" "$2" 5000 empty
}

genserver_ask() {
  local id=$((++genserver_id)) answer=''
  jq -cn --arg op "$1" --arg to "$2" --argjson msg "$3" --argjson timeout_ms "$4" --argjson id "$id" \
    '{$op, $id, $to, $msg, $timeout_ms}' >&"$genserver" || return 69
  until [[ $(jq .id <<<"$answer") == "$id" ]]; do
    # The daemon's own timer should be faster.
    IFS= read -r -t $(($4 / 1000 + 2)) answer <&"$genserver" || return $(($? > 128 ? 124 : 69))
  done
  jq -c "if .error then .error | \"\(.code): \(.message) (executed: \(.executed))\\n\" | halt_error(1) else $5 end" <<<"$answer"
}
