import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { type AmfValue, amfGet, amfObject } from '../../shared/amf/amf-value.ts';
import { ByteWriter } from '../../shared/bytes/byte-writer.ts';
import { ChunkReader } from '../rtmp/chunk-reader.ts';
import { ChunkWriter, type OutgoingMessage } from '../rtmp/chunk-writer.ts';
import { decodeCommand, encodeCommand, type RtmpCommand } from '../rtmp/command.ts';
import { copyMessage, type RtmpMessage } from '../rtmp/message.ts';
import { encodeUserControl } from '../rtmp/user-control.ts';

const HANDSHAKE = 3073;
const GIVE_UP_MS = 10_000;

/** A real connection to a server that says exactly what a test wants and remembers everything it is told. */
export class RtmpDial {
  readonly socket: Socket;
  /** All messages received so far. */
  readonly messages: RtmpMessage[] = [];
  /** True once the server has ended the connection. */
  ended = false;
  readonly #writer = new ChunkWriter();
  readonly #reader = new ChunkReader(undefined, HANDSHAKE);
  #skip = HANDSHAKE;
  #wake: () => void = () => {};

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.on('error', () => {});
    socket.on('data', (bytes) => this.#receive(bytes));
    socket.once('close', () => {
      this.ended = true;
      this.#wake();
    });
  }

  /** Connects and shakes hands. */
  static async open(port: number): Promise<RtmpDial> {
    const socket = connect({ host: '127.0.0.1', port, noDelay: true });
    await once(socket, 'connect');
    return RtmpDial.over(socket);
  }

  /** Shakes hands on a connection that is open. */
  static over(socket: Socket): RtmpDial {
    const dial = new RtmpDial(socket);
    const handshake = new Uint8Array(HANDSHAKE);
    handshake[0] = 3;
    socket.write(handshake);
    return dial;
  }

  /** Connects, says connect and makes message stream 1 when the server agrees. */
  static async connected(
    port: number,
    properties: Readonly<Record<string, AmfValue>> = {},
  ): Promise<RtmpDial> {
    const dial = await RtmpDial.open(port);
    dial.sayConnect(properties);
    await dial.reply('_result', 1);
    dial.command(0, 'createStream', 2);
    await dial.reply('_result', 2);
    return dial;
  }

  sayConnect(properties: Readonly<Record<string, AmfValue>> = {}): void {
    this.command(0, 'connect', 1, amfObject({ app: 'live', tcUrl: 'rtmp://127.0.0.1/live', ...properties }));
  }

  send(message: Partial<OutgoingMessage> & { typeId: number; body: Uint8Array }): void {
    const out = new ByteWriter();
    this.#writer.write(out, { chunkStreamId: 3, timestamp: 0, messageStreamId: 0, ...message });
    this.socket.write(out.finish().slice());
  }

  command(messageStreamId: number, name: string, transactionId: number, ...values: AmfValue[]): void {
    const [object = null, ...args] = values;
    this.send({ typeId: 20, messageStreamId, body: encodeCommand(name, transactionId, object, ...args) });
  }

  /** Sends a ping; the answer comes after everything that was sent before it was read. */
  async roundTrip(): Promise<void> {
    const before = this.messages.length;
    const value = before + 1;
    this.send({ typeId: 4, chunkStreamId: 2, body: encodeUserControl({ event: 6, value }) });
    await this.until(() =>
      this.messages.slice(before).some(({ typeId, body }) => typeId === 4 && body[1] === 7),
    );
  }

  /** Waits until `check` gives something, looking after each piece that arrives. */
  async until<T>(check: () => T): Promise<NonNullable<T>> {
    const timer = setTimeout(() => this.socket.destroy(), GIVE_UP_MS);
    try {
      for (;;) {
        const found = check();
        if (found) return found;
        if (this.ended) throw new Error(`the connection ended after: ${this.told.join(', ')}`);
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    } finally {
      clearTimeout(timer);
    }
  }

  async untilEnded(): Promise<void> {
    if (!this.ended) await once(this.socket, 'close');
  }

  /** Waits for an answer to a command. */
  reply(name: string, transactionId: number): Promise<RtmpCommand> {
    return this.until(() =>
      this.commands.find((command) => command.name === name && command.transactionId === transactionId),
    );
  }

  /** Waits for a status of this code, on this message stream if that matters. */
  status(code: string, messageStreamId?: number): Promise<RtmpCommand> {
    return this.until(() =>
      this.commands.find(
        (command) =>
          codeOf(command) === code &&
          (messageStreamId === undefined || command.messageStreamId === messageStreamId),
      ),
    );
  }

  get commands(): RtmpCommand[] {
    return this.messages
      .map((message) => (message.typeId === 20 ? decodeCommand(message) : undefined))
      .filter((command) => command !== undefined);
  }

  /** The commands so far, each as its name and the code it carries, if it does. */
  get told(): string[] {
    return this.commands.map((command) => {
      const code = codeOf(command);
      return code === undefined ? command.name : `${command.name} ${code}`;
    });
  }

  /** Audio, video and data messages of a message stream so far. */
  media(messageStreamId = 1): RtmpMessage[] {
    return this.messages.filter(
      (message) => [8, 9, 18].includes(message.typeId) && message.messageStreamId === messageStreamId,
    );
  }

  #receive(bytes: Uint8Array): void {
    const skip = Math.min(this.#skip, bytes.length);
    this.#skip -= skip;
    this.#reader.feed(bytes.subarray(skip));
    for (let message = this.#reader.next(); message; message = this.#reader.next()) {
      this.messages.push(copyMessage(message));
    }
    this.#wake();
  }
}

/** The code of a status or result, if it carries one. */
export function codeOf({ args }: RtmpCommand): string | undefined {
  return args.map((arg) => amfGet(arg, 'code')).find((value) => typeof value === 'string');
}
