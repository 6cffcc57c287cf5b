// Original file: proto/report.proto

import type { Long } from '@grpc/proto-loader';

export interface ReportVerification {
  'storedBytes'?: (number | string | Long);
  'verifiedBytes'?: (number | string | Long);
  'oldestAt'?: (string);
  'damagedChunks'?: (number);
  'points'?: (number);
  'pointsVerified'?: (number);
  'pointsProven'?: (number);
  '_oldestAt'?: "oldestAt";
}

export interface ReportVerification__Output {
  'storedBytes': (number);
  'verifiedBytes': (number);
  'oldestAt'?: (string);
  'damagedChunks': (number);
  'points': (number);
  'pointsVerified': (number);
  'pointsProven': (number);
  '_oldestAt'?: "oldestAt";
}
