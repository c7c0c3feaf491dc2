const BEFORE = 16;
const AFTER = 16;
const LOOK_BACK = 512;
const QUESTION_MARK = 0x3f;

/**
 * Hex of the bytes around a fault, `|` before the faulty one. Text that follows a `?` is a stream's secret and is shown
 * as `**`; so is text at the start of the bytes when they are not `whole`, because a `?` may have gone before it.
 */
export function hexAround(bytes: Uint8Array, at: number, whole = false): string {
  const from = Math.max(0, at - BEFORE);
  const to = Math.min(bytes.length, at + AFTER);
  let secret = !whole || from > LOOK_BACK;
  for (let i = Math.max(0, from - LOOK_BACK); i < from; i++) secret = isSecretAfter(secret, bytes[i]!);
  let text = '';
  for (let i = from; i < to; i++) {
    if (i === at) text += i === from ? '| ' : ' | ';
    else if (i > from) text += ' ';
    const byte = bytes[i]!;
    const hidden = secret && byte >= 0x20;
    text += hidden ? '**' : byte.toString(16).padStart(2, '0');
    secret = isSecretAfter(secret, byte);
  }
  return at >= to && at > from ? `${text} |` : text;
}

// A control byte ends a text: AMF puts a marker or a length after each one. Bytes over 0x7e do not, since the
// one-byte header of a continuation chunk may stand in the middle of a text.
function isSecretAfter(secret: boolean, byte: number): boolean {
  if (byte < 0x20) return false;
  return secret || byte === QUESTION_MARK;
}
