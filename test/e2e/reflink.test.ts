import test from 'node:test'
import { whatClonesTell } from './tracked-image.ts'

/* The other file system, other hosts of clones, and those without any: reflink.nightly.test.ts. */

test('xfs: what changed in an image is told by its clones', (t) => whatClonesTell(t, 'xfs'))
