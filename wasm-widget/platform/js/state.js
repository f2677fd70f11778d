// What the library functions share, and strings between the two languages.
//
// Closure renames what it does not know to be the browser's: newer names are quoted.
mergeInto(LibraryManager.library, {
  $S: {},

  $text__deps: ['$S'],
  $text: function(at, size) {
    if (!S.decoder) S.decoder = new TextDecoder();
    return S.decoder.decode(HEAPU8.subarray(at, at + size));
  },

  // Calls `f(at, size)` with the string in memory for the time of the call.
  $withText__deps: ['$S'],
  $withText: function(string, f) {
    if (!S.encoder) S.encoder = new TextEncoder();
    var bytes = S.encoder.encode(string), at = _malloc(bytes.length + 1);
    HEAPU8.set(bytes, at);
    f(at, bytes.length);
    _free(at);
  },

  // A string that C++ frees: its size goes to HEAPU32[size >> 2].
  $giveText__deps: ['$S'],
  $giveText: function(string, size) {
    if (!S.encoder) S.encoder = new TextEncoder();
    var bytes = S.encoder.encode(string), at = _malloc(bytes.length + 1);
    HEAPU8.set(bytes, at);
    HEAPU32[size >> 2] = bytes.length;
    return at;
  },

  js_cos: function(angle) { return Math.cos(angle); },
  js_sin: function(angle) { return Math.sin(angle); },
  js_acos: function(cosine) { return Math.acos(cosine); },
  js_pow: function(base, exponent) { return Math.pow(base, exponent); },

  // Asks for one frame; several askings before it are one.
  $wake__deps: ['$S'],
  $wake: function() {
    if (S.frame && !S.request) S.request = requestAnimationFrame(S.frame);
  },

  js_wake__deps: ['$wake'],
  js_wake: function() { wake(); },
});
