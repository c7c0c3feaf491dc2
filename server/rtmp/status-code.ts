/** Status codes that clients know. Any `level: 'error'` makes FFmpeg exit; OBS shows the description to its user. */
export const statusCode = {
  connectSuccess: 'NetConnection.Connect.Success',
  connectRejected: 'NetConnection.Connect.Rejected',
  connectInvalidApp: 'NetConnection.Connect.InvalidApp',
  connectReconnectRequest: 'NetConnection.Connect.ReconnectRequest',
  callFailed: 'NetConnection.Call.Failed',
  streamFailed: 'NetStream.Failed',
  publishStart: 'NetStream.Publish.Start',
  publishBadName: 'NetStream.Publish.BadName',
  publishDenied: 'NetStream.Publish.Denied',
  unpublishSuccess: 'NetStream.Unpublish.Success',
  playReset: 'NetStream.Play.Reset',
  playStart: 'NetStream.Play.Start',
  playStop: 'NetStream.Play.Stop',
  playFailed: 'NetStream.Play.Failed',
  playStreamNotFound: 'NetStream.Play.StreamNotFound',
  playPublishNotify: 'NetStream.Play.PublishNotify',
  playUnpublishNotify: 'NetStream.Play.UnpublishNotify',
  playInsufficientBandwidth: 'NetStream.Play.InsufficientBW',
  pauseNotify: 'NetStream.Pause.Notify',
  unpauseNotify: 'NetStream.Unpause.Notify',
  seekNotify: 'NetStream.Seek.Notify',
} as const;

/** What an `onStatus` says. */
export interface Status {
  readonly level: 'status' | 'warning' | 'error';
  readonly code: string;
  readonly description: string;
}
