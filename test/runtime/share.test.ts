import assert from 'node:assert/strict'
import test from 'node:test'
import { Share } from '../../core/runtime/share.ts'

test('one alone has the most, and however many there are, each has the least', () => {
  const share = new Share(24, { least: 2, most: 8 })
  const leave: (() => void)[] = []
  const each: number[] = []
  for (let users = 0; users <= 16; users++) {
    each.push(share.each)
    leave.push(share.join())
  }
  assert.deepEqual(each, [8, 8, 8, 8, 6, 4, 4, 3, 3, 2, 2, 2, 2, 2, 2, 2, 2])
  for (const one of leave) one()
  assert.equal(share.each, 8, 'what others had is there again')
})
