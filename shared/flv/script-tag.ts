import { type AmfValue, asString, isAmfObject } from '../amf/amf-value.ts';
import { Amf0Decoder } from '../amf/amf0-decode.ts';
import { ProtocolError } from '../bytes/protocol-error.ts';
import { encodeUtf8 } from '../bytes/utf8.ts';

// SCRIPTDATA, Adobe FLV specification 10.1 section E.4.4: a name and its arguments in AMF0.
// Publishers put "@setDataFrame" before the name: "keep this for those who come later" (Flash Media Server).

const amfString = (text: string): Uint8Array =>
  Uint8Array.of(2, text.length >> 8, text.length & 0xff, ...encodeUtf8(text));

const setDataFrame = amfString('@setDataFrame');
const clearDataFrame = amfString('@clearDataFrame');
const onMetaData = amfString('onMetaData');

function startsWith(body: Uint8Array, prefix: Uint8Array): boolean {
  for (let i = 0; i < prefix.length; i++) if (body[i] !== prefix[i]) return false;
  return true;
}

/** A data message as viewers get it: without a leading `@setDataFrame`. A view, not a copy. */
export const stripSetDataFrame = (body: Uint8Array): Uint8Array =>
  startsWith(body, setDataFrame) ? body.subarray(setDataFrame.length) : body;

/** Whether a data message takes metadata back. */
export const isClearDataFrame = (body: Uint8Array): boolean => startsWith(body, clearDataFrame);

/** Whether a data message, without `@setDataFrame`, is onMetaData. Looks at 13 bytes. */
export const isOnMetaData = (body: Uint8Array): boolean => startsWith(body, onMetaData);

/** The properties of an onMetaData body, with or without `@setDataFrame` in front. */
export function decodeOnMetaData(body: Uint8Array): ReadonlyMap<string, AmfValue> {
  const decoder = new Amf0Decoder(stripSetDataFrame(body));
  const name = asString(decoder.next());
  if (name !== 'onMetaData') throw new ProtocolError('bad-value', 'the message is not onMetaData', 0);
  // Whatever follows the first argument is not looked at: some encoders leave rubbish there.
  const properties = decoder.remaining > 0 ? decoder.next() : undefined;
  return isAmfObject(properties) ? properties.entries : new Map();
}
