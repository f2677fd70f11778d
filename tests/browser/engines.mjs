// Firefox and WebKitGTK for tests, on a screen that nobody sees (Xvfb): both have WebGL there, Firefox not without one.
// Firefox is spoken to by its own remote protocol (Marionette), WebKit by WebDriver; the commands are those of WebDriver.
// What either driver cannot do is written down in docs/TESTING.md.
//
// Each can be launched as another person's machine, too (`needs`): one with a screen for fingers, without WebGL, whose owner
// wants little motion and strong contrast.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { Eventually } from './api.mjs';
import { FreePort } from './server.mjs';

const element_key = 'element-6066-11e4-a52e-4f735466cecf';

// What a test does in either engine.
class Browser {
  processes = [];

  // A process of ours, ended with the browser.
  Spawn(command, args, env = {}) {
    const child = spawn(command, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe', 'pipe'], detached: true });
    child.said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes) => (child.said += bytes));
    this.processes.push(child);
    return child;
  }

  // A display of its own: the server chooses a free number and writes it down.
  async Display() {
    const screen = this.Spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1400x1000x24', '-nolisten', 'tcp', '+extension', 'GLX']);
    const [number] = await once(screen.stdio[3], 'data');
    return `:${String(number).trim()}`;
  }

  async Close() {
    await this.End?.().catch(() => {});
    for (const child of this.processes.reverse()) {
      if (child.exitCode !== null) continue;
      const ended = once(child, 'exit');
      // With its children: a browser is many.
      process.kill(-child.pid, 'SIGKILL');
      await ended;
    }
    if (this.folder) await rm(this.folder, { recursive: true, force: true });
  }

  async Open(url) {
    await this.Navigate(url);
    await Eventually(() => this.Run('return !!window.alcove && window.alcove.frames > 0'), `${url} is drawn`);
    await this.Still();
  }

  async Still() {
    await Eventually(async () => {
      const before = await this.Run('return window.alcove.frames');
      await this.Run('return new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');
      return (await this.Run('return window.alcove.frames')) === before;
    }, 'nothing is drawn any more');
  }

  Find(selector) {
    return Eventually(() => this.Element(selector).catch(() => null), `${selector} is there`);
  }

  async Shows(text) {
    await Eventually(() => this.Run(`return document.body.innerText.includes(${JSON.stringify(text)})`), `“${text}” is shown`);
  }

  // A key after the other, to whatever has the keyboard.
  Press(...keys) {
    const actions = keys.flatMap((value) => [{ type: 'keyDown', value }, { type: 'keyUp', value }]);
    return this.Actions([{ type: 'key', id: 'keyboard', actions }]);
  }

  // A key while another is held.
  Hold(held, key) {
    const actions = [
      { type: 'keyDown', value: held },
      { type: 'keyDown', value: key },
      { type: 'keyUp', value: key },
      { type: 'keyUp', value: held },
    ];
    return this.Actions([{ type: 'key', id: 'keyboard', actions }]);
  }

  // A finger on one place of the page.
  Touch({ x, y }) {
    const actions = [{ type: 'pointerMove', x: Math.round(x), y: Math.round(y) }, { type: 'pointerDown', button: 0 }, { type: 'pointerUp', button: 0 }];
    return this.Actions([{ type: 'pointer', id: 'finger', parameters: { pointerType: 'touch' }, actions }]);
  }

  // By the left button from one place of the page to another.
  Drag(from, to) {
    const actions = [
      { type: 'pointerMove', x: Math.round(from.x), y: Math.round(from.y) },
      { type: 'pointerDown', button: 0 },
      { type: 'pointerMove', x: Math.round(to.x), y: Math.round(to.y), duration: 100 },
      { type: 'pointerUp', button: 0 },
    ];
    return this.Actions([{ type: 'pointer', id: 'mouse', parameters: { pointerType: 'mouse' }, actions }]);
  }
}

