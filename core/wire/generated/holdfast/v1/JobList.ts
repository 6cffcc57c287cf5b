// Original file: proto/operator.proto

import type { Job as _holdfast_v1_Job, Job__Output as _holdfast_v1_Job__Output } from '../../holdfast/v1/Job.ts';

export interface JobList {
  'jobs'?: (_holdfast_v1_Job)[];
}

export interface JobList__Output {
  'jobs': (_holdfast_v1_Job__Output)[];
}
