import test from 'node:test'
import { randomKills } from './random-kills.ts'

test('processes killed at many random moments lose nothing that was told', (t) =>
  randomKills(t, 40))
