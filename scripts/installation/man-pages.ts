import { mkdir, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { manPages } from '../../cli/output/man-page.ts'
import { buildProgram } from '../../cli/program.ts'
import { processTerminal } from '../../cli/terminal.ts'
import { systemClock } from '../../core/runtime/clock.ts'
import { VERSION } from '../../core/model/release.ts'

/** The manual, from the definitions of the commands. */
export async function writeManPages(folder: string): Promise<void> {
  const terminal = processTerminal()
  const program = buildProgram({ env: {}, clock: systemClock, terminal, end: () => {} })
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  for (const { file, text } of manPages(program, VERSION))
    await writeFile(path.join(folder, file), text)
}
