export const shells = ['bash', 'zsh', 'fish'] as const
export type Shell = (typeof shells)[number]

/** What a shell has to be told so that it asks us. Each asks the very program whose line is being written. */
export function completionScript(shell: Shell): string {
  return scripts[shell]
}

const bash = `# stack completion for bash: add to ~/.bashrc
#   source <(stack completion bash)
_stack_complete() {
  local IFS=$'\\n'
  COMPREPLY=($("\${COMP_WORDS[0]}" __complete "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
}
complete -o default -F _stack_complete stack`

const zsh = `#compdef stack
# stack completion for zsh: add to ~/.zshrc, below compinit
#   source <(stack completion zsh)
_stack() {
  local -a found
  found=("\${(@f)$("\${words[1]}" __complete "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  if [[ -n "\${found[1]}" ]]; then compadd -a found; else _files; fi
}
if [[ "\${funcstack[1]}" == _stack ]]; then _stack "$@"; else compdef _stack stack; fi`

const fish = `# stack completion for fish: write it to ~/.config/fish/completions/stack.fish
#   stack completion fish > ~/.config/fish/completions/stack.fish
function __stack_complete
  set -l words (commandline --tokenize --current-process --cut-at-cursor)
  stack __complete $words[2..-1] (commandline --current-token | string collect --allow-empty) 2>/dev/null
end
complete --command stack --no-files --arguments '(__stack_complete)'`

const scripts: Readonly<Record<Shell, string>> = { bash, zsh, fish }
