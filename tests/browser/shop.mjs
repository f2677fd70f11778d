// A site of somebody else's, on an origin of its own, which pasted the script.
import { once } from 'node:events';
import http from 'node:http';

const page = (chat, head, lang) => `<!doctype html><html lang="${lang}"><head><meta charset="utf-8"><title>A shop</title>${head}</head>
<body><h1>A shop</h1><p><input aria-label="Search the shop"></p><script async src="${chat}/loader.js?site=sit_demo"></script></body></html>`;

export class Shop {
  // `headers` of its page, `head`: further HTML in its head, `lang`: its language. `name`: 127.0.0.1 makes it another origin of the chat's
  // site; localhost another site, to which a private profile of Chromium denies storage in frames.
  static async Open(chat, { headers = {}, head = '', lang = 'en', name = '127.0.0.1' } = {}) {
    const shop = new Shop();
    shop.requests = [];
    shop.server = http.createServer((request, answer) => {
      shop.requests.push(request.url);
      if (request.url === '/favicon.ico') return answer.writeHead(204).end();
      if (request.url !== '/') return answer.writeHead(404).end();
      answer.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8', ...headers }).end(page(chat, head, lang));
    });
    shop.server.listen(0, '127.0.0.1');
    await once(shop.server, 'listening');
    shop.url = `http://${name}:${shop.server.address().port}`;
    return shop;
  }

  async Close() {
    this.server.closeAllConnections();
    this.server.close();
  }
}
