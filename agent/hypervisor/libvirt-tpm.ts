import { readdir, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { EmulatedTpm } from '../../core/machine/domain-firmware.ts'
import { errorCode } from '../../core/runtime/file-system.ts'
import { parseLibvirtUri } from '../libvirt/libvirt-uri.ts'

export interface TpmState {
  /** A folder of files, mostly; one file where the VM's definition names one. */
  readonly path: string
  /** Why points lack it; '' when they have it. */
  readonly reason: string
}

/** Where libvirt has swtpm keep it: by the VM's UUID, so that its name may change. */
export function tpmPlace(uri: string, uuid: string, tpm: EmulatedTpm): string {
  return tpm.source ?? join(parseLibvirtUri(uri).tpms, uuid, tpm.folder)
}

export async function tpmState(
  uri: string,
  uuid: string,
  tpm: EmulatedTpm | undefined,
): Promise<TpmState | undefined> {
  if (!tpm) return undefined
  const path = tpmPlace(uri, uuid, tpm)
  try {
    if ((await stat(path)).isDirectory()) await readdir(path)
    return { path, reason: '' }
  } catch (error) {
    return { path, reason: await reasonFor(path, errorCode(error)) }
  }
}

/** Swtpm lets nobody else into its folder: an agent that is not root may know no more than that. */
async function reasonFor(path: string, code: string | undefined): Promise<string> {
  if (code !== 'ENOENT') return `unreadable: the state of its emulated TPM, ${path} (${code})`
  const isKnown = await stat(dirname(dirname(path))).catch(() => undefined)
  return isKnown
    ? `not-made-yet: ${path}, the state of its emulated TPM; libvirt makes it when the VM first starts`
    : `not-found: ${path}, the state of its emulated TPM; \`--libvirt URI?swtpm=FOLDER\` says where libvirt keeps it`
}
