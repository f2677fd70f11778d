// What holds for every screen of a face, whatever it shows and however it looks.
import assert from 'node:assert/strict';
import Violations from './axe.mjs';
import { Still } from './gallery.mjs';

// What lies outside of the screen, or of what holds it, by name.
export async function Outside(frame) {
  return frame.evaluate(() => {
    const found = [];
    const Report = (element, { left, top, right, bottom }) => {
      const what = element.getAttribute('role') || element.tagName;
      const name = element.getAttribute('aria-label') || element.textContent.slice(0, 60);
      found.push(`${what}: ${name} (${[left, top, right, bottom].map(Math.round).join(', ')})`);
    };
    for (const element of document.querySelectorAll('#alcove .a')) {
      // What is said only has no place.
      if (element.classList.contains('h')) continue;
      const box = element.getBoundingClientRect();
      if (box.width === 0) continue;
      const scrolled = element.parentNode.closest('.a.s');
      // Up and down, what is scrolled may lie anywhere.
      const beside = box.left < -0.5 || box.right > innerWidth + 0.5;
      const beyond = !scrolled && (box.top < -0.5 || box.bottom > innerHeight + 0.5);
      if (beside || beyond) Report(element, box);
    }
    for (const tab of document.querySelectorAll('[role=tab]')) {
      const [inner, outer] = [tab, tab.parentNode].map((element) => element.getBoundingClientRect());
      // What a finger presses is 44 px wide around a word of any length: at most half of it is outside.
      if (inner.left < outer.left - 22 || inner.right > outer.right + 22) Report(tab, inner);
    }
    if (document.documentElement.scrollWidth > innerWidth) found.push(`the page is ${document.documentElement.scrollWidth} wide`);
    return found;
  });
}

// What can be pressed and is smaller than `least` pixels across or down. Not boxes to write in, which are filled by their text.
export async function TooSmall(frame, least) {
  return frame.evaluate((pixels) => {
    return [...document.querySelectorAll('#alcove .a.c, #alcove button')].flatMap((element) => {
      const { width, height } = element.getBoundingClientRect();
      if (Math.min(width, height) > pixels - 0.5) return [];
      return [`${element.getAttribute('role') || element.tagName}: ${element.getAttribute('aria-label')} (${width} × ${height})`];
    });
  }, least);
}

// Whoever looks at it, presses it or listens to it: nothing is in the way. `least`: of what can be pressed.
export async function AssertUsable(frame, least, what) {
  await Still(frame);
  assert.deepEqual(await Outside(frame), [], `outside of the screen: ${what}`);
  assert.deepEqual(await TooSmall(frame, least), [], `too small: ${what}`);
  assert.deepEqual(await Violations(frame), [], `what axe-core finds: ${what}`);
}
