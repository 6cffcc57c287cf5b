import type { PointDisk } from './point-source.ts'
import { sampleDisk } from './sample-disk.ts'

export function crashDisks(): PointDisk[] {
  return [sampleDisk(700_001, 'a', 8), sampleDisk(900_002, 'b', 9)]
}
