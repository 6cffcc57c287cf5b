// Original file: proto/operator.proto

import type { FoundFile as _holdfast_v1_FoundFile, FoundFile__Output as _holdfast_v1_FoundFile__Output } from '../../holdfast/v1/FoundFile.ts';
import type { FoundAgain as _holdfast_v1_FoundAgain, FoundAgain__Output as _holdfast_v1_FoundAgain__Output } from '../../holdfast/v1/FoundAgain.ts';
import type { SearchedPoint as _holdfast_v1_SearchedPoint, SearchedPoint__Output as _holdfast_v1_SearchedPoint__Output } from '../../holdfast/v1/SearchedPoint.ts';
import type { FileWarnings as _holdfast_v1_FileWarnings, FileWarnings__Output as _holdfast_v1_FileWarnings__Output } from '../../holdfast/v1/FileWarnings.ts';

export interface SearchPart {
  'found'?: (_holdfast_v1_FoundFile | null);
  'again'?: (_holdfast_v1_FoundAgain | null);
  'searched'?: (_holdfast_v1_SearchedPoint | null);
  'warnings'?: (_holdfast_v1_FileWarnings | null);
  'part'?: "found"|"again"|"searched"|"warnings";
}

export interface SearchPart__Output {
  'found'?: (_holdfast_v1_FoundFile__Output | null);
  'again'?: (_holdfast_v1_FoundAgain__Output | null);
  'searched'?: (_holdfast_v1_SearchedPoint__Output | null);
  'warnings'?: (_holdfast_v1_FileWarnings__Output | null);
  'part'?: "found"|"again"|"searched"|"warnings";
}
