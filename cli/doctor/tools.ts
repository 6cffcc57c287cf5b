import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { advice, fine, type Finding, lacking, reasonOf } from './finding.ts'

const run = promisify(execFile)
const NODE_MAJOR = 24

export function checkNode(version = process.versions.node): Finding {
  if (Number.parseInt(version, 10) >= NODE_MAJOR) return fine('node', `Node ${version}`)
  const hint = 'in a checkout: npm run setup; else put Node 24 first in PATH'
  return lacking('node', `Node ${version} is too old`, hint)
}

interface Tool {
  readonly name: string
  readonly debianPackage: string
  readonly purpose: string
  readonly isNeeded: boolean
}

const TOOLS: readonly Tool[] = [
  {
    name: 'qemu-nbd',
    debianPackage: 'qemu-utils',
    purpose: 'reads every image format but raw',
    isNeeded: true,
  },
  {
    name: 'qemu-img',
    debianPackage: 'qemu-utils',
    purpose: 'makes images in other formats on recovery',
    isNeeded: true,
  },
  {
    name: 'perl',
    debianPackage: 'perl',
    purpose: 'finds the holes of sparse raw files, which are then not read',
    isNeeded: false,
  },
]

export function checkTools(path: string | undefined): Promise<Finding[]> {
  return Promise.all(TOOLS.map((tool) => checkTool(tool, path)))
}

async function checkTool(tool: Tool, path: string | undefined): Promise<Finding> {
  const { name, debianPackage, purpose, isNeeded } = tool
  const hint = `apt-get install ${debianPackage}`
  const say = isNeeded ? lacking : advice
  try {
    const { stdout } = await run(name, ['--version'], { env: { PATH: path }, timeout: TIMEOUT_MS })
    const version = /\d+\.\d+(\.\d+)?/.exec(stdout)?.[0] ?? 'found'
    return fine(name, `${version}: ${purpose}`)
  } catch (error) {
    const isAbsent = (error as NodeJS.ErrnoException).code === 'ENOENT'
    const detail = isAbsent ? `not installed: ${purpose}` : `does not run: ${reasonOf(error)}`
    return say(name, detail, hint)
  }
}

const TIMEOUT_MS = 10_000
