// Original file: proto/operator.proto

import type { Host as _holdfast_v1_Host, Host__Output as _holdfast_v1_Host__Output } from '../../holdfast/v1/Host.ts';

export interface HostList {
  'hosts'?: (_holdfast_v1_Host)[];
}

export interface HostList__Output {
  'hosts': (_holdfast_v1_Host__Output)[];
}
