// Original file: proto/report.proto

import type { ReportSource as _holdfast_v1_ReportSource, ReportSource__Output as _holdfast_v1_ReportSource__Output } from '../../holdfast/v1/ReportSource.ts';
import type { ReportGroup as _holdfast_v1_ReportGroup, ReportGroup__Output as _holdfast_v1_ReportGroup__Output } from '../../holdfast/v1/ReportGroup.ts';
import type { ReportJobs as _holdfast_v1_ReportJobs, ReportJobs__Output as _holdfast_v1_ReportJobs__Output } from '../../holdfast/v1/ReportJobs.ts';
import type { ReportFailure as _holdfast_v1_ReportFailure, ReportFailure__Output as _holdfast_v1_ReportFailure__Output } from '../../holdfast/v1/ReportFailure.ts';
import type { ReportRecovery as _holdfast_v1_ReportRecovery, ReportRecovery__Output as _holdfast_v1_ReportRecovery__Output } from '../../holdfast/v1/ReportRecovery.ts';
import type { ReportVerification as _holdfast_v1_ReportVerification, ReportVerification__Output as _holdfast_v1_ReportVerification__Output } from '../../holdfast/v1/ReportVerification.ts';

export interface Report {
  'period'?: (string);
  'since'?: (string);
  'until'?: (string);
  'sources'?: (_holdfast_v1_ReportSource)[];
  'groups'?: (_holdfast_v1_ReportGroup)[];
  'jobs'?: (_holdfast_v1_ReportJobs)[];
  'failures'?: (_holdfast_v1_ReportFailure)[];
  'recoveries'?: (_holdfast_v1_ReportRecovery)[];
  'verification'?: (_holdfast_v1_ReportVerification | null);
}

export interface Report__Output {
  'period': (string);
  'since': (string);
  'until': (string);
  'sources': (_holdfast_v1_ReportSource__Output)[];
  'groups': (_holdfast_v1_ReportGroup__Output)[];
  'jobs': (_holdfast_v1_ReportJobs__Output)[];
  'failures': (_holdfast_v1_ReportFailure__Output)[];
  'recoveries': (_holdfast_v1_ReportRecovery__Output)[];
  'verification': (_holdfast_v1_ReportVerification__Output | null);
}
