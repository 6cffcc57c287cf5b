// Original file: proto/report.proto


export interface ReportRequest {
  'period'?: (string);
  'until'?: (string);
  '_until'?: "until";
}

export interface ReportRequest__Output {
  'period': (string);
  'until'?: (string);
  '_until'?: "until";
}
