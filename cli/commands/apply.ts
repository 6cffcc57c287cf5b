import { remote, type Register } from '../command.ts'
import type { ApplyOptions } from '../configuration/apply-file.ts'

export const registerApply: Register = (program, context) => {
  const description = 'Make protection groups and settings those of a file: shows a plan, and asks'
  remote<ApplyOptions>(program, 'apply', description, context, async (input) => {
    // Read when it is needed: it brings its validator along, and other commands need none.
    const { applyFile } = await import('../configuration/apply-file.ts')
    return applyFile(input)
  })
    .requiredOption('-f, --file <file>', 'YAML as `get -o yaml` prints it; - is standard input')
    .option('--prune', 'groups that the file does not name end; their points are kept')
    .option('--plan', 'only show what would come of it')
    .option('--yes', 'do not ask')
    .addHelpText('after', EXAMPLES)
}

const EXAMPLES = `
Examples:
  holdfast get -o yaml > fleet.yaml
  holdfast apply -f fleet.yaml --plan
  holdfast apply -f fleet.yaml --yes`
