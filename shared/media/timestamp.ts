// RTMP timestamps are 32-bit milliseconds that wrap after 49 days 17 hours (RTMP 1.0 section 4); they are
// compared with serial number arithmetic (RFC 1982), which is right while two of them lie less than 2^31 apart.

/** Signed distance in milliseconds from one 32-bit timestamp to another, across the wrap: -2^31 to 2^31 - 1. */
export const timestampDelta = (from: number, to: number): number => (to - from) | 0;
