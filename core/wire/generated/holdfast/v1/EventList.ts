// Original file: proto/operator.proto

import type { Event as _holdfast_v1_Event, Event__Output as _holdfast_v1_Event__Output } from '../../holdfast/v1/Event.ts';

export interface EventList {
  'events'?: (_holdfast_v1_Event)[];
}

export interface EventList__Output {
  'events': (_holdfast_v1_Event__Output)[];
}
