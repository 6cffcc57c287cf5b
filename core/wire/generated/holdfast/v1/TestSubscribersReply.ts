// Original file: proto/people.proto

import type { TestedSubscriber as _holdfast_v1_TestedSubscriber, TestedSubscriber__Output as _holdfast_v1_TestedSubscriber__Output } from '../../holdfast/v1/TestedSubscriber.ts';

export interface TestSubscribersReply {
  'results'?: (_holdfast_v1_TestedSubscriber)[];
}

export interface TestSubscribersReply__Output {
  'results': (_holdfast_v1_TestedSubscriber__Output)[];
}
