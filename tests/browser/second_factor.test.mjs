// How an agent with a second factor signs in to the console.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { it } from 'node:test';
import { Agent, Expect } from './api.mjs';
import { Screenshot } from './browser.mjs';
import { Person, server, SetStage } from './stage.mjs';

SetStage();

function FromBase32(text) {
  let bits = '';
  for (const character of text.replace(/=+$/, '')) {
    bits += 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(character).toString(2).padStart(5, '0');
  }
  return Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
}

// RFC 6238, as an authenticator on a phone has it.
function CodeAt(secret, step) {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const digest = createHmac('sha1', FromBase32(secret)).update(counter).digest();
  const number = digest.readUInt32BE(digest.at(-1) & 15) & 0x7fffffff;
  return `${number % 1_000_000}`.padStart(6, '0');
}

it('The console asks for the code, and says when it is wrong', async () => {
  const agent = await Agent.SignIn(server);
  const enrolment = Expect(await agent.Call('PUT', '/totp', { body: {} }), 201);
  const confirmed = CodeAt(enrolment.secret, Math.floor(Date.now() / 30_000));
  Expect(await agent.Call('POST', '/totp/confirm', { body: { code: confirmed } }), 200);

  const context = await Person();
  context.expected = [/the server responded with a status of 401/];
  const page = await context.newPage();
  await page.goto(`${server.url}/console`);
  const { email, password } = server.seed.agents[0];
  await page.getByRole('textbox', { name: 'Email' }).fill(email);
  await page.getByLabel('Password').fill(password);
  const code = page.getByRole('textbox', { name: 'Authenticator or recovery code' });
  assert.equal(await code.count(), 0, 'nobody is asked before it is known');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await code.waitFor();
  // The one that confirmed it is used.
  await code.fill(confirmed);
  await code.press('Enter');
  await page.getByRole('alert').getByText('That code is wrong or was used.').waitFor();
  await Screenshot(page, 'console-second-factor');
  await code.fill(enrolment.recovery[0]);
  await code.press('Enter');
  await page.getByRole('combobox', { name: 'Presence' }).waitFor();
});
