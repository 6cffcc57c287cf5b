import { stringify } from 'yaml'
import { shellQuoted } from '../../core/machine/command-words.ts'
import type { PlannedMachine } from '../../core/machine/plan-machine.ts'
import { incomingWords } from './start-vm.ts'

export interface MachineFile {
  readonly name: string
  readonly mode: number
  readonly text: string
}

/**
 * What a restored VM is made of beside its disks: its declaration for an agent, a script that starts
 * it, and where its memory waits one that lets it go on from there.
 */
export function filesOf(
  machine: PlannedMachine,
  point: string,
  memory: string | undefined,
): MachineFile[] {
  const { name, uuid, qmp, guestAgent, start, disks, domain } = machine
  if (domain !== undefined) return [{ name: `${name}.xml`, mode: 0o600, text: domain }]
  if (!start) return []
  const declaration = {
    ...{ name, uuid, qmp },
    ...(guestAgent === undefined ? {} : { guestAgent }),
    ...{ start: [...start], disks: disks.map((disk) => ({ ...disk })) },
  }
  const about = `The VM ${name}, restored from recovery point ${point}.`
  const script = (words: readonly string[]) => `#!/bin/sh\n# ${about}\nexec ${shellQuoted(words)}\n`
  return [
    { name: `${name}.yaml`, mode: 0o644, text: `# ${about}\n${stringify(declaration)}` },
    { name: `${name}.start`, mode: 0o755, text: script(start) },
    ...(memory === undefined
      ? []
      : [
          {
            name: `${name}.resume`,
            mode: 0o755,
            text: script([...start, ...incomingWords(memory)]),
          },
        ]),
  ]
}
