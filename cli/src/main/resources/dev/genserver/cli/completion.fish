# Completion of genserver in fish.

function __genserver_complete
    set -l words (commandline -opc) (commandline -ct)
    $words[1] __complete $words[2..-1] 2>/dev/null
end

complete -c genserver -f -a '(__genserver_complete)'
for option in token-file ca cert key
    complete -c genserver -l $option -r -F
end
