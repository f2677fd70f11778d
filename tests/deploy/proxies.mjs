// The proxies of web/deploy, each run as the real program on what ships:
// replaced are only names, ports and paths, and how long an idle connection
// to Alcove is kept (where a test is to outlast it).
// What a distribution's own main file would say stands in `wrap`, with what the
// shipped file tells to put there; how long clients may be idle as nginx has it. Bounds are a sixteenth, as a test may have
// no more descriptors; of a proxy that has any, two thousand people are below.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import tls from 'node:tls';
import { promisify } from 'node:util';
import { FreePort, root } from '../browser/server.mjs';

const Run = promisify(execFile);
const folder_of_programs = '/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin';
const as_root = process.getuid?.() === 0;

// `idle`: what the file says about idle connections to Alcove; undefined: it keeps none. `lazy`: it drops one that is
// too old when it would use it again.
// `wrap(text, at)`: the main file around it. `start(at)`: the program's arguments. `reload`: a signal, or arguments.
// `told`: what its comments tell to put into the main file. `bounds`: what of both bounds how many people may wait.
// `any_host(text)`: with Alcove for whatever Host is asked for; undefined: it does so by itself, or is not asked to.
// `drips`: what becomes of a body whose bytes come one by one, a small one and one above 16 KB: it is given up, is kept
// back until it is whole, or is passed on as it comes. `slow`: what the file says about clients that dawdle. `counts(at)`: how many requests it has sent on and how many of
// them were answered; undefined: it cannot tell.
export const all = [
  {
    name: 'nginx', file: 'nginx.conf', idle: /keepalive_timeout (\d+s)/, reload: 'SIGHUP',
    here: (at) => [
      [/127\.0\.0\.1:8080/g, `127.0.0.1:${at.upstream}`],
      [/listen 443/g, `listen 127.0.0.1:${at.port}`],
      [/chat\.example/g, '127.0.0.1'],
      [/shop\.example/g, 'localhost'],
    ],
    told: [/worker_rlimit_nofile \d+;/, /events { worker_connections \d+; }/], bounds: [/worker_rlimit_nofile (\d+)/, /worker_connections (\d+)/],
    wrap: (text, at) => `${as_root ? 'user root;\n' : ''}worker_processes 1;\npid ${at.folder}/pid;\nerror_log stderr warn;\n${at.told}\nhttp {
      log_format sent '$upstream_addr $upstream_header_time';\naccess_log ${at.folder}/sent.log sent;
      ${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((kind) => `${kind}_temp_path ${at.folder}/${kind};`).join('\n')}
      ${text}\n}\n`,
    start: (at) => ['-p', at.folder, '-c', at.main, '-g', 'daemon off;', '-e', 'stderr'],
    slow: [/client_header_timeout (10)s/, /client_body_timeout (10)s/, /send_timeout (30)s/],
    drips: { small: 'kept back', large: 'kept back' },
    counts: async (at) => {
      const lines = (await readFile(`${at.folder}/sent.log`, 'utf8')).split('\n').filter((line) => /^\d/.test(line));
      return { sent: lines.length, answered: lines.filter((line) => /^\S+:\d+ \d/.test(line)).length };
    },
  },
  {
    name: 'haproxy', file: 'haproxy.cfg', idle: /pool-purge-delay (\d+s)/, reload: 'SIGUSR2',
    here: (at) => [
      [/127\.0\.0\.1:8080/g, `127.0.0.1:${at.upstream}`],
      [/bind :443/g, `bind 127.0.0.1:${at.port}`],
      [/chat\.example/g, '127.0.0.1'],
      [/shop\.example/g, 'localhost'],
    ],
    bounds: [/maxconn (\d+)/],
    wrap: (text, at) => `global\n  stats socket ${at.folder}/stats level admin\n${text}`,
    start: (at) => ['-W', '-f', at.main],
    any_host: (text) => text.replace(/^backend alcove /m, '  default_backend alcove\n\n$&'),
    slow: [/timeout http-request (10)s/, /timeout client (60)s/],
    drips: { small: 'given up', large: 'passed on' },
    counts: async (at) => {
      const socket = net.connect(`${at.folder}/stats`);
      socket.write('show stat\n');
      let text = '';
      for await (const bytes of socket) text += bytes;
      const [names, ...rows] = text.trim().split('\n').map((line) => line.split(','));
      const server = rows.find(([proxy, row]) => proxy === 'alcove' && row === 'alcove');
      const Of = (name) => Number(server[names.indexOf(name)]);
      const answered = ['1xx', '2xx', '3xx', '4xx', '5xx', 'other'].reduce((sum, status) => sum + Of(`hrsp_${status}`), 0);
      return { sent: Of('req_tot'), answered };
    },
  },
  {
    name: 'caddy', file: 'Caddyfile', idle: /keepalive (\d+s)/, reload: (at) => ['reload', '--force', '--config', at.main, '--adapter', 'caddyfile', '--address', at.admin],
    here: (at) => [
      [/127\.0\.0\.1:8080/g, `127.0.0.1:${at.upstream}`],
      [/chat\.example {/g, `https://127.0.0.1:${at.port} {\n  bind 127.0.0.1`],
      [/shop\.example {/g, `https://localhost:${at.port} {\n  bind 127.0.0.1`],
    ],
    wrap: (text, at) => `{\n  admin ${at.admin}\n  auto_https disable_redirects\n  local_certs\n  skip_install_trust\n}\n${text}`,
    drips: { small: 'passed on', large: 'passed on' },
    start: (at) => ['run', '--config', at.main, '--adapter', 'caddyfile'],
  },
  {
    name: 'apache', program: 'apache2', file: 'apache.conf', idle: /ttl=(\d+)/, lazy: true, reload: 'SIGUSR1',
    here: (at) => [
      [/127\.0\.0\.1:8080/g, `127.0.0.1:${at.upstream}`],
      [/\*:443/g, `127.0.0.1:${at.port}`],
      [/chat\.example/g, '127.0.0.1'],
      [/shop\.example/g, 'localhost'],
    ],
    told: [/ServerLimit \d+/, /MaxRequestWorkers \d+/, /ThreadsPerChild \d+/],
    wrap: (text, at) => `ServerRoot ${at.folder}\nPidFile ${at.folder}/pid\nErrorLog ${at.folder}/error.log\nServerName localhost\nKeepAliveTimeout 60\n${as_root ? 'User www-data\nGroup www-data\n' : ''}
      ${['mpm_event', 'authz_core', 'headers', 'http2', 'proxy', 'proxy_http', 'socache_shmcb', 'ssl'].map((name) => `LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so`).join('\n')}
      ${at.told}\nMutex file:${at.folder} default\nListen 127.0.0.1:${at.port}\n${text}`,
    drips: { small: 'kept back', large: 'passed on' },
    start: (at) => ['-D', 'FOREGROUND', '-f', at.main],
  },
  {
    name: 'lighttpd', file: 'lighttpd.conf', reload: 'SIGUSR1',
    here: (at) => [
      [/"port" => 8080/g, `"port" => ${at.upstream}`],
      [/":443"/g, `"127.0.0.1:${at.port}"`],
      [/chat\\\.example/g, '127\\.0\\.0\\.1'],
      [/shop\\\.example/g, 'localhost'],
    ],
    bounds: [/server\.max-fds = (\d+)/, /server\.max-connections = (\d+)/],
    wrap: (text, at) => `server.port = ${at.plain}\nserver.bind = "127.0.0.1"\nserver.document-root = "${at.folder}"\nserver.max-keep-alive-idle = 60\nserver.upload-dirs = ( "${at.folder}" )\n${text}`,
    drips: { small: 'kept back', large: 'kept back' },
    start: (at) => ['-D', '-f', at.main],
  },
];

// ALCOVE_PROXIES=nginx,caddy names some of them.
const wanted = process.env.ALCOVE_PROXIES?.split(',');
export const proxies = all.filter(({ name }) => !wanted || wanted.includes(name));

async function ProgramOf(proxy) {
  const name = proxy.program ?? proxy.name;
  return folder_of_programs.split(':').map((folder) => path.join(folder, name)).find(existsSync);
}

export async function IsThere(proxy) {
  return (await ProgramOf(proxy)) !== undefined;
}

export function Shipped(proxy) {
  return readFile(path.join(root, 'web/deploy', proxy.file), 'utf8');
}

// What the shipped file tells to put into the main one, a line each. Fails where it does not.
function Told(text, proxy) {
  return (proxy.told ?? []).map((what) => {
    const found = text.match(new RegExp(`^#   (${what.source})$`, 'm'));
    if (!found) throw new Error(`${proxy.file} does not tell ${what}`);
    return found[1];
  }).join('\n');
}

// A sixteenth of whatever bounds how many people may wait, in one of the files. Fails where neither says it.
function Bounded(text, proxy) {
  return (proxy.bounds ?? []).reduce((so_far, what) => {
    if (so_far.search(what) < 0) throw new Error(`${proxy.file} does not say ${what}`);
    return so_far.replace(what, (found, number) => found.replace(number, Math.floor(number / 16)));
  }, text);
}

// `60s` or `60` divided, in a unit that the proxy knows.
function Share(time, share) {
  const seconds = Number.parseInt(time, 10) / share;
  return time.endsWith('s') ? `${Math.round(1000 * seconds)}ms` : `${seconds}`;
}

// The shipped text without its comments, with what is this test's. Fails where the file does not say what is replaced.
function Localised(text, proxy, at) {
  const replaced = [[/\/etc\/ssl\/\S+\.(pem|key)(?=["; ]|$)/gm, at.certificate], ...proxy.here(at)];
  if (proxy.name === 'caddy') replaced.shift();
  const Seconds = (what, seconds) => replaced.push([what, (found, shipped) => found.replace(shipped, seconds)]);
  if (proxy.idle) replaced.push([proxy.idle, (found, shipped) => found.replace(shipped, Share(shipped, at.idle_share))]);
  if (at.slow_s) for (const what of proxy.slow ?? []) Seconds(what, at.slow_s);
  return replaced.reduce((so_far, [what, by]) => {
    if (so_far.search(what) < 0) throw new Error(`${proxy.file} does not say ${what}`);
    return so_far.replace(what, by);
  }, text.replace(/^\s*#.*$/gm, ''));
}

export class Proxy {
  // In front of a server on `upstream`, a port of loopback. `idle_share`: idle connections are kept for that share of
  // what the file says. `slow_s`: how long it bears with clients that dawdle; undefined: as shipped. `any_host`: it asks
  // Alcove whatever the Host is.
  static async Start(proxy, upstream, { idle_share = 1, slow_s, any_host = false } = {}) {
    const made = new Proxy();
    made.proxy = proxy;
    made.program = await ProgramOf(proxy);
    const folder = await mkdtemp(path.join(os.tmpdir(), `alcove-${proxy.name}-`));
    const certificate = path.join(folder, 'both.pem');
    const at = { folder, certificate, upstream, idle_share, slow_s, main: path.join(folder, proxy.file), port: await FreePort(), plain: await FreePort(), admin: `127.0.0.1:${await FreePort()}` };
    made.at = at;
    await mkdir(path.join(folder, 'logs'));
    await Run('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2', '-subj', '/CN=localhost',
      '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1', '-keyout', `${folder}/key.pem`, '-out', `${folder}/certificate.pem`]);
    await writeFile(certificate, (await readFile(`${folder}/certificate.pem`, 'utf8')) + (await readFile(`${folder}/key.pem`, 'utf8')));
    const shipped = await Shipped(proxy);
    at.told = Told(shipped, proxy);
    const localised = Localised(shipped, proxy, at);
    const text = any_host && proxy.any_host ? proxy.any_host(localised) : localised;
    await writeFile(at.main, Bounded(proxy.wrap(text, at), proxy));
    await made.Launch();
    return made;
  }

  // Where Alcove has the host for itself, and where it is below /chat/.
  get url() {
    return `https://127.0.0.1:${this.at.port}`;
  }
  get prefix_url() {
    return `https://localhost:${this.at.port}/chat`;
  }

  get environment() {
    return { PATH: folder_of_programs, HOME: this.at.folder, XDG_DATA_HOME: this.at.folder, XDG_CONFIG_HOME: this.at.folder };
  }

  async Launch() {
    this.log = '';
    // As systemd starts a service: it may have more descriptors, and has to ask for them.
    const limited = ['-c', 'ulimit -Sn 1024 && exec "$0" "$@"', this.program, ...this.proxy.start(this.at)];
    this.process = spawn('/bin/sh', limited, { stdio: ['ignore', 'pipe', 'pipe'], env: this.environment });
    for (const stream of [this.process.stdout, this.process.stderr]) stream.on('data', (bytes) => (this.log = (this.log + bytes).slice(-20_000)));
    this.ended = once(this.process, 'exit');
    for (let tries = 0; !(await Answers(this.at.port)); ++tries) {
      if (this.process.exitCode !== null || tries > 400) throw new Error(`${this.proxy.name} does not listen:\n${this.log}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  // The way an operator makes it read its files again.
  async Reload() {
    if (typeof this.proxy.reload === 'string') this.process.kill(this.proxy.reload);
    else await Run(this.program, this.proxy.reload(this.at), { env: this.environment });
  }

  counts() {
    return this.proxy.counts(this.at);
  }

  async Halt() {
    if (this.process.exitCode === null && this.process.signalCode === null) this.process.kill('SIGTERM');
    const impatience = setTimeout(() => this.process.kill('SIGKILL'), 3000);
    await this.ended;
    clearTimeout(impatience);
  }

  async Stop() {
    await this.Halt();
    await rm(this.at.folder, { recursive: true, force: true });
  }
}

// Whether it speaks TLS for both names: Caddy listens before it has made its certificates.
async function Answers(port) {
  for (const servername of [undefined, 'localhost']) {
    const socket = tls.connect({ port, host: '127.0.0.1', servername, rejectUnauthorized: false });
    const ok = await new Promise((resolve) => socket.on('secureConnect', () => resolve(true)).on('error', () => resolve(false)));
    socket.destroy();
    if (!ok) return false;
  }
  return true;
}
