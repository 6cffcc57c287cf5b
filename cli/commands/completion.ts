import { Argument } from 'commander'
import { local, type Register } from '../command.ts'
import { completionScript, SHELLS, type Shell } from '../output/completion-script.ts'
import { first } from '../input/operand.ts'

export const registerCompletion: Register = (program, context) => {
  const description = 'A script that completes commands and options in a shell'
  const command = local(program, 'completion', description, context, async ({ args }) => {
    // commander has refused every other word.
    const shell = first(args) as Shell
    const script = completionScript(program, shell)
    return { document: { shell, script }, text: script }
  })
  command.addArgument(new Argument('<shell>', 'which shell').choices(SHELLS))
  command.addHelpText('after', HELP)
}

const HELP = `
Examples:
  holdfast completion bash > /etc/bash_completion.d/holdfast
  holdfast completion zsh > "\${fpath[1]}/_holdfast"
  holdfast completion fish > ~/.config/fish/completions/holdfast.fish`
