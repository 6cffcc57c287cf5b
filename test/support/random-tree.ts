import {
  chmodSync,
  closeSync,
  lchownSync,
  linkSync,
  lutimesSync,
  mkdirSync,
  openSync,
  renameSync,
  rmdirSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { bytesOf } from './ext-images.ts'
import { seeded, type Random } from './fuzz/mutate.ts'

/** What the file system can hold. */
export interface TreeKind {
  /** Names of any bytes, modes and owners, links of both kinds; else names as Windows has them. */
  readonly unix: boolean
  /** Symbolic and hard links, where it is not of Unix. */
  readonly links: boolean
  /** Writing beyond the end leaves a hole that takes no space. */
  readonly sparse: boolean
  /** Letters beyond the first plane of Unicode. */
  readonly emoji: boolean
  /** mtools writes short names for some that it cannot read back: each name is to have a long one. */
  readonly longNames?: boolean
}

type Path = Buffer

/**
 * A tree by a seed, made by `steps` steps of daily work: files and folders made, moved, rewritten in pieces,
 * shortened and deleted, so that space and entries are used again; about half as many entries stay.
 * Without promises: thousands of them cost more than the files.
 */
export class RandomTree {
  readonly #kind: TreeKind
  readonly #random: Random
  readonly #folders: Path[]
  readonly #files: Path[] = []
  readonly #taken = new Set<string>()
  #made = 0

  constructor(root: string, seed: string, kind: TreeKind) {
    this.#kind = kind
    this.#random = seeded(seed)
    this.#folders = [Buffer.from(root)]
  }

  grow(steps: number): void {
    for (let step = 0; step < steps; step++) this.#step(this.#random(100))
  }

  #step(choice: number): void {
    if (choice < 52 || this.#files.length < 20) this.#create()
    else if (choice < 60) this.#makeFolder()
    else if (choice < 74) this.#remove()
    else if (choice < 80) this.#move()
    else if (choice < 90) this.#rewrite()
    else if (choice < 93) this.#shorten()
    else if (choice < 94) this.#removeFolder()
    else if (this.#kind.links) this.#link(choice < 97)
  }

  #create(): void {
    const path = this.#fresh()
    if (!path) return
    const size = this.#size()
    writeFileSync(path, bytesOf(`${this.#made++}`, size))
    this.#dress(path)
    this.#files.push(path)
  }

  /** Most are small, a few have hundreds of blocks. */
  #size(): number {
    const choice = this.#random(100)
    if (choice < 10) return 0
    if (choice < 40) return this.#random(100)
    if (choice < 85) return this.#random(6000)
    return choice < 98 ? this.#random(80_000) : this.#random(900_000)
  }

  #makeFolder(): void {
    const path = this.#fresh()
    if (!path) return
    mkdirSync(path)
    this.#dress(path)
    this.#folders.push(path)
  }

  #dress(path: Path): void {
    const seconds = 1_000_000_000 + this.#random(700_000_000)
    if (this.#kind.unix) {
      if (this.#random(4) === 0) lchownSync(path, this.#random(70_000), this.#random(200_000))
      chmodSync(path, 0o700 | this.#random(0o7777))
    }
    lutimesSync(path, seconds, seconds + this.#random(1000) / 1000)
  }

  #remove(): void {
    const [path] = this.#files.splice(this.#random(this.#files.length), 1)
    if (!path) return
    unlinkSync(path)
    this.#free(path)
  }

  /** Only empty ones; the root stays. */
  #removeFolder(): void {
    const at = 1 + this.#random(this.#folders.length)
    const path = this.#folders[at]
    if (!path) return
    try {
      rmdirSync(path)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOTEMPTY') return
      throw error
    }
    this.#folders.splice(at, 1)
    this.#free(path)
  }

  #move(): void {
    const at = this.#random(this.#files.length)
    const [path, to] = [this.#files[at]!, this.#fresh()]
    if (!to) return
    renameSync(path, to)
    this.#free(path)
    this.#files[at] = to
  }

  /** Bytes at places in any order: pieces, holes and tails. */
  #rewrite(): void {
    const file = openSync(this.#files[this.#random(this.#files.length)]!, 'r+')
    const far = this.#kind.sparse ? 3_000_000 : 150_000
    for (let i = 0; i < 1 + this.#random(6); i++)
      writeSync(
        file,
        bytesOf(`${this.#made++}`, 1 + this.#random(9000)),
        0,
        undefined,
        this.#random(far),
      )
    closeSync(file)
  }

  #shorten(): void {
    truncateSync(this.#files[this.#random(this.#files.length)]!, this.#random(20_000))
  }

  #link(isHard: boolean): void {
    const path = this.#fresh()
    if (!path) return
    const target = this.#files[this.#random(this.#files.length)]!
    if (!isHard) return symlinkSync(this.#name(), path)
    linkSync(target, path)
    this.#files.push(path)
  }

  /** Where nothing is; undefined where the name is taken. Half lie in folders that were made last. */
  #fresh(): Path | undefined {
    const count = this.#folders.length
    const at = this.#random(2) ? this.#random(count) : Math.max(0, count - 1 - this.#random(4))
    const path = Buffer.concat([this.#folders[at]!, Buffer.from('/'), this.#name()])
    const key = this.#key(path)
    if (path.length > 3000 || this.#taken.has(key)) return undefined
    this.#taken.add(key)
    return path
  }

  #free(path: Path): void {
    this.#taken.delete(this.#key(path))
  }

  #key(path: Path): string {
    return this.#kind.unix ? path.toString('latin1') : path.toString().toUpperCase()
  }

  #name(): Buffer {
    const choice = this.#random(100)
    const text = (letters: string, most: number) => {
      const all = [...letters]
      return Array.from(
        { length: 1 + this.#random(most) },
        () => all[this.#random(all.length)]!,
      ).join('')
    }
    if (choice < 60) return this.#sound(text('abcdefghijklmnopqrstuvwxyz0123456789', 20))
    if (choice < 75) return this.#sound(text(FAR, 40))
    if (choice < 80) return this.#sound(text('x. -_~Abc', 30) + 'n'.repeat(222))
    if (!this.#kind.unix) return this.#sound(text(ODD + (this.#kind.emoji ? '😀🎉' : ''), 30))
    const bytes = Buffer.alloc(1 + this.#random(60))
    for (let at = 0; at < bytes.length; at++) bytes[at] = 1 + this.#random(255)
    return this.#sound(bytes.toString('latin1').replaceAll('/', '_'), 'latin1')
  }

  /** Windows cuts dots and blanks off a name's end, and has no name without a letter before them. */
  #sound(name: string, encoding: BufferEncoding = 'utf8'): Buffer {
    if (this.#kind.longNames && !/^[a-z0-9]+$/.test(name))
      return Buffer.from(`name ${name.slice(0, 248)}z`)
    if (!this.#kind.unix) return Buffer.from(/^[ .]|[ .]$/.test(name) ? `a${name}z` : name)
    return Buffer.from(name === '.' || name === '..' ? 'dots' : name, encoding)
  }
}

const FAR = 'abcÄöüßéñçøΑβγЖдя日本語漢字☃ -'
const ODD = " .~#%&{}()'!@^`+=;,$-_[]0Zq"
