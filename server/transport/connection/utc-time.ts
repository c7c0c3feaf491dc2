/** A time of today as 14:02 UTC, an earlier one with its date. UTC, because nobody knows where the reader is. */
export function utcTime(ms: number, nowMs: number): string {
  const [date, time = ''] = new Date(ms).toISOString().split('T');
  const [today] = new Date(nowMs).toISOString().split('T');
  return `${date === today ? '' : `${date} `}${time.slice(0, 5)} UTC`;
}
