// Whatever follows a question mark in a stream name or URL may be a publishing secret, and such text reaches the log
// by many ways: names, tcUrl, headers, error messages, stack traces. So the rule is kept where all of them pass.

/** Also the percent-encoded form: a client may escape the whole of a stream key. */
const startOfQuery = /\?|%3f/i;

/** From a question mark to the end of the JSON string it stands in. `\\.` steps over escaped quotes. */
const queryInJsonString = /(\?|%3[fF])(?:[^"\\]|\\.)+/g;

/** A JSON log line in which no string holds anything after its first question mark. */
export function scrubLine(line: string): string {
  return startOfQuery.test(line) ? line.replace(queryInJsonString, '?...') : line;
}

/** A name or URL without its query: for messages that do not go through the log. */
export function withoutQuery(text: string): string {
  const at = text.search(startOfQuery);
  return at === -1 ? text : text.slice(0, at);
}
