import assert from 'node:assert/strict'
import { test } from 'node:test'
import { emulatedTpm, firmwareOf, variablesOf } from '../../core/machine/domain-firmware.ts'
import { domainDisks, domainNotes } from '../../core/machine/domain-xml.ts'
import { domainNetworks } from '../../core/machine/domain-interfaces.ts'
import { macsOf } from '../../core/machine/machine-wish.ts'
import { relocateDomain } from '../../core/machine/relocate-domain.ts'
import { rewriteDomain } from '../../core/machine/rewrite-domain.ts'
import type { DomainWish } from '../../core/machine/domain-wish.ts'
import { attribute, elements, find, formatXml, parseXml, textOf } from '../../core/machine/xml.ts'

const UUID = '3f1c8a3e-77f2-4b62-9a1d-0c5be2d1a001'
const SOURCE = `<?xml version="1.0"?>
<!-- edited by hand -->
<domain type='kvm'>
  <name>web &amp; "more"</name>
  <uuid>0d5a6c1e-3a52-4b8f-9d4e-5f1f0c9b7a11</uuid>
  <genid>aaaaaaaa-3a52-4b8f-9d4e-5f1f0c9b7a11</genid>
  <metadata><h:vm xmlns:h="urn:holdfast:vm"><h:tag>gold</h:tag><h:tag>no tag</h:tag>
    <h:replicationStatus>check a &lt; b</h:replicationStatus></h:vm></metadata>
  <memory unit='KiB'>1048576</memory><currentMemory unit='KiB'>524288</currentMemory>
  <vcpu placement='static' cpuset='0-3' current='2'>4</vcpu>
  <cputune><vcpupin vcpu='0' cpuset='1'/></cputune>
  <resource><partition>/machine/production</partition></resource>
  <sysinfo type='smbios'><system><entry name='uuid'>0d5a6c1e-3a52-4b8f-9d4e-5f1f0c9b7a11</entry>
    <entry name='serial'>S1</entry></system></sysinfo>
  <os firmware='efi'><type arch='x86_64' machine='q35'>hvm</type>
    <loader readonly='yes' type='pflash'>/usr/share/OVMF/OVMF_CODE.fd</loader>
    <nvram template='/usr/share/OVMF/OVMF_VARS.fd'>/var/lib/libvirt/qemu/nvram/web_VARS.fd</nvram></os>
  <cpu mode='host-model'><topology sockets='1' dies='1' cores='4' threads='1'/></cpu>
  <devices>
    <emulator>/opt/qemu/bin/qemu</emulator>
    <disk type='file' device='disk'><driver name='qemu' type='qcow2' iothread='1' cache='none'/>
      <source file='/images/web.qcow2'><seclabel model='dac' relabel='no'/></source>
      <target dev='vda' bus='virtio'/><address type='pci' slot='0x04'/></disk>
    <disk type='volume' device='disk'><driver name='qemu' type='raw'/>
      <source pool='fast' volume='data'/><target dev='vdb' bus='virtio'/></disk>
    <disk type='network' device='disk'><source protocol='rbd' name='pool/x'/><target dev='vdc'/></disk>
    <disk type='block' device='lun'><source dev='/dev/sdz'/><target dev='sda' bus='scsi'/></disk>
    <disk type='file' device='cdrom'><source file='/iso/debian.iso'/><target dev='sdb' bus='sata'/><readonly/></disk>
    <interface type='network'><mac address='52:54:00:aa:bb:cc'/><source network='default'/>
      <target dev='web0'/><model type='virtio'/></interface>
    <interface type='bridge'><mac address='52:54:00:aa:bb:dd'/><source bridge='br7'/><vlan><tag id='9'/></vlan></interface>
    <interface type='hostdev'><source><address type='pci' bus='0x07'/></source></interface>
    <hostdev mode='subsystem' type='pci'><source><address domain='0x0000' bus='0x06' slot='0x02'/></source></hostdev>
    <filesystem type='mount'><source dir='/export'/><target dir='share'/></filesystem>
    <serial type='file'><source path='/var/log/web.console'/></serial>
    <serial type='dev'><source path='/dev/ttyS1'/></serial>
    <channel type='unix'><source mode='bind' path='/var/lib/libvirt/qemu/f.agent'/>
      <target type='virtio' name='org.qemu.guest_agent.0'/></channel>
    <graphics type='vnc' port='5907' autoport='no' listen='192.0.2.7'><listen type='address' address='192.0.2.7'/></graphics>
    <vsock model='virtio'><cid auto='no' address='7'/></vsock>
    <tpm model='tpm-crb'><backend type='passthrough'><device path='/dev/tpm0'/></backend></tpm>
  </devices>
  <seclabel type='static' model='dac'><label>+0:+0</label></seclabel>
</domain>`

function wish(more: Partial<DomainWish> = {}): DomainWish {
  return {
    ...{ name: 'copy', uuid: UUID, folder: '/srv/vm', nvram: undefined, machineType: 'pc-q35-7.2' },
    keepsTpm: false,
    files: new Map([
      ['vda', '/srv/vm/copy-vda.qcow2'],
      ['vdb', '/srv/vm/copy-vdb.raw'],
    ]),
    ...{ cpus: undefined, memoryBytes: undefined, networks: [], newMac: macsOf(UUID) },
    ...more,
  }
}

