// The gallery of the toolkit's controls (wasm-widget/gallery) for its tests.
import { Eventually } from './api.mjs';

// Opens /gallery with these parameters in its address, and waits for its first frame.
export async function OpenGallery(context, server, parameters = {}) {
  const page = await context.newPage();
  await page.goto(`${server.url}/gallery?${new URLSearchParams(parameters)}`);
  await page.getByRole('main').waitFor({ state: 'attached' });
  await Still(page);
  return page;
}

export function Frames(page) {
  return page.evaluate(() => window.alcove.frames);
}

// Until no frame was drawn between two frames of the page: what was asked for is on the screen.
export async function Still(page) {
  await Eventually(async () => {
    const before = await Frames(page);
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
    return (await Frames(page)) === before;
  }, 'nothing is drawn any more');
}

// The line that tells what was done last.
export function Last(page, text) {
  return page.getByText(`Last: ${text}`).waitFor({ state: 'attached' });
}

// What has the keyboard: its name, or its tag.
export function Focused(page) {
  return page.evaluate(() => {
    const active = document.activeElement;
    return active.getAttribute('aria-label') || active.textContent || active.tagName;
  });
}
