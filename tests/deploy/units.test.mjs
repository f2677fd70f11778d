// The systemd units: systemd reads them without a complaint, and finds the
// service as closed as it can be for something that speaks TCP.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { binary, root } from '../browser/server.mjs';
import { all, Shipped } from './proxies.mjs';

const Run = promisify(execFile);
const units = ['alcove.service', 'alcove.socket'];

describe('The systemd units', () => {
  let folder, there;
  before(async () => {
    there = await Run('systemd-analyze', ['--version']).then(() => true, () => false);
    folder = await mkdtemp(path.join(os.tmpdir(), 'alcove-units-'));
    for (const unit of units) {
      const text = await readFile(path.join(root, 'web/deploy', unit), 'utf8');
      await writeFile(path.join(folder, unit), text.replaceAll('/usr/bin/alcove', binary));
    }
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it('are read without a complaint', async (t) => {
    if (!there) return t.skip('there is no systemd-analyze');
    const { stderr } = await Run('systemd-analyze', ['verify', '--man=no', ...units.map((unit) => path.join(folder, unit))]);
    assert.equal(stderr.split('\n').filter((line) => line.includes('alcove')).join('\n'), '');
  });

  it('leave little exposed', async (t) => {
    if (!there) return t.skip('there is no systemd-analyze');
    // Ten times the level that it prints; 14 where this was written. It exits with an error above the threshold.
    await Run('systemd-analyze', ['security', '--offline=yes', '--no-pager', '--threshold=20', path.join(folder, 'alcove.service')]);
  });

  it('hand over the socket that the proxies know', async () => {
    const socket = await readFile(path.join(root, 'web/deploy/alcove.socket'), 'utf8');
    const address = /^ListenStream=(\S+)$/m.exec(socket)[1];
    const [host, port] = address.split(':');
    const Written = ({ name }) => (name === 'lighttpd' ? `"host" => "${host}", "port" => ${port} ` : address);
    assert.equal(all.length, 5);
    for (const proxy of all) assert.ok((await Shipped(proxy)).includes(Written(proxy)), proxy.file);
  });
});

describe('The Containerfile', () => {
  it('installs every library that the program loads', async (t) => {
    const release = await readFile('/etc/os-release', 'utf8').catch(() => '');
    if (!release.includes('ID=debian')) return t.skip('the image is of Debian, this is not');
    // The image's; another Debian has the same packages with other versions in their names.
    const isOfTwelve = release.includes('VERSION_ID="12"');
    const NameOf = (packageName) => (isOfTwelve ? packageName : packageName.replace(/-?[\d.]+(t64|d)?$/, ''));
    const { stdout: loaded } = await Run('readelf', ['-d', binary]);
    const names = [...loaded.matchAll(/\(NEEDED\).*\[(.+)\]/g)].map(([, name]) => name);
    assert.ok(names.length > 5);
    const text = await readFile(path.join(root, 'web/deploy/Containerfile'), 'utf8');
    const installed = new Set(/no-install-recommends ([^&]+)&&/.exec(text.slice(text.indexOf('12-slim')))[1].split(/[\s\\]+/).map(NameOf));
    // One call: each looks through all that is installed.
    const { stdout: owners } = await Run('dpkg', ['-S', ...names.map((name) => `*/${name}`)]);
    for (const name of names) {
      const packages = owners.split('\n').filter((line) => line.endsWith(`/${name}`)).map((line) => line.split(':')[0]);
      // Of every Debian.
      const base = ['libc6', 'libgcc-s1'];
      assert.ok(packages.some((owner) => installed.has(NameOf(owner)) || base.includes(owner)), `${name} is of ${packages}`);
    }
  });
});
