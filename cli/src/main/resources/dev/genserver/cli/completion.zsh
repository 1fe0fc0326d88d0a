#compdef genserver
# Completion of genserver in zsh.

_genserver() {
  local -a candidates
  candidates=("${(@f)$("${words[1]}" __complete "${(@Q)words[2,CURRENT]}" 2>/dev/null)}")
  candidates=("${(@)candidates:#}")
  if (( $#candidates == 0 )); then
    _files
  elif [[ $candidates[1] == *= ]]; then
    compadd -S '' -- "$candidates[@]"
  else
    compadd -- "$candidates[@]"
  fi
}

if [[ $funcstack[1] == _genserver ]]; then
  _genserver "$@"
else
  compdef _genserver genserver
fi
