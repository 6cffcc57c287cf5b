import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const execute = promisify(execFile)

/** Runs a tool to its end; its output. /sbin is not in an ordinary user's PATH. */
export async function run(
  tool: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<string> {
  const path = `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin`
  const { stdout } = await execute(tool, args, {
    env: { ...process.env, PATH: path, LC_ALL: 'C', ...env },
    maxBuffer: 256 * 2 ** 20,
  })
  return stdout
}
