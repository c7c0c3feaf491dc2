const MAX_TEXT = 512;

/** A client may escape the whole of an address; behind `#` an app may have a query as well, and behind `&` one whose `?` was forgotten. */
const startOfQuery = /[?#&]|%3f|%23|%26/i;

/**
 * A text from the peer that may go into a log, an API answer or a page: everything after the first `?`, `#` or `&` and the
 * user part of a URL are secrets and are masked; control characters are replaced, so that a name cannot start a new
 * log line; long texts are cut.
 */
export function redactQuery(text: string): string {
  const query = text.search(startOfQuery);
  const open = (query < 0 ? text : text.slice(0, query)).replace(/:\/\/[^/]*@/, '://***@');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what has to go.
  const printable = open.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, '\ufffd');
  const cut = printable.length > MAX_TEXT ? `${printable.slice(0, MAX_TEXT)}...` : printable;
  if (query < 0) return cut;
  return query === text.length - 1 ? cut + text[query] : `${cut}?***`;
}
