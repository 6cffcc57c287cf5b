// Original file: proto/report.proto


export interface StorageHistoryRequest {
  'days'?: (number);
}

export interface StorageHistoryRequest__Output {
  'days': (number);
}
