// The mirror: a real element over everything that was drawn. People click, focus, type, select and listen to these; the
// drawing lies under them. They are told apart by the ids of C++ nodes and change only when a node did.
mergeInto(LibraryManager.library, {
  // By Role (node.h): tag, type or role, and what it is to this file: g group, t text, c control, b box, s scrolled.
  $kinds: [
    ['div', 'group', 'g'], ['p', '', 't'], ['h2', '', 't'], ['div', 'img', 'g'], ['button', '', 'c'],
    ['a', '', 'c'], ['button', 'tab', 'c'], ['div', 'tablist', 'g'], ['button', 'option', 'c'],
    ['div', 'listbox', 's'], ['input', 'text', 'b'], ['input', 'password', 'b'], ['textarea', '', 'b'],
    ['select', '', 'c'], ['div', 'region', 's'], ['div', 'log', 's'], ['div', 'list', 's'], ['div', 'status', 'g'],
    ['div', 'alert', 'g'], ['main', '', 'g'], ['header', '', 'g'], ['nav', '', 'g'],
    ['div', 'dialog', 'g'], ['div', 'menu', 's'], ['button', 'menuitem', 'c'], ['button', 'switch', 'c'],
    ['button', 'checkbox', 'c'], ['div', 'progressbar', 'g'], ['input', 'date', 'b']
  ],

  js_mirror_start__deps: ['$S', '$kinds', '$reached', '$wake', '$withText'],
  js_mirror_start: function() {
    var root = S.root, sheet = document.styleSheets[0];
    S.nodes = new Map();
    if (!sheet) sheet = document.head.appendChild(document.createElement('style')).sheet;
    [
      // Colours that the person has chosen for the page are chosen for the drawing (theme.h), not for what lies over it.
      '#alcove{forced-color-adjust:none}',
      '#alcove canvas{position:absolute;left:0;top:0;width:100%;height:100%}',
      '.a{position:absolute;margin:0;padding:0;border:0;background:none;color:transparent;font:inherit;' +
          'box-sizing:border-box;pointer-events:none;-webkit-tap-highlight-color:transparent}',
      '.a.c,.a.t,.a.b,.a.s{pointer-events:auto}',
      '.a.c{cursor:pointer;user-select:none;-webkit-user-select:none;touch-action:manipulation}',
      '.a.c:disabled{cursor:default}',
      '.a.t{cursor:text;overflow:visible;user-select:text;-webkit-user-select:text}',
      '.a.t span{white-space:pre}',
      // Words of a message that lead elsewhere: as easy to press as a control, in the midst of a text.
      '.a.t a{color:inherit;padding:4px 0;text-decoration:underline transparent}',
      // Two rings, of which one is seen on whatever colour the message has.
      '.a.t a:focus-visible{outline:2px solid Canvas;box-shadow:0 0 0 4px var(--alcove-ink);border-radius:2px}',
      '.a.n{overflow:hidden;white-space:pre;text-overflow:clip}',
      '.a.h,.a .h{overflow:hidden;clip-path:inset(50%);width:1px;height:1px;position:absolute;' +
          'user-select:none;-webkit-user-select:none}',
      '.a i{position:absolute;top:13.5px;width:7px;height:7px;border-radius:50%;background:var(--alcove-soft);animation:alcove-dot 1.2s infinite}',
      // In steps of 60 ms that all three make together: smooth enough, and nothing is shown anew between them.
      '@keyframes alcove-dot{0%,50%{transform:none;animation-timing-function:steps(5)}25%{transform:translateY(-3px);animation-timing-function:steps(5)}}',
      '@media (prefers-reduced-motion:reduce){.a i{animation:none}}',
      '.a.b{resize:none;outline:0;color:var(--alcove-ink);caret-color:var(--alcove-accent);overflow:auto;' +
          'scrollbar-width:none;border-radius:0;appearance:none;-webkit-appearance:none}',
      '.a.b::placeholder{color:var(--alcove-soft);opacity:1}',
      '.a.b:disabled,.a.b:disabled::placeholder{color:var(--alcove-off);-webkit-text-fill-color:var(--alcove-off);opacity:1}',
      '.a.s{overflow-x:hidden;overflow-y:auto;overscroll-behavior:contain;-webkit-overflow-scrolling:touch}',
      // The standard properties bring arrows in Chromium; its own do not, but only where the standard ones are not set.
      '@supports not selector(::-webkit-scrollbar){.a.s{scrollbar-width:thin;' +
          'scrollbar-color:var(--alcove-thumb) transparent}}',
      '.a.s::-webkit-scrollbar{width:8px}',
      '.a.s::-webkit-scrollbar-thumb{background:var(--alcove-thumb);border:2px solid transparent;' +
          'background-clip:padding-box;border-radius:4px}',
      '.a.s>div{position:relative;overflow:hidden}',
      // Empty, it has no text to know its direction by.
      '[dir=rtl] .a.b:placeholder-shown{direction:rtl}',
      'select.a{opacity:0;appearance:none;-webkit-appearance:none}',
      'select.a option{color:initial}',
      // iOS zooms the page into what is written smaller.
      '@media (pointer:coarse){select.a{font-size:16px}}',
      '.a.c:focus-visible,.a.s:focus-visible{outline:2px solid var(--alcove-accent);outline-offset:1px}',
      // What fills its list has the ring inside, where nothing cuts it.
      '.a.s:focus-visible,[role=option]:focus-visible{outline-offset:-2px}',
      'select.a:focus-visible{opacity:1;color:transparent}',
      '.a::selection,.a ::selection{background:var(--alcove-select)}',
      // Chromium says so when it has translated the page: then what lies over the drawing is what is read.
      '[class^=translated] .a.t,[class^=translated] .a.t span{background:Canvas;color:CanvasText;white-space:normal}',
      '[class^=translated] .a.t{overflow:auto}'
    ].forEach(function(rule) {
      // A browser that does not know one of the selectors goes on without it.
      try { sheet.insertRule(rule, sheet.cssRules.length); } catch (e) {}
    });

    var nodeOf = function(target) {
      for (; target && target != root; target = target.parentNode) if (target['alcove']) return target;
      return null;
    };
    var idOf = function(target) {
      var element = nodeOf(target);
      return element ? element['alcove'] : 0;
    };
    var on = function(kind, f, capture) { root.addEventListener(kind, f, !!capture); };
    on('click', function(event) {
      var element = nodeOf(event.target);
      if (!element || element.tagName != 'BUTTON') return;
      _on_click(element['alcove'], event.shiftKey);
      wake();
    });
    var hover = function(event) {
      // A finger does not hover; what it left behind would stay lit.
      var id = event.pointerType == 'mouse' && event.type == 'pointerover' ? idOf(event.target) : 0;
      if (S.hovered == id) return;
      S.hovered = id;
      _on_hover(id);
      wake();
    };
    on('pointerover', hover);
    on('pointerleave', hover);
    var hold = function(event) {
      var id = event.type == 'pointerdown' ? idOf(event.target) : 0;
      if (S.held == id) return;
      S.held = id;
      _on_hold(id);
      wake();
    };
    on('pointerdown', hold);
    addEventListener('pointerup', hold);
    addEventListener('pointercancel', hold);
    var focus = function(event) {
      _on_focus(event.type == 'focusin' ? idOf(event.target) : 0);
      wake();
    };
    on('focusin', focus);
    on('focusout', focus);
    on('input', function(event) {
      var box = event.target;
      if (!box['alcove'] || box.tagName == 'SELECT') return;
      withText(box.value, function(at, size) { _on_input(box['alcove'], at, size); });
      wake();
    });
    on('change', function(event) {
      var select = event.target;
      if (select.tagName != 'SELECT') return;
      _on_choose(select['alcove'], select.selectedIndex);
      wake();
    });
    on('scroll', function(event) {
      var area = event.target;
      if (!area['alcove'] || area.tagName != 'DIV') return;
      // What lies under the bar is no reason to go sideways.
      if (area.scrollLeft) area.scrollLeft = 0;
      _on_scroll(area['alcove'], area.scrollTop);
      wake();
    }, true);

    document.addEventListener('keydown', function(event) {
      var target = event.target, key = event.key, tag = target.tagName, used;
      var box = /^(INPUT|TEXTAREA)$/.test(tag), command = event.ctrlKey || event.metaKey;
      // While an input method composes, its keys are its own.
      if (event.isComposing || event.keyCode == 229) return;
      if (key == 'Enter' && box && target['alcove'] && (command || !event.shiftKey)) {
        _on_submit(target['alcove']);
        used = 1;
      } else if (key == 'Escape') used = _on_key(0);
      else if (key == 'Enter' && command) used = _on_key(1);
      // A letter to whoever writes or chooses; Shift is how some keyboards write it.
      else if (key == '/' && !box && tag != 'SELECT' && !command && !event.altKey) used = _on_key(2);
      else {
        // Tab goes round inside a dialog.
        if (key == 'Tab' && S.dialog) {
          var inside = reached(S.dialog), last = event.shiftKey ? 0 : inside.length - 1;
          if (inside[last] != target && S.dialog.contains(target)) return;
          if (inside.length) inside[event.shiftKey ? inside.length - 1 : 0].focus();
          event.preventDefault();
          return;
        }
        // Arrows walk among tabs, options and things to do; Tab enters and leaves the whole.
        var right = document.dir == 'rtl' ? -1 : 1;
        var step = { 'ArrowRight': right, 'ArrowDown': 1, 'ArrowLeft': -right, 'ArrowUp': -1 }[key];
        var role = target.getAttribute && target.getAttribute('role');
        if ((!step && key != 'Home' && key != 'End') || !/^(tab|option|menuitem)$/.test(role)) return;
        var all = Array.from(target.parentNode.querySelectorAll('[role=' + role + ']'));
        var at = step ? all.indexOf(target) + step : key == 'Home' ? 0 : all.length - 1;
        // A list has an end, what is chosen from goes round.
        var next = role == 'option' ? all[at] : all[(at + all.length) % all.length];
        if (next) next.focus();
        used = 1;
      }
      if (!used) return;
      event.preventDefault();
      wake();
    });
  },

  // Where Tab leads within `element`, in order.
  $reached: function(element) {
    return Array.from(element.querySelectorAll('.c,.b,.s')).filter(function(one) {
      return !one.disabled && one.tabIndex >= 0;
    });
  },
  // The keyboard must not be lost with an element that goes or is disabled: what comes after it is to have it then, or
  // what came before. Not a text box, which would open the keyboard of a phone.
  $leave__deps: ['$S', '$reached'],
  $leave: function(element) {
    var active = document.activeElement;
    if (S.after || active == document.body || !element.contains(active)) return;
    var all = reached(S.root), at = all.indexOf(active);
    S.after = all.slice(at + 1).concat(all.slice(0, Math.max(at, 0)).reverse());
  },
  // The page is as the last frame: the keyboard goes into a dialog that has come, and somewhere if it is nowhere.
  js_synced__deps: ['$S', '$reached'],
  js_synced: function() {
    var after = S.after, open = { 'preventScroll': true };
    S.after = null;
    if (S.dialog && !S.dialog.isConnected) S.dialog = null;
    if (S.dialog && !S.dialog.contains(document.activeElement)) {
      (reached(S.dialog)[0] || S.dialog).focus(open);
    } else if (after && (document.activeElement == document.body || document.activeElement.disabled)) {
      if (S.opener) after.unshift(S.opener);
      // Where all of it is gone, as with a screen, to the first of what has come or comes next.
      if (!after.concat(reached(S.root)).some(function(element) {
        if (!element.isConnected || element.disabled || element.classList.contains('b')) return false;
        element.focus(open);
        return true;
      })) S.after = after;
    }
    if (!S.dialog) S.opener = null;
  },

  js_theme__deps: ['$S', '$text'],
  js_theme: function(ink, soft, off, accent, thumb, select) {
    var hex = function(rgba) { return '#' + (rgba >>> 0).toString(16).padStart(8, '0'); };
    var style = S.root.style;
    style.setProperty('--alcove-ink', hex(ink));
    style.setProperty('--alcove-soft', hex(soft));
    style.setProperty('--alcove-off', hex(off));
    style.setProperty('--alcove-accent', hex(accent));
    style.setProperty('--alcove-thumb', hex(thumb));
    style.setProperty('--alcove-select', hex(select));
  },

  js_node_create__deps: ['$S', '$kinds'],
  js_node_create: function(id, role) {
    var kind = kinds[role], element = document.createElement(kind[0]), what = kind[2];
    element['alcove'] = id;
    element.className = 'a ' + what;
    if (kind[0] == 'button') element.type = 'button';
    if (kind[0] == 'input') element.type = kind[1];
    else if (kind[1]) element.setAttribute('role', kind[1]);
    if (what == 't' || what == 'b') element.dir = 'auto';
    if (what == 's') {
      element.tabIndex = kind[1] == 'menu' ? -1 : 0;
      element.appendChild(document.createElement('div'));
    }
    if (kind[1] == 'dialog') {
      element.setAttribute('aria-modal', 'true');
      S.dialog = element;
      S.opener = document.activeElement;
    }
    if (kind[0] == 'a') {
      element.target = '_blank';
      element.rel = 'noopener noreferrer';
    }
    if (kind[1] == 'log') element.setAttribute('aria-live', 'polite');
    if (kind[1] == 'listbox') element.setAttribute('aria-orientation', 'vertical');
    S.nodes.set(id, element);
  },
  // After `before`, the sibling that comes before it; 0 is the first place. Whether it was elsewhere.
  js_node_place__deps: ['$S'],
  js_node_place: function(id, parent, before) {
    var element = S.nodes.get(id), into = parent ? S.nodes.get(parent) : S.root;
    if (parent && /\bs\b/.test(into.className)) into = into.firstChild;
    var next = before ? S.nodes.get(before).nextSibling : parent ? into.firstChild : S.canvas.nextSibling;
    // Moving an element takes the focus from it: only what is in the wrong place moves.
    if (next == element) return 0;
    var active = document.activeElement, has = element.contains(active);
    into.insertBefore(element, next);
    if (has) active.focus({ 'preventScroll': true });
    return 1;
  },
  js_node_remove__deps: ['$S', '$leave'],
  js_node_remove: function(id) {
    leave(S.nodes.get(id));
    S.nodes.get(id).remove();
    S.nodes.delete(id);
  },
  js_node_rect__deps: ['$S'],
  js_node_rect: function(id, x, y, width, height, radius) {
    var style = S.nodes.get(id).style;
    style.left = x + 'px';
    style.top = y + 'px';
    style.width = width + 'px';
    style.height = height + 'px';
    style.borderRadius = radius ? radius + 'px' : '';
    // All of it, also under a bar that takes room from the side where places are counted from.
    if (S.nodes.get(id).classList.contains('s')) S.nodes.get(id).firstChild.style.width = width + 'px';
  },
  js_node_label__deps: ['$S', '$text'],
  js_node_label: function(id, at, size) {
    var element = S.nodes.get(id), label = text(at, size), role = element.getAttribute('role');
    if (role == 'status' || role == 'alert') element.textContent = label;
    else if (label) element.setAttribute('aria-label', label);
  },
  // disabled 1, invalid 2; selected, pressed, expanded, checked two bits each from 4 on: absent, false, true.
  js_node_state__deps: ['$S', '$leave'],
  js_node_state: function(id, state) {
    var element = S.nodes.get(id);
    if (state & 1) leave(element);
    if ('disabled' in element) element.disabled = !!(state & 1);
    var set = function(name, bits) {
      if (bits) element.setAttribute(name, bits == 2 ? 'true' : 'false'); else element.removeAttribute(name);
    };
    set('aria-invalid', state & 2 ? 2 : 0);
    set('aria-selected', state >> 2 & 3);
    set('aria-pressed', state >> 4 & 3);
    set('aria-expanded', state >> 6 & 3);
    set('aria-checked', state >> 8 & 3);
    // One of a row of tabs is reached by Tab; the arrows reach the others.
    if (element.getAttribute('role') == 'tab') element.tabIndex = (state >> 2 & 3) == 2 ? 0 : -1;
  },
  // The lines become one running text that breaks where the drawing breaks, so that what is copied is what was written.
  // `spans`: begin, end, ending and indent of each line, in bytes and 64ths of a pixel. `runs`: five each, see Run of
  // ../../ui/markdown.h.
  js_node_text__deps: ['$S', '$text'],
  js_node_text: function(id, at, spans, count, runs, runCount, urls, spokenAt, spokenSize, oneLine) {
    var element = S.nodes.get(id), whole = document.createDocumentFragment(), into = whole, now = 0;
    // A new element with this text.
    var add = function(parent, tag, string) {
      var child = parent.appendChild(document.createElement(tag));
      if (string) child.textContent = string;
      return child;
    };
    if (spokenSize) add(whole, 'span', text(spokenAt, spokenSize) + ' ').className = 'h';
    // Begins or ends a run where one does: what is written between two lines of it stays inside.
    var enter = function(place) {
      for (; runCount && place >= HEAPU32[(runs >> 2) + 1]; runCount--) {
        into = whole;
        now = 0;
        runs += 20;
      }
      if (now || !runCount || place < HEAPU32[runs >> 2]) return;
      now = runs >> 2;
      var look = HEAPU32[now + 2];
      into = add(whole, look & 8 ? 'a' : look & 4 ? 'code' : look & 2 ? 'strong' : look & 1 ? 'em' : 'span', '');
      var style = into.style;
      if (look & 1) style.fontStyle = 'italic';
      style.fontWeight = look & 2 ? 600 : 'inherit';
      if (look & 4) {
        style.fontFamily = S.mono;
        style.fontSize = '.93em';
        // Its baseline is another's: it must not make the line higher.
        style.lineHeight = 0;
      }
      if (look & 8) {
        into.href = text(urls + HEAPU32[now + 3], HEAPU32[now + 4] - HEAPU32[now + 3]);
        into.target = '_blank';
        into.rel = 'noopener noreferrer';
        into.draggable = false;
      }
    };
    for (var i = 0; i < count; i++) {
      var o = (spans >> 2) + i * 4, from = HEAPU32[o], end = HEAPU32[o + 1], indent = HEAPU32[o + 3];
      do {
        enter(from);
        var to = Math.min(end, now ? HEAPU32[now + 1] : runCount ? HEAPU32[runs >> 2] : end);
        var line = add(into, 'span', text(at + from, to - from));
        if (indent) line.style['marginInlineStart'] = indent / 64 + 'px';
        indent = 0;
        from = to;
      } while (from < end);
      // Outside of what ends with the line.
      if (now && i + 1 < count && HEAPU32[o + 4] >= HEAPU32[now + 1]) enter(HEAPU32[now + 1]);
      if (HEAPU32[o + 2] == 2) add(into, 'br', '');
      else if (i + 1 < count) {
        if (HEAPU32[o + 2] == 1) add(into, 'wbr', ''); else into.appendChild(document.createTextNode(' '));
      }
    }
    // Copied across several texts, each is a line of its own.
    add(whole, 'span', '\n');
    element.className = oneLine ? 'a t n' : 'a t';
    element['replaceChildren'](whole);
  },
  js_node_font__deps: ['$S'],
  js_node_font: function(id, size, line, weight, side) {
    var style = S.nodes.get(id).style;
    style.font = weight + ' ' + size + 'px/' + line + 'px ' + S.family;
    style.textAlign = ['', 'center', 'right', 'left'][side];
  },
  js_node_quiet__deps: ['$S'],
  js_node_quiet: function(id) { S.nodes.get(id).setAttribute('aria-live', 'off'); },
  js_node_hidden__deps: ['$S'],
  js_node_hidden: function(id) { S.nodes.get(id).className = 'a h'; },
  // Moved by the compositor, which draws no more than they take.
  js_node_dots__deps: ['$S'],
  js_node_dots: function(id) {
    for (var i = 0; i < 3; i++) {
      var style = S.nodes.get(id).appendChild(document.createElement('i')).style;
      style['insetInlineStart'] = 14 + i * 11 + 'px';
      style.animationDelay = i * 180 + 'ms';
    }
  },
  js_node_box__deps: ['$S', '$text'],
  js_node_box: function(id, placeholderAt, placeholderSize, completeAt, completeSize) {
    var box = S.nodes.get(id);
    box.placeholder = text(placeholderAt, placeholderSize);
    var completed = text(completeAt, completeSize);
    box.setAttribute('autocomplete', completed || 'off');
    if (completed == 'email') box.setAttribute('inputmode', completed);
    if (box.tagName == 'TEXTAREA') {
      box.setAttribute('enterkeyhint', 'send');
      box.rows = 1;
    }
  },
  js_node_value__deps: ['$S', '$text'],
  js_node_value: function(id, at, size) {
    var box = S.nodes.get(id), value = text(at, size);
    if (box.tagName == 'A') box.href = value;
    else if (box.tagName != 'DIV') {
      if (box.value != value) box.value = value;
    } else if (value) box.setAttribute('aria-valuenow', value);
    else box.removeAttribute('aria-valuenow');
  },
  js_node_description__deps: ['$S', '$text'],
  js_node_description: function(id, at, size) { S.nodes.get(id).setAttribute('aria-description', text(at, size)); },
  js_node_position__deps: ['$S'],
  js_node_position: function(id, position, size) {
    var element = S.nodes.get(id);
    element.setAttribute('aria-posinset', position);
    element.setAttribute('aria-setsize', size);
  },
  js_node_options__deps: ['$S', '$text'],
  js_node_options: function(id, at, size, chosen) {
    var select = S.nodes.get(id), labels = text(at, size);
    if (select['labels_'] != labels) {
      select['labels_'] = labels;
      select['replaceChildren'].apply(select, labels.split('\n').map(function(label) {
        var option = document.createElement('option');
        option.textContent = label;
        return option;
      }));
    }
    select.selectedIndex = chosen;
  },
  js_node_content__deps: ['$S'],
  js_node_content: function(id, height) { S.nodes.get(id).firstChild.style.height = height + 'px'; },
  js_node_scroll__deps: ['$S'],
  js_node_scroll: function(id, top) { S.nodes.get(id).scrollTop = top; },
  js_node_focus__deps: ['$S'],
  js_node_focus: function(id) { S.nodes.get(id).focus({ 'preventScroll': true }); },
});
