# shellcheck shell=bash
# Completion of genserver in bash.

_genserver() {
  local line=${COMP_LINE:0:COMP_POINT} words current begun candidate
  read -ra words <<<"$line"
  [[ $line != *[[:space:]] ]] || words+=('')
  current=${words[${#words[@]} - 1]}
  begun=${current%"${current##*[:=]}"} # bash replaces what follows the last of these
  COMPREPLY=()
  while IFS= read -r candidate; do
    [[ $candidate != *= ]] || compopt -o nospace 2>/dev/null
    printf -v candidate %q "${candidate#"$begun"}"
    COMPREPLY+=("$candidate")
  done < <("$1" __complete "${words[@]:1}" 2>/dev/null)
}

complete -o default -F _genserver genserver
