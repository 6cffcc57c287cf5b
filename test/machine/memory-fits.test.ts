import assert from 'node:assert/strict'
import test from 'node:test'
import type { HostMachines } from '../../core/machine/host-features.ts'
import { missingForMemory } from '../../core/machine/host-features.ts'
import { readConfiguration, type MachineConfiguration } from '../../core/machine/configuration.ts'

const HOST: HostMachines = {
  qemuVersion: '7.2.22',
  machineTypes: ['pc-q35-7.1', 'pc-q35-7.2'],
  cpuFeatures: ['sse2', 'avx2'],
}

function saved(more: Partial<MachineConfiguration> = {}): MachineConfiguration {
  const start = 'qemu-system-x86_64 -netdev user,id=net0 -netdev tap,id=net1,ifname=tap0'
  const read = readConfiguration({
    ...{ kind: 'qemu', name: 'web', uuid: '0d5a6c1e-3a52-4b8f-9d4e-5f1f0c9b7a11', disks: [] },
    companions: [{ name: 'memory', role: 'memory', path: '' }],
    declared: { qmp: '/run/web.qmp', start },
    ...{ qemuVersion: '7.2.9', machineType: 'pc-q35-7.2', cpus: 1, memoryBytes: 256 },
    cpu: { type: 'max-x86_64-cpu', features: ['avx2', 'sse2'] },
    ...more,
  })
  assert.ok(read)
  return read
}

const wish = {
  ...{ uuid: '', keepsIdentity: true, discardMemory: false },
  networks: [] as { from: string; to: string }[],
}

test('memory goes on where the host has all that it needs', () => {
  assert.deepEqual(missingForMemory(saved(), wish, HOST), [])
  assert.deepEqual(missingForMemory(saved(), wish, { ...HOST, qemuVersion: '10.0.2' }), [])
})

test('what the host lacks is said in words', () => {
  const cases: [Partial<MachineConfiguration>, RegExp][] = [
    [{ machineType: 'pc-q35-9.1' }, /no machine type pc-q35-9\.1/],
    [{ qemuVersion: '9.1.0' }, /7\.2\.22 is older than 9\.1\.0/],
    [{ qemuVersion: '7.10.0' }, /older than 7\.10\.0/],
    [{ cpu: { type: 'max-x86_64-cpu', features: ['avx512f'] } }, /lacks avx512f/],
    [{ cpu: { type: 'Icelake-x86_64-cpu', features: ['avx512f'] } }, /lacks avx512f/],
  ]
  for (const [more, said] of cases)
    assert.match(missingForMemory(saved(more), wish, HOST).join('; '), said)
  assert.deepEqual(missingForMemory(saved(), wish, undefined), ['the host has no QEMU'])
})

test('a machine that is made otherwise cannot go on; a tap is outside of it', () => {
  const asked = (more: object) => missingForMemory(saved(), { ...wish, ...more }, HOST).length
  assert.equal(asked({ cpus: 2 }), 1)
  assert.equal(asked({ cpus: 1 }), 0)
  assert.equal(asked({ memoryBytes: 512 }), 1)
  assert.equal(asked({ networks: [{ from: 'user', to: 'none' }] }), 1)
  assert.equal(asked({ networks: [{ from: 'net0', to: 'br1' }] }), 1)
  assert.equal(asked({ networks: [{ from: 'tap0', to: 'br1' }] }), 0)
})

test('of a VM of libvirt’s: what it knows and would not find is said, device by device', () => {
  const disk = { name: 'vda', path: '/vm/web.qcow2', format: 'qcow2', sizeBytes: 1 }
  const domain = (devices: string) => {
    const migratable = `<domain><devices><disk><target dev='vda'/></disk>
      <disk device='cdrom'><target dev='sda'/></disk><interface type='user'/>
      <interface type='bridge'><source bridge='br0'/></interface>${devices}</devices></domain>`
    const libvirt = { uri: 'qemu:///system', inactive: '', isPersistent: true, migratable }
    return saved({ kind: 'libvirt', disks: [disk], libvirt })
  }
  const missing = (devices: string, networks: typeof wish.networks = []) =>
    missingForMemory(domain(devices), { ...wish, networks }, HOST)
  assert.deepEqual(missing(''), [])
  const cases: [string, RegExp][] = [
    [`<disk><target dev='vdb'/></disk>`, /lacks the disk vdb/],
    [`<hostdev type='pci'/>`, /stays on its host: host device/],
    [`<filesystem><target dir='share'/></filesystem>`, /folder shared with the host \(share\)/],
    [`<tpm><backend type='passthrough'/></tpm>`, /TPM of the host/],
    [`<interface type='hostdev'/>`, /stays on its host: a network card/],
  ]
  for (const [device, said] of cases) assert.match(missing(device).join('; '), said)
  const moved = (from: string, to: string) => missing('', [{ from, to }]).length
  assert.deepEqual([moved('user', 'none'), moved('user', 'network:lan')], [0, 1])
  assert.deepEqual([moved('br0', 'none'), moved('br0', 'br1'), moved('br0', 'user')], [0, 0, 1])
  const where = { ...domain(`<hostdev type='pci'/>`) }
  assert.deepEqual(missingForMemory(where, undefined, HOST), [], 'in its place it is there')
})

test('what is discarded needs nothing, and neither does a point without memory', () => {
  const discarded = { ...wish, cpus: 4, discardMemory: true }
  assert.deepEqual(missingForMemory(saved(), discarded, HOST), [])
  const none = saved({ companions: [], cpu: { type: 'max-x86_64-cpu', features: ['avx512f'] } })
  assert.deepEqual(missingForMemory(none, { ...wish, cpus: 4 }, HOST), [])
})
