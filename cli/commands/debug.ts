import { FAILPOINTS } from '../../core/runtime/failpoint-names.ts'
import { group, local, type Register } from '../command.ts'

export const registerDebug: Register = (program, context) => {
  const debug = group(program, 'debug', 'For tests of Holdfast itself')
  local(debug, 'failpoints', 'Places where a fault can be planned', context, async () => ({
    document: FAILPOINTS,
    text: `${FAILPOINTS.join('\n')}\n`,
  })).addHelpText('after', HELP)
}

const HELP = `
Armed by HOLDFAST_FAILPOINTS when a server or an agent starts, for example
  HOLDFAST_FAILPOINTS=commit.after-manifest=kill,pack.after-sync=enospc@3
Actions: kill, throw, enospc, eio, delay:MS; @N acts at the Nth time only.`