test('what is bound to the host is mapped or taken out, and each change told', () => {
  const { xml, changes } = rewriteDomain(SOURCE, wish())
  const [first = '', second = ''] = [macsOf(UUID)].flatMap((mac) => [mac(), mac()])
  assert.deepEqual(changes, [
    'name: web & "more" became copy',
    `uuid: 0d5a6c1e-3a52-4b8f-9d4e-5f1f0c9b7a11 became ${UUID}`,
    'generation id: aaaaaaaa-3a52-4b8f-9d4e-5f1f0c9b7a11 became a new one',
    'machine type: q35 became pc-q35-7.2',
    'processors of the host: 0-3 became none',
    'firmware variables: /var/lib/libvirt/qemu/nvram/web_VARS.fd became new ones, as the firmware makes them',
    'security label: type=static model=dac label became none',
    'pinned processors: vcpupin became none',
    'group of the host’s resources: partition became none',
    'path of QEMU: /opt/qemu/bin/qemu became none',
    'disk vda: /images/web.qcow2 became /srv/vm/copy-vda.qcow2',
    'disk vdb: what it was became /srv/vm/copy-vdb.raw',
    'disk vdc: what it was became none: the point lacks it',
    'disk sda: /dev/sdz became none: the point lacks it',
    'medium in sdb: /iso/debian.iso became none',
    `MAC address: 52:54:00:aa:bb:cc became ${first}`,
    `MAC address: 52:54:00:aa:bb:dd became ${second}`,
    'network card: one of the host’s own became none',
    'host device: pci 0x06 0x02 became none',
    'folder shared with the host: mount /export share became none',
    'serial: /var/log/web.console became /srv/vm/copy.console',
    'serial: /dev/ttyS1 became a terminal that libvirt makes',
    'channel: /var/lib/libvirt/qemu/f.agent became libvirt’s own',
    'port of the screen: 5907 became one that is free',
    'the screen listens at: 192.0.2.7 became this host alone',
    'vsock number: 7 became one that is free',
    'TPM: tpm became none',
  ])
  const domain = parseXml(xml)
  const text = (path: string) => textOf(find(domain, path) ?? domain)
  assert.deepEqual([text('name'), text('uuid'), text('genid')], ['copy', UUID, ''])
  assert.equal(text('sysinfo/system/entry'), UUID)
  assert.equal(text('vcpu'), '4')
  const nvram = find(domain, 'os/nvram')
  assert.deepEqual([...(nvram?.attributes ?? [])], [['template', '/usr/share/OVMF/OVMF_VARS.fd']])
  assert.deepEqual(
    domainDisks(domain).map(({ name, path, format }) => [name, path, format]),
    [
      ['vda', '/srv/vm/copy-vda.qcow2', 'qcow2'],
      ['vdb', '/srv/vm/copy-vdb.raw', 'raw'],
    ],
  )
  const vda = find(domain, 'devices/disk')
  assert.equal(vda && attribute(vda, 'address', 'slot'), '0x04', 'the guest finds it where it was')
  assert.equal(vda && attribute(vda, 'driver', 'cache'), 'none')
  assert.ok(!/seclabel|hostdev|192\.0\.2|emulator/.test(xml), xml)
  assert.deepEqual(domainNetworks(domain), [
    { kind: 'network', name: 'default' },
    { kind: 'bridge', name: 'br7' },
  ])
})

test('processors, memory and networks are changed as asked; an identity may be kept', () => {
  const { xml, changes } = rewriteDomain(
    SOURCE,
    wish({
      ...{ cpus: 1, memoryBytes: 256 * 2 ** 20, newMac: undefined },
      uuid: '0d5a6c1e-3a52-4b8f-9d4e-5f1f0c9b7a11',
      nvram: '/srv/vm/copy-nvram.raw',
      networks: [
        { from: 'default', to: 'none' },
        { from: 'bridge:br7', to: 'network:lab' },
      ],
    }),
  )
  const domain = parseXml(xml)
  assert.ok(changes.includes('processors: 2 became 1'))
  assert.ok(changes.includes('memory: 1048576 KiB became 262144 KiB'))
  assert.ok(changes.includes('network: default became none'))
  assert.ok(!changes.some((change) => /^(uuid|MAC|generation)/.test(change)), changes.join('\n'))
  assert.equal(textOf(find(domain, 'vcpu') ?? domain), '1')
  assert.equal(find(domain, 'cpu/topology'), undefined)
  assert.equal(textOf(find(domain, 'currentMemory') ?? domain), '262144')
  assert.equal(textOf(find(domain, 'os/nvram') ?? domain), '/srv/vm/copy-nvram.raw')
  const [cut, lab] = elements(find(domain, 'devices') ?? domain, 'interface')
  assert.ok(cut && lab)
  assert.deepEqual([cut.attributes.get('type'), attribute(cut, 'link', 'state')], ['user', 'down'])
  assert.equal(attribute(cut, 'mac', 'address'), '52:54:00:aa:bb:cc')
  assert.equal(attribute(lab, 'source', 'network'), 'lab')
  assert.equal(find(lab, 'vlan'), undefined)
  assert.throws(() => rewriteDomain(SOURCE, wish({ networks: [{ from: 'br8', to: 'none' }] })), {
    code: 'invalid-argument',
  })
})

