// The real server for tests: seeded in a temporary folder, on a free port of
// the loopback, stopped by its process id.
//
// ALCOVE_BIN names another binary than the release build's; ALCOVE_SERVE_ARGS
// adds arguments to every `serve`, separated by spaces.
import { spawn, execFile } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Eventually } from './api.mjs';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
export const binary = path.resolve(root, process.env.ALCOVE_BIN || 'build/release/bin/alcove');

// Rather a refusal at once than a time-out in every test.
if (!existsSync(binary)) throw new Error(`${binary} is not there: build the release preset first, or set ALCOVE_BIN`);

const listening_ms_max = 20_000;
const stopping_ms_max = 30_000;

export async function FreePort() {
  const probe = net.createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address();
  probe.close();
  await once(probe, 'close');
  return port;
}

function Within(promise, ms, what) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} took more than ${ms} ms`)), ms);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

export class Server {
  // A seeded server that answers. `agents`: how many sign-ins; `args`: further arguments of `serve`.
  static async Start({ agents = 3, args = [] } = {}) {
    const server = new Server();
    server.folder = await mkdtemp(path.join(os.tmpdir(), 'alcove-test-'));
    server.data = path.join(server.folder, 'data');
    server.args = args;
    const seeding = await promisify(execFile)(binary, ['seed', '--data', server.data, '--agents', `${agents}`, '--json']);
    server.seed = JSON.parse(seeding.stdout);
    server.ops = `http://127.0.0.1:${await FreePort()}`;
    await server.Launch('127.0.0.1:0');
    return server;
  }

  get site() {
    return this.seed.site?.id ?? this.seed.site;
  }

  get process_id() {
    return this.process.pid;
  }

  async Launch(address) {
    const extra = (process.env.ALCOVE_SERVE_ARGS || '').split(' ').filter(Boolean);
    const args = ['serve', '--data', this.data, '--listen', address, '--ops', new URL(this.ops).host];
    this.process = spawn(binary, [...args, '--limits', 'off', ...extra, ...this.args], { stdio: ['ignore', 'pipe', 'pipe'] });
    this.ended = once(this.process, 'exit').then(([code, signal]) => ({ code, signal }));
    this.log = '';
    this.process.stderr.on('data', (bytes) => (this.log += bytes));
    const lines = createInterface({ input: this.process.stdout });
    const first = once(lines, 'line').then(([line]) => line);
    const ended = this.ended.then(({ code, signal }) => {
      throw new Error(`the server ended (${code ?? signal}) before it listened:\n${this.log}`);
    });
    ended.catch(() => {});
    const line = await Within(Promise.race([first, ended]), listening_ms_max, 'listening');
    const match = /^listening on (http:\/\/\S+)$/.exec(line);
    if (!match) throw new Error(`the first line was not "listening on …" but: ${line}`);
    this.url = match[1];
  }

  // Until it holds that many requests: polls that have come and have nothing to tell.
  async Holds(count) {
    const Held = async () => /^alcove_parked_requests (\d+)$/m.exec(await (await fetch(`${this.ops}/metrics`)).text())?.[1];
    await Eventually(async () => Number(await Held()) === count, `${count} polls are held`);
  }

  // As a power cut for the process: nothing is finished.
  async Kill() {
    this.process.kill('SIGKILL');
    await this.ended;
  }

  // The way an operator stops it. How it ended, and how long that took.
  async Terminate() {
    const begin = Date.now();
    this.process.kill('SIGTERM');
    const how = await Within(this.ended, stopping_ms_max, 'stopping');
    return { ...how, ms: Date.now() - begin };
  }

  // On the same port and data.
  async Restart() {
    await this.Launch(new URL(this.url).host);
  }

  async Stop() {
    if (this.process.exitCode === null && this.process.signalCode === null) await this.Kill();
    await rm(this.folder, { recursive: true, force: true });
  }
}