export class Firefox extends Browser {
  static async Launch({ needs = false } = {}) {
    const browser = new Firefox();
    browser.folder = await mkdtemp(path.join(os.tmpdir(), 'alcove-firefox-'));
    const port = await FreePort();
    const display = await browser.Display();
    const preferences = { 'marionette.port': port };
    if (needs) {
      Object.assign(preferences, {
        'webgl.disabled': true,
        'ui.prefersReducedMotion': 1,
        'browser.display.document_color_use': 2,
        'dom.w3c_touch_events.enabled': 1,
        // Coarse, and no hovering.
        'ui.primaryPointerCapabilities': 1,
        'ui.allPointerCapabilities': 1,
      });
    }
    const lines = Object.entries(preferences).map(([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});\n`);
    await writeFile(path.join(browser.folder, 'user.js'), lines.join(''));
    // The last is for what only the browser itself can do: zoom, and an input method.
    const args = ['--marionette', '--profile', browser.folder, '--no-remote', '--new-instance', '--remote-allow-system-access'];
    browser.Spawn('firefox-esr', args, { DISPLAY: display, HOME: browser.folder });
    await Eventually(() => browser.Connect(port), 'Firefox listens');
    await browser.Call('WebDriver:NewSession', {});
    return browser;
  }

  async Connect(port) {
    const socket = net.connect(port, '127.0.0.1');
    const connected = await Promise.race([once(socket, 'connect').then(() => true), once(socket, 'error').then(() => false)]).catch(() => false);
    if (!connected) return false;
    this.socket = socket;
    this.waiting = new Map();
    this.calls = 0;
    let rest = Buffer.alloc(0);
    socket.on('error', () => {});
    socket.on('data', (bytes) => {
      rest = Buffer.concat([rest, bytes]);
      // Each message is its size, a colon and JSON.
      for (;;) {
        const colon = rest.indexOf(':');
        if (colon < 0) return;
        const size = Number(rest.toString('latin1', 0, colon));
        if (rest.length < colon + 1 + size) return;
        const message = JSON.parse(rest.toString('utf8', colon + 1, colon + 1 + size));
        rest = rest.subarray(colon + 1 + size);
        if (!Array.isArray(message)) continue;
        const [, id, error, result] = message;
        const { resolve, reject } = this.waiting.get(id);
        this.waiting.delete(id);
        if (error) reject(new Error(`${error.error}: ${error.message}`));
        else resolve(result);
      }
    });
    return true;
  }

  Call(command, parameters) {
    const id = ++this.calls;
    const message = JSON.stringify([0, id, command, parameters]);
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.socket.write(`${Buffer.byteLength(message)}:${message}`);
    });
  }

  Navigate(url) {
    return this.Call('WebDriver:Navigate', { url });
  }
  // In the browser's own window rather than in the page.
  async RunInWindow(script) {
    await this.Call('Marionette:SetContext', { value: 'chrome' });
    try {
      return await this.Run(script);
    } finally {
      await this.Call('Marionette:SetContext', { value: 'content' });
    }
  }
  // As its menu does it.
  Zoom(factor) {
    return this.RunInWindow(`gBrowser.selectedBrowser.fullZoom = ${factor}`);
  }
  // What an input method composes, to whatever has the keyboard, and what becomes of it.
  Compose(composed) {
    return this.RunInWindow(`
      const method = window.method = Cc['@mozilla.org/text-input-processor;1'].createInstance(Ci.nsITextInputProcessor);
      if (!method.beginInputTransactionForTests(window)) throw new Error('there is another input method');
      method.setPendingCompositionString(${JSON.stringify(composed)});
      method.appendClauseToPendingComposition(${composed.length}, method.ATTR_RAW_CLAUSE);
      method.flushPendingComposition();`);
  }
  Commit(text) {
    return this.RunInWindow(`window.method.commitCompositionWith(${JSON.stringify(text)})`);
  }
  async Run(script) {
    return (await this.Call('WebDriver:ExecuteScript', { script, args: [] })).value;
  }
  async Element(selector) {
    return (await this.Call('WebDriver:FindElement', { using: 'css selector', value: selector })).value[element_key];
  }
  async Click(selector) {
    await this.Call('WebDriver:ElementClick', { id: await this.Find(selector) });
  }
  async Type(selector, text) {
    await this.Call('WebDriver:ElementSendKeys', { id: await this.Find(selector), text });
  }
  Actions(actions) {
    return this.Call('WebDriver:PerformActions', { actions });
  }
  async Screenshot() {
    return Buffer.from((await this.Call('WebDriver:TakeScreenshot', { full: false })).value, 'base64');
  }
  async End() {
    this.socket.destroy();
  }
}

export class WebKit extends Browser {
  static async Launch({ needs = false } = {}) {
    const browser = new WebKit();
    browser.folder = await mkdtemp(path.join(os.tmpdir(), 'alcove-webkit-'));
    const port = await FreePort();
    const display = await browser.Display();
    if (needs) {
      // What a desktop tells of its owner.
      await mkdir(path.join(browser.folder, '.config/gtk-3.0'), { recursive: true });
      await writeFile(path.join(browser.folder, '.config/gtk-3.0/settings.ini'), '[Settings]\ngtk-enable-animations=0\ngtk-theme-name=HighContrast\n');
    }
    // It shows our own pages alone, and a runner of CI may not make a sandbox.
    browser.Spawn('WebKitWebDriver', [`--port=${port}`], { DISPLAY: display, HOME: browser.folder, XDG_RUNTIME_DIR: browser.folder, WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: '1' });
    browser.base = `http://127.0.0.1:${port}`;
    await Eventually(() => fetch(`${browser.base}/status`).then(({ ok }) => ok, () => false), 'the driver listens');
    const wanted = { browserName: 'MiniBrowser' };
    if (needs) wanted['webkitgtk:browserOptions'] = { args: ['--automation', '--enable-webgl=false'] };
    const { sessionId } = await browser.Call('POST', '/session', { capabilities: { alwaysMatch: wanted } });
    browser.base += `/session/${sessionId}`;
    await browser.Call('POST', '/window/rect', { width: 1280, height: 900 });
    return browser;
  }

  async Call(method, path_of, body) {
    const answer = await fetch(this.base + path_of, { method, body: body && JSON.stringify(body), headers: { 'Content-Type': 'application/json' } });
    const { value } = await answer.json();
    assert.ok(answer.ok, `${path_of}: ${JSON.stringify(value)}`);
    return value;
  }

  Navigate(url) {
    return this.Call('POST', '/url', { url });
  }
  Run(script) {
    return this.Call('POST', '/execute/sync', { script, args: [] });
  }
  async Element(selector) {
    return (await this.Call('POST', '/element', { using: 'css selector', value: selector }))[element_key];
  }
  async Click(selector) {
    await this.Call('POST', `/element/${await this.Find(selector)}/click`, {});
  }
  async Type(selector, text) {
    await this.Call('POST', `/element/${await this.Find(selector)}/value`, { text });
  }
  Actions(actions) {
    return this.Call('POST', '/actions', { actions });
  }
  async Screenshot() {
    return Buffer.from(await this.Call('GET', '/screenshot'), 'base64');
  }
  async End() {
    await this.Call('DELETE', '');
  }
}
