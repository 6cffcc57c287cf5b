import assert from 'node:assert/strict'
import test from 'node:test'
import { parseDuration } from '../../cli/input/duration.ts'
import { parseMoment } from '../../cli/input/moment.ts'
import { toAgentOptions, toServerOptions } from '../../cli/input/run-options.ts'
import { parseRate, parseSize } from '../../cli/input/size.ts'
import { formatAddress, parseAddress } from '../../core/model/address.ts'
import { NOW } from './harness.ts'

test('sizes', () => {
  const sizes = {
    0: 0,
    512: 512,
    '50MiB': 52_428_800,
    '1.5G': 1_610_612_736,
    '2TB': 2e12,
    '10 kb': 1e4,
  }
  for (const [text, bytes] of Object.entries(sizes)) assert.equal(parseSize(text), bytes, text)
  for (const text of ['', 'MiB', '-1', '1e3', '5XB', '1.5.5', '99999999TiB', '0x10'])
    assert.equal(parseSize(text), undefined, text)
})

test('rates', () => {
  assert.equal(parseRate('50MiB'), 52_428_800)
  assert.equal(parseRate('1MB/s'), 1e6)
  assert.equal(parseRate('none'), 0)
  // Zero would be mistaken for "no limit", or for standing still.
  assert.equal(parseRate('0'), undefined)
})

test('durations', () => {
  const durations = { '15m': 900, '1h30m': 5400, '30d': 2_592_000, '2w': 1_209_600, '45s': 45 }
  for (const [text, seconds] of Object.entries(durations))
    assert.equal(parseDuration(text), seconds, text)
  for (const text of ['', '15', 'm', '0s', '1.5h', '-1d', '1y', '1 h', '9'.repeat(30) + 'd'])
    assert.equal(parseDuration(text), undefined, text)
})

test('moments are UTC, or a distance from now', () => {
  const nowMs = Date.parse(NOW)
  assert.equal(parseMoment('2d', nowMs, -1), '2026-11-20T09:30:00.000Z')
  assert.equal(parseMoment('30d', nowMs, 1), '2026-12-22T09:30:00.000Z')
  assert.equal(parseMoment('2026-11-22', nowMs, 1), '2026-11-22T00:00:00.000Z')
  assert.equal(parseMoment('2026-11-22T10:00+02:00', nowMs, 1), '2026-11-22T08:00:00.000Z')
  for (const text of ['2026-11-22T10:00', '2026-13-01', 'today', '', '999999999999d'])
    assert.equal(parseMoment(text, nowMs, 1), undefined, text)
})

test('addresses', () => {
  for (const text of ['127.0.0.1:7400', 'backup.example:0', '[::1]:65535'])
    assert.equal(formatAddress(parseAddress(text) ?? { host: '', port: 0 }), text)
  for (const text of [
    '',
    '7400',
    ':7400',
    'host:',
    'host:65536',
    '::1:7400',
    'a b:1',
    'host:7400x',
  ])
    assert.equal(parseAddress(text), undefined, text)
})

const LISTENERS = { '--listen': '127.0.0.1:0', '--agents': '[::1]:7401' }

test('server options: folders absolute, database and log level from the environment', () => {
  const env = { DATABASE_URL: 'postgresql://x/y', HOLDFAST_LOG_LEVEL: '', PATH: '/bin' }
  const options = toServerOptions({ '--data': 'd', '--store': ['/v/1', 'v2'], ...LISTENERS }, env)
  assert.equal(options.dataFolder, `${process.cwd()}/d`)
  assert.deepEqual(options.storeFolders, ['/v/1', `${process.cwd()}/v2`])
  assert.deepEqual(options.agents, { host: '::1', port: 7401 })
  assert.equal(options.databaseUrl, 'postgresql://x/y')
  assert.equal(options.logLevel, 'info')
  assert.deepEqual(options.console?.at, { host: '127.0.0.1', port: 0 })
})

test('server options: where the console is, and behind what', () => {
  const given = { '--data': 'd', ...LISTENERS }
  const consoleOf = (more: object) => toServerOptions({ ...given, ...more }, {}).console
  const beside = consoleOf({ '--listen': '10.0.0.1:7400' })
  assert.deepEqual(beside, { at: { host: '127.0.0.1', port: 7480 }, plain: false, own: undefined })
  assert.equal(consoleOf({ '--console': 'none' }), undefined)
  const own = { '--console-certificate': '/c.pem', '--console-key': '/k.pem' }
  assert.deepEqual(consoleOf(own)?.own, { certificate: '/c.pem', key: '/k.pem' })
  for (const [wrong, message] of [
    [{ '--console-key': '/k.pem' }, /belong together/],
    [{ ...own, '--console-plain': true }, /one or the other/],
    [{ '--console': '0.0.0.0:80', '--console-plain': true }, /loopback only/],
    [{ '--console': 'somewhere' }, /no HOST:PORT, nor none/],
  ] as const)
    assert.throws(() => consoleOf(wrong), { message })
})

test('server options: a wrong environment is told by its name', () => {
  const env = { DATABASE_URL: 'mysql://x', HOLDFAST_LOG_LEVEL: 'loud' }
  const given = { '--data': 'd', ...LISTENERS }
  assert.throws(() => toServerOptions(given, env), {
    message: /DATABASE_URL: .*HOLDFAST_LOG_LEVEL/,
  })
})

test('agent options: several disks as one data source, the token from the environment', () => {
  const given = {
    '--data': '/d',
    '--join-file': '-',
    '--source': ['web=/a.raw,b.raw', 'sda=/dev/sda', 'old=vhd:disk'],
  }
  const options = toAgentOptions(given, { HOLDFAST_JOIN_TOKEN: 'secret' })
  assert.deepEqual(options.sources, [
    { name: 'web', paths: ['/a.raw', `${process.cwd()}/b.raw`] },
    { name: 'sda', paths: ['/dev/sda'] },
    { name: 'old', paths: [`vhd:${process.cwd()}/disk`] },
  ])
  assert.equal(options.joinFile, '-')
  assert.equal(options.joinToken, 'secret')
  assert.deepEqual(options.images, [])
})
