import 'reflect-metadata'
import { link, mkdir, open, readFile, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { X509Certificate } from '@peculiar/x509'
import { HoldfastError } from '../../core/model/error.ts'
import { exportKey, importKey, toPem, type Issuer } from './certificates.ts'

/*
 * One file has both key and certificate, so that there is never one without the other: it appears
 * under its name when it is whole. Losing it means that every agent has to be enrolled anew.
 */
export const AUTHORITY_FILE = 'authority.pem'

export async function readAuthority(folder: string): Promise<Issuer | undefined> {
  const file = join(folder, AUTHORITY_FILE)
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
  try {
    return await parse(text)
  } catch (cause) {
    throw new HoldfastError('data-folder-newer', `cannot use the authority in ${file}`, {
      hint: 'restore this file from a copy; without it every agent has to be enrolled anew',
      cause,
    })
  }
}

/** Gives the authority that is there in the end: that of another process when it was first. */
export async function writeAuthority(folder: string, issuer: Issuer): Promise<Issuer> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const file = join(folder, AUTHORITY_FILE)
  const temporary = `${file}.${issuer.certificate.serialNumber}`
  await writeSynced(temporary, (await exportKey(issuer.key)) + toPem(issuer.certificate))
  try {
    await link(temporary, file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  } finally {
    await unlink(temporary)
  }
  await syncFolder(folder)
  return (await readAuthority(folder)) ?? issuer
}

async function parse(text: string): Promise<Issuer> {
  const [key, certificate] = text.split(/(?=-----BEGIN CERTIFICATE-----)/)
  if (key === undefined || certificate === undefined) throw new TypeError('not a whole file')
  return { key: await importKey(key), certificate: new X509Certificate(certificate) }
}

async function writeSynced(file: string, text: string): Promise<void> {
  const handle = await open(file, 'w', 0o600)
  try {
    await handle.writeFile(text)
    await handle.sync()
  } finally {
    await handle.close()
  }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
