const MAX_TEXT = 512;

/**
 * A text from the peer that may go into a log, an API answer or a page: everything after the first `?` and the
 * user part of a URL are secrets and are masked; control characters are replaced, so that a name cannot start a new
 * log line; long texts are cut.
 */
export function redactQuery(text: string): string {
  const query = text.indexOf('?');
  const open = (query < 0 ? text : text.slice(0, query)).replace(/:\/\/[^/]*@/, '://***@');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what has to go.
  const printable = open.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, '\ufffd');
  const cut = printable.length > MAX_TEXT ? `${printable.slice(0, MAX_TEXT)}...` : printable;
  return query < 0 || query === text.length - 1 ? cut + (query < 0 ? '' : '?') : `${cut}?***`;
}
