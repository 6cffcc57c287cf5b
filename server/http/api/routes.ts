import type { OperatorHandlers } from '../../rpc/operator-handlers.ts'

/*
 * Where each call of the Operator service is found over HTTP. The messages are the same, so this
 * table and proto/operator.proto are all there is to the API: paths here, shapes there. A call that
 * is in neither of the two tables does not compile.
 */

export type Verb = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** `{name}` in a path is a field of the request; the other fields are the query or the body. */
export interface Route {
  readonly verb: Verb
  readonly path: string
  readonly summary: string
}

export type Call = keyof OperatorHandlers

/** Calls whose answers are not JSON documents, or come one after the other. */
export type StreamedCall = 'watchJob' | 'listFiles' | 'getFiles' | 'searchFiles' | 'compareFiles'

/** A disk's bytes at any place: an export reads them over gRPC, a browser has no use for them. */
export type WireOnlyCall = 'openDisk' | 'readDisk' | 'getDiskRuns'

export type DocumentCall = Exclude<Call, StreamedCall | WireOnlyCall>

const get = (path: string, summary: string): Route => ({ verb: 'GET', path, summary })
const post = (path: string, summary: string): Route => ({ verb: 'POST', path, summary })
const put = (path: string, summary: string): Route => ({ verb: 'PUT', path, summary })
const remove = (path: string, summary: string): Route => ({ verb: 'DELETE', path, summary })

export const DOCUMENT_ROUTES: Readonly<Record<DocumentCall, Route>> = {
  getStatus: get('/status', 'Is everything protected, as of when'),

  createToken: post('/join-tokens', 'A join token for a new host'),
  listHosts: get('/hosts', 'Enrolled hosts'),
  getHost: get('/hosts/{host}', 'One host'),
  renameHost: put('/hosts/{host}/name', 'Give a host another name'),
  revokeHost: post('/hosts/{host}/revoke', 'Refuse a host from now on'),
  throttleHost: put('/hosts/{host}/throttle', 'Limit the bytes per second of a host'),

  listSources: get('/sources', 'Data sources that hosts offer'),
  getSource: get('/sources/{source}', 'One data source'),
  setSource: put('/sources/{source}/settings', 'Settings of a data source'),
  moveOwner: put('/sources/{source}/owner', 'Give a data source to another host'),

  startTransfers: post('/transfers', 'Create points, synchronize or check'),
  createPointFrom: post('/points/{point}/derived', 'One disk of a point as a point of its own'),
  listPoints: get('/points', 'Recovery points'),
  getPoint: get('/points/{point}', 'One recovery point'),
  comparePoints: get('/points/{from}/compare/{to}', 'What differs between two points'),
  commentPoint: put('/points/{point}/comment', 'Comment a point'),
  protectPoint: put('/points/{point}/protection', 'Keep a point from being deleted'),
  unprotectPoint: remove('/points/{point}/protection', 'Let a point be deleted again'),
  deletePoint: remove('/points/{point}', 'Delete a point, or see what that would free'),
  undeletePoint: post('/points/{point}/undelete', 'Bring a deleted point back'),

  startVerify: post('/verifications', 'Read stored bytes against their digests'),
  startReplicaImport: post('/replica-imports', 'A first replica from removable media'),
  planRestore: post('/restores/plan', 'What a restore would write, and what speaks against it'),
  startRestore: post('/restores', 'Restore a point'),
  startFileRestore: post('/file-restores', 'Write files of a point onto a host'),

  listJobs: get('/jobs', 'Jobs, newest first'),
  getJob: get('/jobs/{job}', 'One job'),
  cancelJob: post('/jobs/{job}/cancel', 'Stop a job'),

  listEvents: get('/events', 'What happened'),
  listAlerts: get('/alerts', 'What needs a hand'),
  getAlert: get('/alerts/{alert}', 'One alert'),
  acknowledgeAlert: post('/alerts/{alert}/acknowledge', 'Say that an alert is known'),

  listSubscribers: get('/subscribers', 'Who is told of alerts'),
  addSubscriber: post('/subscribers', 'Tell a mail address or a webhook of alerts'),
  removeSubscriber: remove('/subscribers/{subscriber}', 'Tell somebody nothing any more'),
  testSubscribers: post('/subscribers/test', 'Send everybody a test, now'),
  getMail: get('/mail', 'How the server sends mail'),
  setMail: put('/mail', 'Say how the server sends mail'),
  removeMail: remove('/mail', 'Send no mail any more'),
  testMail: post('/mail/test', 'Send a test mail, now'),

  planGroup: post('/groups/plan', 'What would come of a change of a group'),
  saveGroup: post('/groups', 'Make or change a protection group'),
  listGroups: get('/groups', 'Protection groups'),
  getGroup: get('/groups/{group}', 'One protection group'),
  deleteGroup: remove('/groups/{group}', 'End a protection group'),
  previewRetention: post('/retention/preview', 'What rules keep and let go, and why'),
  confirmClock: post('/clock/confirm', 'Say that the time is right: points expire again'),
  listOperators: get('/operators', 'Who may do what'),
  addOperator: post('/operators', 'Add an operator'),
  removeOperator: remove('/operators/{name}', 'Refuse an operator from now on'),
  createOperatorToken: post('/operators/{name}/tokens', 'A token, shown once'),
  revokeOperatorTokens: remove('/operators/{name}/tokens', 'Refuse all tokens of an operator'),
  setOperatorPassword: put('/operators/{name}/password', 'Set or remove a password'),
  listAudit: get('/audit', 'Who did what to what, newest first'),
  verifyAudit: get('/audit/verification', 'Is the audit log whole and as it was written'),

  getStorage: get('/storage', 'Volumes and space'),
  getStorageHistory: get('/storage/history', 'Space by day, and when it is used up'),
  addVolume: post('/storage/volumes', 'Add a folder to the store'),
  startCollect: post('/storage/collect', 'Free what nothing needs'),
  startCompact: post('/storage/compact', 'Rewrite packs that are mostly dead'),

  getReport: get(
    '/reports/{period}',
    'What was protected, failed and recovered in a day, week or month',
  ),

  sendReport: post('/reports/{period}/mail', 'Mail a report, now'),

  createSignInLink: post('/sign-in-links', 'A link that signs you in elsewhere, once'),
}

export const STREAMED_ROUTES: Readonly<Record<StreamedCall, Route>> = {
  watchJob: get('/jobs/{job}/watch', 'A job as it goes on: server-sent events'),
  listFiles: get('/points/{point}/files', 'What a folder inside of a point holds'),
  getFiles: get('/points/{point}/content', 'Files and folders out of a point'),
  searchFiles: get('/sources/{source}/files', 'Names in all points of a data source'),
  compareFiles: get('/points/{from}/compare/{to}/files', 'Files that two points do not have alike'),
}
