/** Before the name of a stream: its media for the dashboard. As at the public address, but for the operator alone, and not counted. */
export const previewPrefix = '/api/v1/preview';
