import type { AddressInfo, Server } from 'node:net';
import { HOST } from './system.ts';

/** Listens on any free port and prints it, for the process that started this one. */
export function listenAndSay(server: Server, backlog: number): void {
  server.listen({ port: 0, host: HOST, backlog }, () => {
    process.stdout.write(`port ${(server.address() as AddressInfo).port}\n`);
  });
}
