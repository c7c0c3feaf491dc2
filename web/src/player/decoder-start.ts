import { classifyPacket } from '../../../shared/media/classify.ts';

/** Classic AVC bodies: `x7 01 cts cts cts`, then network abstraction layer units, each behind its length. */
const AVC_HEAD = 5;
const AVC_CODEC = 7;
const IDR_SLICE = 5;

/**
 * Finds the pictures that a decoder can begin with. For H.264 only an IDR picture is one: some encoders mark recovery points of
 * an intra refresh as keyframes, and browsers do not begin there.
 */
export class DecoderStart {
  #lengthBytes = 4;

  isStart(body: Uint8Array): boolean {
    const role = classifyPacket('video', body);
    const isAvc = (body[0] ?? 0) < 0x80 && ((body[0] ?? 0) & 15) === AVC_CODEC;
    // AVCDecoderConfigurationRecord, ISO/IEC 14496-15 section 5.3.3.1: the fifth byte tells how long the lengths are.
    if (role === 'config' && isAvc) this.#lengthBytes = ((body[AVC_HEAD + 4] ?? 3) & 3) + 1;
    return role === 'keyframe' && (!isAvc || this.#hasIdr(body));
  }

  #hasIdr(body: Uint8Array): boolean {
    let at = AVC_HEAD;
    while (at + this.#lengthBytes < body.length) {
      let length = 0;
      for (let i = 0; i < this.#lengthBytes; i++) length = length * 256 + (body[at + i] ?? 0);
      at += this.#lengthBytes;
      if (((body[at] ?? 0) & 31) === IDR_SLICE) return true;
      at += length;
    }
    return false;
  }
}
