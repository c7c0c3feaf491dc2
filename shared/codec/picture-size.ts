import { ProtocolError } from '../bytes/protocol-error.ts';

/** Size of the picture as it is shown, in samples. */
export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

/** No codec goes beyond 65536; a bitstream that claims more, or nothing at all, is damaged. */
export function pictureSize(width: number, height: number): PictureSize {
  if (!(width > 0 && height > 0 && width <= 65_536 && height <= 65_536)) {
    throw new ProtocolError('bad-value', `a picture of ${width}x${height}`);
  }
  return { width, height };
}
