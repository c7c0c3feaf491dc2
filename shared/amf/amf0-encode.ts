import { ByteWriter } from '../bytes/byte-writer.ts';
import { encodeUtf8 } from '../bytes/utf8.ts';
import { type AmfObject, type AmfValue, isAmfArray } from './amf-value.ts';
import { amf0Marker as marker } from './amf0-marker.ts';

// AMF0: Adobe "Action Message Format - AMF 0", section 2.

/** Encodes values one after the other, as in the body of a command or data message. */
export function encodeAmf0(values: readonly AmfValue[]): Uint8Array {
  const writer = new ByteWriter(256);
  for (const value of values) writeAmf0(writer, value);
  return writer.finish();
}

/** Appends one value. */
export function writeAmf0(writer: ByteWriter, value: AmfValue): void {
  switch (typeof value) {
    case 'undefined':
      writer.u8(marker.undefined);
      return;
    case 'boolean':
      writer.u8(marker.boolean).u8(value ? 1 : 0);
      return;
    case 'number':
      writer.u8(marker.number).f64(value);
      return;
    case 'string':
      writeString(writer, value);
      return;
    case 'object':
      writeObject(writer, value);
      return;
    default:
      value satisfies never;
  }
}

function writeObject(writer: ByteWriter, value: AmfValue & (object | null)): void {
  if (value === null) {
    writer.u8(marker.null);
  } else if (isAmfArray(value)) {
    writer.u8(marker.strictArray).u32(value.length);
    for (const element of value) writeAmf0(writer, element);
  } else {
    switch (value.kind) {
      case 'date':
        writer.u8(marker.date).f64(value.epochMs).u16(0);
        return;
      case 'xml':
        writeLongText(writer.u8(marker.xmlDocument), encodeUtf8(value.text));
        return;
      case 'object':
        writeMembers(writer.u8(marker.object), value);
        return;
      case 'ecma-array':
        writeMembers(writer.u8(marker.ecmaArray).u32(value.entries.size), value);
        return;
      case 'typed-object':
        writer.u8(marker.typedObject);
        writeShortText(writer, value.className ?? '');
        writeMembers(writer, value);
        return;
      case 'bytes':
      case 'dictionary':
        // Section 2.15: the marker for what has no form in AMF0.
        writer.u8(marker.unsupported);
        return;
      default:
        value satisfies never;
    }
  }
}

function writeMembers(writer: ByteWriter, object: AmfObject): void {
  for (const [key, value] of object.entries) {
    writeShortText(writer, key);
    writeAmf0(writer, value);
  }
  writer.u16(0).u8(marker.objectEnd);
}

function writeString(writer: ByteWriter, text: string): void {
  const bytes = encodeUtf8(text);
  if (bytes.length > 0xffff) writeLongText(writer.u8(marker.longString), bytes);
  else writer.u8(marker.string).u16(bytes.length).bytes(bytes);
}

function writeLongText(writer: ByteWriter, bytes: Uint8Array): void {
  writer.u32(bytes.length).bytes(bytes);
}

function writeShortText(writer: ByteWriter, text: string): void {
  const bytes = encodeUtf8(text);
  if (bytes.length > 0xffff) throw new Error(`an AMF0 key of ${bytes.length} bytes`);
  writer.u16(bytes.length).bytes(bytes);
}
