/** What a shell reads once to complete command lines of `client`: each asks the client itself what may stand next. */

const BASH = String.raw`_client_completion() {
  local IFS=$'\n'
  local before
  before=$(printf '%s\n' "${'$'}{COMP_WORDS[@]:0:COMP_CWORD}")
  COMPREPLY=($("$1" completion bash --words "$before"$'\n'"${'$'}{COMP_WORDS[COMP_CWORD]}" 2>/dev/null))
}
complete -o default -F _client_completion client
`;

const ZSH = String.raw`#compdef client
_client_completion() {
  local -a found
  found=("${'$'}{(@f)$("${'$'}{words[1]}" completion zsh --words "${'$'}{(F)words[1,CURRENT]}" 2>/dev/null)}")
  if [[ -n "${'$'}{found[1]}" ]]; then
    compadd -- "${'$'}{found[@]}"
  else
    _files
  fi
}
compdef _client_completion client
`;

const FISH = String.raw`function __client_completion
    set -l before (string join \n -- (commandline -opc) | string collect)
    set -l current (commandline -ct)
    set -l found (client completion fish --words "$before"\n"$current" 2>/dev/null)
    if test (count $found) -gt 0
        printf '%s\n' $found
    else
        __fish_complete_path "$current"
    end
end
complete -c client -f -a '(__client_completion)'
`;

/** The script of each shell. */
export const COMPLETION_SCRIPTS = { bash: BASH, zsh: ZSH, fish: FISH } as const;
export type Shell = keyof typeof COMPLETION_SCRIPTS;
