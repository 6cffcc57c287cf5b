/** What `holdfast agent run` was asked for. Checked already: folders and files are absolute paths. */
export interface AgentOptions {
  readonly dataFolder: string
  /** Asked for at enrolment only; absent means this machine's own name. */
  readonly name?: string | undefined
  /** Read at enrolment only (agent/join-token.ts): it may be gone afterwards. `-` is standard input. */
  readonly joinFile?: string | undefined
  readonly joinToken?: string | undefined
  /** Folders whose disk images are offered, found again on every scan. */
  readonly images: readonly string[]
  /** Several disks taken as one, or a single image or block device under a chosen name. */
  readonly sources: readonly DeclaredSource[]
  /** Recoveries write below these, the sources' own places and `dataFolder`/restores only. */
  readonly restoreRoots: readonly string[]
  /** Files, and folders of files, that declare VMs. */
  readonly vms: readonly string[]
  /** libvirts of this host whose VMs are offered: `qemu:///system`. */
  readonly libvirts: readonly string[]
  /** Where what guests overwrite during a point is put aside; absent: in the data folder. */
  readonly scratch?: string | undefined
  /** Scripts that groups may name, run before and after a job; absent: none are run. */
  readonly scripts?: string | undefined
  /** Whether images are cloned where their file system can do so. */
  readonly reflink: boolean
  /** winston's: error, warn, info, debug. */
  readonly logLevel: string
  /** Called once, when the first inventory was accepted by the server. */
  readonly onReady?: ((ready: AgentReady) => void) | undefined
}

export interface DeclaredSource {
  readonly name: string
  /** Each may have its format before it: `qcow2:/images/web`. */
  readonly paths: readonly string[]
}

export interface AgentReady {
  readonly host: string
  readonly server: string
  readonly sources: number
}
