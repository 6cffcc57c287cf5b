import assert from 'node:assert/strict'
import test from 'node:test'
import { parseConfiguration } from '../../cli/configuration/configuration.ts'
import { toYaml } from '../../cli/configuration/current.ts'
import { toGroupEntry } from '../../cli/configuration/group-entry.ts'
import { exactSize, parseSize } from '../../cli/input/size.ts'
import type { Group } from '../../cli/reply.ts'
import { HoldfastError } from '../../core/model/error.ts'

const WHOLE = `
groups:
  - name: web
    members: [alpha/web.qcow2]
    match: ["host:beta", "tag:prod"]
    points: "08:00,20:00 mon-fri"
    timezone: Europe/Berlin
    offset: 7
    sync: 60m
    retain: 14d
    keep: daily=7,weekly=4
    initial: 2027-01-01T22:00Z
    consistency: filesystem
    fallback: pause
    check: 0 3 * * sun
    checkHours: 4
    excludeDisks: [swap]
    rate: 50MiB
    rateHours: ["08:00-18:00 mon-fri=10MiB", "00:00-06:00=none"]
    compression: 5
    volume: /srv/b
    preScript: before.sh
    postScript: after.sh
    objective: 26h
`

const SETTINGS = {
  match: ['host:beta', 'tag:prod'],
  retainDays: 14,
  keep: 'daily=7,weekly=4',
  syncMinutes: 60,
  points: '08:00,20:00 mon-fri',
  timeZone: 'Europe/Berlin',
  offsetMinutes: 7,
  initial: '2027-01-01T22:00:00.000Z',
  consistency: 'filesystem',
  fallback: 'pause',
  check: '0 3 * * sun',
  checkHours: 4,
  excludeDisks: ['swap'],
  bytesPerSecond: 52_428_800,
  rateHours: ['08:00-18:00 mon-fri=10485760', '00:00-06:00=0'],
  compressionLevel: 5,
  volume: '/srv/b',
  preScript: 'before.sh',
  postScript: 'after.sh',
  objectiveMinutes: 1560,
}

test('a file says all that a group has', () => {
  const { groups } = parseConfiguration(WHOLE, 'fleet.yaml')
  assert.deepEqual(groups, [{ name: 'web', members: ['alpha/web.qcow2'], settings: SETTINGS }])
})

test('what a group has is a file that says the same', () => {
  const plain = { match: [], syncMinutes: null, keep: '', excludeDisks: [], rateHours: [] }
  const defaults = parseConfiguration('groups: [{name: plain}]', 'f').groups[0]!.settings
  const cases = [SETTINGS, { ...defaults, timeZone: 'UTC' }, { ...SETTINGS, ...plain }]
  for (const settings of cases) {
    const members = [
      { source: 'alpha/a.raw', byRule: false },
      { source: 'beta/b', byRule: true },
    ]
    const group = { name: 'web', settings, members } as unknown as Group
    const yaml = toYaml({ groups: [toGroupEntry(group)] })
    const [read] = parseConfiguration(yaml, 'fleet.yaml').groups
    assert.deepEqual(read, { name: 'web', members: ['alpha/a.raw'], settings }, yaml)
  }
})

test('sizes are written so that they are read as just as many bytes', () => {
  for (const bytes of [0, 1, 1023, 1024, 1536, 2 ** 20, 3 * 2 ** 30, 2 ** 40, 1e9, 52_428_801])
    assert.equal(parseSize(exactSize(bytes)), bytes)
})

/** What is wrong with a file, each with its line. */
const WRONG: readonly (readonly [string, readonly RegExp[]])[] = [
  ['groups:\n  - name: a\n    retain: often\n', [/line 3: groups\.0\.retain: .*often/]],
  ['groups:\n  - name: a\n    colour: red\n', [/line 2: groups\.0: .*colour/]],
  ['groups:\n  - members: [alpha/a]\n', [/line 2: groups\.0\.name: /]],
  [
    'groups:\n  - name: a\n  - name: b\n  - name: a\n',
    [/line 4: groups\.2\.name: a is there twice/],
  ],
  [
    'groups:\n  - name: a\n    members: [h/x]\n  - name: b\n    members:\n      - h/y\n      - h/x\n',
    [/line 7: groups\.1\.members\.1: h\/x is in group a already/],
  ],
  [
    'groups:\n  - name: a\n    points: "25:00"\n    timezone: Mars/Olympus\n    keep: hourly=x\n',
    [/line 3: .*no schedule/, /line 4: .*no time zone/, /line 5: .*keeps nothing/],
  ],
  ['groups:\n  - name: a\n    initial: 5d\n', [/line 3: .*time of the calendar/]],
  ['groups:\n  - name: a\n    members: [web.qcow2]\n', [/line 3: .*is no HOST\/NAME/]],
  ['hosts:\n  - name: alpha\n    rate: fast\n', [/line 3: hosts\.0\.rate: .*fast/]],
  ['sources:\n  - name: alpha/a\n    allowUnsettled: perhaps\n', [/line 3: .*allowUnsettled/]],
  ['groups:\n  - name: a\n    name: b\n', [/line 3: Map keys must be unique/]],
  ['groups: [\n', [/line [12]: /]],
  ['- a\n', [/line 1: /]],
]

test('what is wrong with a file is told with its line, all of it at once', () => {
  for (const [content, messages] of WRONG)
    assert.throws(
      () => parseConfiguration(content, 'fleet.yaml'),
      (error) => {
        assert.ok(error instanceof HoldfastError)
        assert.equal(error.code, 'invalid-argument')
        for (const message of messages) assert.match(error.message, message)
        return error.message.startsWith('fleet.yaml: line ')
      },
    )
})

test('a short file with many aliases is refused', () => {
  const bombs = ['a: &a [x, x, x, x, x, x, x, x, x]']
  for (const [before, name] of ['ab', 'bc', 'cd', 'de', 'ef'])
    bombs.push(`${name}: &${name} [${Array(9).fill(`*${before}`).join(', ')}]`)
  assert.throws(() => parseConfiguration(bombs.join('\n'), 'fleet.yaml'))
})
