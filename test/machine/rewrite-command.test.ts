import assert from 'node:assert/strict'
import { test } from 'node:test'
import { shellQuoted, wordsOf } from '../../core/machine/command-words.ts'
import { formatOptions, parseOptions } from '../../core/machine/option-list.ts'
import { rewriteCommand, type CommandWish } from '../../core/machine/rewrite-command.ts'

const UUID = '11111111-2222-4333-8444-555555555555'
const SOURCE = [
  ...['qemu-system-x86_64', '-name', 'web', '-uuid', '99999999-2222-4333-8444-555555555555'],
  ...['-machine', 'q35,accel=tcg', '-m', '256', '-smp', '1'],
  ...['-blockdev', 'driver=qcow2,node-name=d0,file.driver=file,file.filename=/vm/web.qcow2'],
  ...['-device', 'virtio-blk-pci,drive=d0,id=vda'],
  ...[
    '-blockdev',
    '{"driver":"raw","node-name":"d1","file":{"driver":"file","filename":"/vm/a,b.raw"}}',
  ],
  ...['-qmp', 'unix:/run/web.qmp,server=on,wait=off', '-serial', 'file:/vm/web.console'],
  ...[
    '-netdev',
    'bridge,id=net0,br=br0',
    '-device',
    'virtio-net-pci,netdev=net0,mac=52:54:00:00:00:01',
  ],
  ...['-kernel', '/boot/vmlinuz'],
]

function wish(more: Partial<CommandWish> = {}): CommandWish {
  let macs = 0
  return {
    ...{ name: 'copy', uuid: UUID, folder: '/new', machineType: 'pc-q35-7.2' },
    ...{ cpus: undefined, memoryBytes: undefined, networks: [] },
    paths: new Map([
      ['/vm/web.qcow2', '/new/copy-d0.qcow2'],
      ['/run/web.qmp', '/new/copy.qmp'],
    ]),
    newMac: () => `52:54:00:aa:00:0${++macs}`,
    ...more,
  }
}

test('a restored VM has its own name, identity, files and addresses, and says each change', () => {
  const { words, changes } = rewriteCommand(SOURCE, wish())
  const after = (option: string) => words[words.indexOf(option) + 1]
  assert.equal(after('-name'), 'copy')
  assert.equal(after('-uuid'), UUID)
  assert.equal(after('-machine'), 'pc-q35-7.2,accel=tcg')
  assert.ok(
    words.includes('driver=qcow2,node-name=d0,file.driver=file,file.filename=/new/copy-d0.qcow2'),
  )
  assert.equal(after('-qmp'), 'unix:/new/copy.qmp,server=on,wait=off')
  assert.equal(after('-serial'), 'file:/new/copy.console')
  assert.ok(words.includes('virtio-net-pci,netdev=net0,mac=52:54:00:aa:00:01'))
  assert.equal(after('-kernel'), '/boot/vmlinuz')
  assert.equal(after('-m'), '256')
  assert.deepEqual(changes, [
    'name: web became copy',
    'machine type: q35 became pc-q35-7.2',
    'file: /vm/web.qcow2 became /new/copy-d0.qcow2',
    'file: /run/web.qmp became /new/copy.qmp',
    'file: /vm/web.console became /new/copy.console',
    `uuid: 99999999-2222-4333-8444-555555555555 became ${UUID}`,
    'MAC address: 52:54:00:00:00:01 became 52:54:00:aa:00:01',
  ])
})

test('processors, memory and network may be others', () => {
  const networks = [{ from: 'br0', to: 'isolated' }]
  const more = { cpus: 4, memoryBytes: 512 * 2 ** 20, networks, newMac: undefined }
  const { words, changes } = rewriteCommand(SOURCE, wish(more))
  const after = (option: string) => words[words.indexOf(option) + 1]
  assert.equal(after('-smp'), '4')
  assert.equal(after('-m'), '512M')
  assert.equal(after('-netdev'), 'bridge,id=net0,br=isolated')
  assert.ok(words.includes('virtio-net-pci,netdev=net0,mac=52:54:00:00:00:01'))
  assert.ok(changes.includes('network: br0 became isolated'))
})

test('a card on no network stays in the machine', () => {
  const { words } = rewriteCommand(SOURCE, wish({ networks: [{ from: 'net0', to: 'none' }] }))
  assert.ok(!words.includes('-netdev'))
  assert.ok(words.includes('virtio-net-pci,mac=52:54:00:aa:00:01'))
})

test('a network that the VM does not have is told', () => {
  const networks = [{ from: 'br7', to: 'none' }]
  assert.throws(() => rewriteCommand(SOURCE, wish({ networks })), /no network br7/)
})

test('a path is replaced where it stands whole, in either notation, commas and all', () => {
  const paths = new Map([
    ['/vm/a', '/x/a'],
    ['/vm/a,b.raw', '/x/c.raw'],
    ['/vm/web.qcow2', '/new/with,comma.qcow2'],
  ])
  const { words } = rewriteCommand(SOURCE, wish({ paths }))
  assert.ok(words.some((word) => word.includes('"filename":"/x/c.raw"')))
  assert.ok(words.some((word) => word.endsWith('file.filename=/new/with,,comma.qcow2')))
})

test('option lists keep what they are', () => {
  for (const text of ['q35,accel=tcg', 'file=/a,,b,if=virtio', '{"driver":"raw","size":5}'])
    assert.equal(formatOptions(parseOptions(text), text), text)
})

test('a command line is split as a shell would, or not at all', () => {
  const words = ['qemu-system-x86_64', '-append', "it's quiet", '-name', 'a b']
  assert.deepEqual(wordsOf(shellQuoted(words)), words)
  assert.deepEqual(wordsOf('qemu -a "b \\"c\\" d" e\\ f'), ['qemu', '-a', 'b "c" d', 'e f'])
  assert.equal(wordsOf('qemu -name $NAME'), undefined)
  assert.equal(wordsOf('a && b'), undefined)
})
