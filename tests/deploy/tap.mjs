// Between a proxy and the server: passes every byte on, keeps what the proxy
// wrote, and closes an idle connection as the server would, but sooner: after
// `idle_ms` from the last byte of an answer.
import { once } from 'node:events';
import net from 'node:net';

export class Tap {
  static async Start(port, { idle_ms = 60_000 } = {}) {
    const tap = new Tap();
    tap.heard = [];
    tap.open = new Set();  // numbers
    tap.outlasted = new Set();  // of those that the proxy still kept when the tap closed them
    tap.server = net.createServer((socket) => {
      const number = tap.heard.push('') - 1;
      tap.open.add(number);
      const onward = net.connect(port, '127.0.0.1');
      for (const end of [socket, onward]) end.setNoDelay(true);
      let idle;
      socket.on('data', (bytes) => {
        clearTimeout(idle);
        tap.heard[number] += bytes.toString('latin1');
      });
      onward.on('data', () => {
        clearTimeout(idle);
        idle = setTimeout(() => {
          tap.outlasted.add(number);
          onward.end();
        }, idle_ms);
      });
      socket.pipe(onward).pipe(socket);
      socket.on('error', () => onward.destroy()).on('close', () => {
        clearTimeout(idle);
        tap.open.delete(number);
        onward.destroy();
      });
      onward.on('error', () => socket.destroy()).on('close', () => socket.destroy());
    });
    tap.server.listen(0, '127.0.0.1');
    await once(tap.server, 'listening');
    return tap;
  }

  get port() {
    return this.server.address().port;
  }

  get connections() {
    return this.heard.length;
  }

  // The numbers of the connections on which the proxy wrote it.
  With(text) {
    return this.heard.map((_, number) => number).filter((number) => this.heard[number].includes(text));
  }

  // The header lines of the request whose X-Request-Id is `id`, as the proxy wrote them.
  HeadOf(id) {
    for (const text of this.heard) {
      const at = text.search(new RegExp(`^x-request-id: ${id}\r$`, 'im'));
      if (at < 0) continue;
      const begin = text.lastIndexOf(' HTTP/1.', at);
      const lines = text.slice(begin, text.indexOf('\r\n\r\n', at)).split('\r\n').slice(1);
      return lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]);
    }
    return undefined;
  }

  Stop() {
    this.server.close();
  }
}
