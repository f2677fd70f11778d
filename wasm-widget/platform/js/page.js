// The page and the browser: requests, storage, clocks, visibility, the bridge to the loader, times in words.
mergeInto(LibraryManager.library, {
  js_page_start__deps: ['$S', '$wake', '$withText'],
  js_page_start: function() {
    // Of the page's language; boot.js fetched them.
    var words = window['alcove_words'] || {};
    Object.keys(words).forEach(function(english) {
      withText(english, function(at, size) {
        withText(words[english], function(textAt, textSize) { _add_words(at, size, textAt, textSize); });
      });
    });
    document.addEventListener('visibilitychange', function() {
      _on_visible(document.visibilityState == 'visible' ? 1 : 0);
      wake();
    });
    ['online', 'offline'].forEach(function(kind) {
      addEventListener(kind, function() {
        _on_online(kind == 'online' ? 1 : 0);
        wake();
      });
    });
    // What was written since the last frame is seen, and kept, before the page goes.
    addEventListener('pagehide', function() {
      if (S.request) S.frame(performance.now());
    });
    addEventListener('pageshow', function(event) {
      if (!event.persisted) return;
      _on_page_show();
      wake();
    });

    // The loader, if we stand in its frame: it says in our address on whose page.
    S.query = new URLSearchParams(location.search);
    // Of a word that signs somebody in addresses tell nothing: they are kept in logs.
    S.query.set('identity', window.name);
    var shop = S.query.get('origin');
    if (window.parent == window || !shop || shop == 'null') return;
    S.shop = shop;
    addEventListener('message', function(event) {
      var data = event.data;
      if (event.source != window.parent || event.origin != shop || !data || typeof data != 'object') return;
      var kind = data['alcove'];
      if (kind == 'visible') _on_loader(1);
      else if (kind == 'hidden') _on_loader(0);
      else if (kind == 'page') {
        withText(String(data['url'] || ''), function(url, urlSize) {
          withText(String(data['title'] || ''), function(title, titleSize) { _on_loader_page(url, urlSize, title, titleSize); });
        });
      } else return;
      wake();
    });
  },

  js_tell__deps: ['$S', '$text'],
  js_tell: function(at, size, count) {
    if (!S.shop) return;
    var message = { 'alcove': text(at, size) };
    if (count >= 0) message['count'] = count;
    window.parent.postMessage(message, S.shop);
  },

  js_send__deps: ['$S', '$text', '$withText', '$wake'],
  js_send: function(id, method, pathAt, pathSize, tokenAt, tokenSize, bodyAt, bodySize, timeout, lockAt, lockSize) {
    if (!S.calls) S.calls = new Map();
    // Why there is no answer: 1 it took too long, 2 another tab was first.
    var abort = new AbortController(), why = 0, timer;
    var headers = {}, options = {
      method: ['GET', 'POST', 'PUT', 'DELETE'][method], signal: abort.signal, credentials: 'omit', cache: 'no-store',
      headers: headers
    };
    if (tokenSize) headers['Authorization'] = 'Bearer ' + text(tokenAt, tokenSize);
    if (bodySize) {
      headers['Content-Type'] = 'application/json';
      options.body = text(bodyAt, bodySize);
    }
    var answer = function(status, retry, type, body) {
      clearTimeout(timer);
      // Aborted: nobody waits for it.
      if (!S.calls.delete(id)) return;
      withText(type, function(typeAt, typeBytes) {
        withText(body, function(at, bytes) { _on_response(id, status, why, retry, typeAt, typeBytes, at, bytes); });
      });
      wake();
    };
    S.calls.set(id, abort);
    timer = setTimeout(function() {
      why = 1;
      abort.abort();
    }, timeout);
    // Relative to the page, without the slash in front: a proxy may have put all of us below a prefix.
    var path = text(pathAt + 1, pathSize - 1);
    var send = function() {
      return fetch(path, options).then(function(response) {
        return response.text().then(function(body) {
          // For whoever wrote the page around us.
          if (response.status == 422 && window.name) console.warn(body);
          var retry = response.headers.get('Retry-After');
          answer(response.status, retry && /^\d+$/.test(retry) ? +retry : -1, response.headers.get('Content-Type') || '', body);
        });
      }).catch(function() { answer(0, -1, '', ''); });
    };
    // Not every browser has locks, and some forbid them to frames of other sites: then all are sent.
    var locks = lockSize && window.navigator['locks'];
    if (!locks) {
      send();
      return;
    }
    var lock = text(lockAt, lockSize);
    try {
      locks['request'](lock, { 'ifAvailable': true }, function(held) {
        // What this tab keeps of the answer is seen by the others a moment later, and not before they have their turn.
        if (held) return send().then(function() { return new Promise(function(done) { setTimeout(done, 300); }); });
        // Told when it is free again: what is sent then must not find it taken by this one.
        return locks['request'](lock, { 'signal': abort.signal }, function() {}).then(function() {
          why = 2;
          answer(0, -1, '', '');
        });
      }).catch(send);
    } catch (e) {
      send();
    }
  },
  js_abort__deps: ['$S'],
  js_abort: function(id) {
    var abort = S.calls && S.calls.get(id);
    if (!abort) return;
    S.calls.delete(id);
    abort.abort();
  },

  js_tick_in__deps: ['$S', '$wake'],
  js_tick_in: function(ms) {
    clearTimeout(S.tick);
    if (ms < 0) return;
    // Longer ones overflow and would fire at once.
    S.tick = setTimeout(function() {
      _on_tick();
      wake();
    }, Math.min(ms, 2147483647));
  },

  js_wall_ms: function() { return Date.now(); },
  js_monotonic_ms: function() { return performance.now(); },
  js_random: function(at, size) { crypto.getRandomValues(HEAPU8.subarray(at, at + size)); },

  // Of the browser, or of this tab alone. Throws where the browser forbids storage to frames of other sites: then a map
  // lasts as long as the page.
  $storage: function(ofTab) { return ofTab ? window.sessionStorage : window.localStorage; },
  js_storage_get__deps: ['$S', '$text', '$giveText', '$storage'],
  js_storage_get: function(ofTab, at, size, out) {
    var key = text(at, size), value = null;
    try { value = storage(ofTab).getItem(key); } catch (e) {}
    // What did not fit into a full storage is newer than what it holds.
    if (S.kept && S.kept.has(key)) value = S.kept.get(key);
    return value == null ? 0 : giveText(value, out);
  },
  js_storage_set__deps: ['$S', '$text', '$storage'],
  js_storage_set: function(ofTab, at, size, valueAt, valueSize) {
    var key = text(at, size), value = text(valueAt, valueSize);
    try {
      storage(ofTab).setItem(key, value);
      if (S.kept) S.kept.delete(key);
    } catch (e) {
      if (!S.kept) S.kept = new Map();
      S.kept.set(key, value);
    }
  },
  js_storage_remove__deps: ['$S', '$text', '$storage'],
  js_storage_remove: function(ofTab, at, size) {
    var key = text(at, size);
    if (S.kept) S.kept.delete(key);
    try { storage(ofTab).removeItem(key); } catch (e) {}
  },

  js_query__deps: ['$S', '$text', '$giveText'],
  js_query: function(at, size, out) { return giveText(S.query.get(text(at, size)) || '', out); },
  js_origin__deps: ['$giveText'],
  js_origin: function(out) { return giveText(location.origin, out); },
  js_visible: function() { return document.visibilityState == 'visible' ? 1 : 0; },
  js_online: function() { return navigator.onLine ? 1 : 0; },
  js_title__deps: ['$text'],
  js_title: function(at, size) { document.title = text(at, size); },

  // 0: the time of day; 1: the day, with the year unless it is this one.
  js_format__deps: ['$giveText', '$S'],
  js_format: function(kind, ms, out) {
    var when = new Date(ms), options = kind == 0 ? { hour: 'numeric', minute: '2-digit' } : { day: 'numeric', month: 'long' };
    if (kind && when.getFullYear() != new Date().getFullYear()) options.year = 'numeric';
    var key = kind + (options.year || '');
    if (!S.formats) S.formats = {};
    if (!S.formats[key]) S.formats[key] = new Intl.DateTimeFormat(window['alcove_locale'], options);
    return giveText(S.formats[key].format(when), out);
  },
  // Midnights between then and now, by the person's calendar.
  js_days_ago: function(ms) {
    var day = function(date) { return Math.round(Date.UTC(date.getFullYear(), date.getMonth(), date.getDate()) / 864e5); };
    return day(new Date()) - day(new Date(ms));
  },
});
