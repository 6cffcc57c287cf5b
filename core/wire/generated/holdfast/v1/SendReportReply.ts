// Original file: proto/report.proto

import type { SentMail as _holdfast_v1_SentMail, SentMail__Output as _holdfast_v1_SentMail__Output } from '../../holdfast/v1/SentMail.ts';

export interface SendReportReply {
  'results'?: (_holdfast_v1_SentMail)[];
}

export interface SendReportReply__Output {
  'results': (_holdfast_v1_SentMail__Output)[];
}