test('what a domain says of itself', () => {
  const domain = parseXml(SOURCE)
  assert.deepEqual(domainNotes(domain), { tags: ['gold'], replicationStatus: 'check a < b' })
  assert.equal(firmwareOf(domain), 'uefi')
  assert.deepEqual(
    domainDisks(domain).map(({ name, reason }) => [name, reason]),
    [
      ['vda', ''],
      ['vdb', ''],
      ['vdc', ''],
      ['sda', 'passed-through: the device is the host’s own'],
      ['sdb', 'read-only-medium: a CD or DVD'],
    ],
  )
})

test('XML survives being read and written; what is none is refused', () => {
  const odd = `<a x='1 &lt; 2 "&#39;"'>t &amp; <b/><![CDATA[<raw>]]><!-- gone --><c:d y="z">é</c:d></a>`
  const once = formatXml(parseXml(odd))
  assert.equal(formatXml(parseXml(once)), once)
  assert.equal(textOf(parseXml(once)), 't & <raw>')
  assert.equal(parseXml(once).attributes.get('x'), `1 < 2 "'"`)
  for (const bad of [
    '',
    '<a>',
    '<a></b>',
    '<a/><b/>',
    '</a>',
    '<a><b></a></b>',
    '<!DOCTYPE a [<!ENTITY x "y">]><a/>',
  ])
    assert.throws(() => parseXml(bad), SyntaxError, bad)
  assert.throws(() => parseXml('<a>'.repeat(200) + '</a>'.repeat(200)), SyntaxError)
})

test('the file of the firmware’s variables is found, and set, however it is written', () => {
  const domainWith = (nvram: string) =>
    parseXml(`<domain><os>${nvram}</os><devices><tpm model='tpm-crb'>
      <backend type='emulator' version='2.0'/></tpm></devices></domain>`)
  const plain = '<nvram template="/t">/vars/web.fd</nvram>'
  const nested = '<nvram type="file"><source file="/vars/web.fd"/></nvram>'
  for (const written of [plain, nested]) {
    const domain = domainWith(written)
    assert.equal(variablesOf(domain), '/vars/web.fd')
    const { xml } = rewriteDomain(formatXml(domain), wish({ nvram: '/srv/vm/copy.nvram' }))
    assert.equal(variablesOf(parseXml(xml)), '/srv/vm/copy.nvram')
  }
  const none = ['', '<nvram/>', '<nvram type="network"/>', '<nvram format="qcow2">/vars/x</nvram>']
  for (const written of none) assert.equal(variablesOf(domainWith(written)), undefined)
})

test('a VM that goes on keeps what its guest has agreed on with its cards', () => {
  const networks = [{ from: 'br7', to: 'none' }]
  const { xml } = rewriteDomain(SOURCE, wish({ networks, goesOn: true, newMac: undefined }))
  const [, card] = elements(find(parseXml(xml), 'devices') ?? parseXml(xml), 'interface')
  assert.equal(card?.attributes.get('type'), 'ethernet', 'a tap that leads nowhere')
  assert.equal(card && attribute(card, 'link', 'state'), 'down')
  assert.equal(card && attribute(card, 'mac', 'address'), '52:54:00:aa:bb:dd')
})

test('a VM that goes on in its place has the name and the places that it has by now', () => {
  const places = new Map([['vda', '/new/web.qcow2']])
  const domain = parseXml(relocateDomain(SOURCE, 'renamed', places))
  assert.equal(textOf(find(domain, 'name') ?? domain), 'renamed')
  assert.deepEqual(
    domainDisks(domain)
      .map(({ name, path }) => [name, path])
      .slice(0, 3),
    [
      ['vda', '/new/web.qcow2'],
      ['vdb', ''],
      ['vdc', ''],
    ],
  )
})

test('the state of an emulated TPM goes by the VM’s UUID, wherever its source had it', () => {
  const tpm = `<tpm model='tpm-crb'><backend type='emulator' version='1.2'>
    <source type='dir' path='/srv/tpm/web'/><encryption secret='7d1c'/></backend></tpm>`
  const source = `<domain><devices>${tpm}</devices></domain>`
  assert.deepEqual(emulatedTpm(parseXml(source)), {
    ...{ folder: 'tpm1.2', source: '/srv/tpm/web', secret: '7d1c' },
  })
  const { xml, changes } = rewriteDomain(source, wish({ keepsTpm: true }))
  assert.equal(emulatedTpm(parseXml(xml))?.source, undefined)
  assert.deepEqual(changes.slice(2), [
    'state of its TPM: encrypted with the secret 7d1c, which libvirt needs here',
    'place of its TPM’s state: /srv/tpm/web became where libvirt keeps it',
  ])
  assert.match(rewriteDomain(source, wish()).changes.join('; '), /state of its TPM: .* a new one/)
})
