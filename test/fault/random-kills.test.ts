import test from 'node:test'
import { randomKills } from './random-kills.ts'

test('processes killed at random moments lose nothing that was told', (t) => randomKills(t, 6))
