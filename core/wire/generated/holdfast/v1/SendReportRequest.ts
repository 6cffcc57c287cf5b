// Original file: proto/report.proto


export interface SendReportRequest {
  'period'?: (string);
  'until'?: (string);
  'addresses'?: (string)[];
  '_until'?: "until";
}

export interface SendReportRequest__Output {
  'period': (string);
  'until'?: (string);
  'addresses': (string)[];
  '_until'?: "until";
}
