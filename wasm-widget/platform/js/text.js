// Text by the browser's canvas: measured, wrapped, shaped, rasterised by line.
mergeInto(LibraryManager.library, {
  $useFont__deps: ['$S'],
  $useFont: function(size, weight) {
    if (!S.pen) {
      var scratch = S.scratch = document.createElement('canvas');
      scratch.width = 1024;
      scratch.height = 128;
      // Read back after every line: the pixels had better be in our memory already.
      S.pen = scratch.getContext('2d', { 'willReadFrequently': true });
    }
    var font = weight + ' ' + size + 'px ' + S.family;
    if (S.font != font) S.pen.font = S.font = font;
  },

  $clusters__deps: [],
  $clusters: function(string, granularity) {
    var Segmenter = Intl['Segmenter'];
    if (!Segmenter) return Array.from(string);
    return Array.from(new Segmenter(undefined, { 'granularity': granularity })['segment'](string), function(part) {
      return part['segment'];
    });
  },

  // Greedy, in logical order: after white space, hyphens and around ideographs; inside a word only when it is
  // wider than the line. Kept in S.lines: [string, ending, rtl, what is skipped after it].
  js_layout__deps: ['$S', '$useFont', '$text', '$clusters'],
  js_layout: function(size, weight, at, bytes, widthMax) {
    useFont(size, weight);
    var pen = S.pen, lines = S.lines = [], paragraphs = text(at, bytes).split('\n');
    var fits = function(string) { return pen.measureText(string.trimEnd()).width <= widthMax; };
    paragraphs.forEach(function(paragraph, index) {
      var last = index + 1 < paragraphs.length ? 2 : 0;
      // By the first strong character.
      var rtl = /^[^A-Za-z\u00c0-\u058f\u0900-\u1fff\u3040-\ud7ff]*[\u200f\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/.test(paragraph);
      if (fits(paragraph)) {
        lines.push([paragraph, last, rtl, last ? '\n' : '']);
        return;
      }
      var current = '', push = function(ending) {
        var kept = current.trimEnd();
        lines.push([kept, ending, rtl, current.slice(kept.length)]);
        current = '';
      };
      var tokens = /[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]/.test(paragraph) ?
          // Written without spaces between words: the browser knows the words.
          clusters(paragraph, 'word') :
          paragraph.match(/[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef][\u3001\u3002\uff0c\uff01\uff1f]?|[^\s\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef\-\u2013\u2014]*[\-\u2013\u2014]*\s*|\s+/g);
      tokens.forEach(function(token) {
        if (!token) return;
        if (current && !fits(current + token)) push(/\s$/.test(current) ? 0 : 1);
        if (!fits(token) && token.length > 1) {
          var parts = clusters(token, 'grapheme'), from = 0;
          while (from < parts.length) {
            // Halving: a pasted line of 16 KB has thousands of clusters.
            var low = from + 1, high = parts.length;
            while (low <= high) {
              var middle = (low + high) >> 1;
              if (fits(parts.slice(from, middle).join(''))) low = middle + 1; else high = middle - 1;
            }
            var to = Math.max(from + 1, high);
            current = parts.slice(from, to).join('');
            from = to;
            if (from < parts.length) push(1);
          }
          return;
        }
        current += token;
      });
      lines.push([current, last, rtl, last ? '\n' : '']);
    });
    return lines.length;
  },

  // Seven numbers a line: begin and end in bytes, ending, rtl, width, ink left and right of the origin.
  js_lines__deps: ['$S'],
  js_lines: function(out) {
    var pen = S.pen, at = out >> 2, begin = 0;
    pen.textAlign = 'left';
    var bytes = function(string) {
      var n = 0;
      for (var i = 0; i < string.length; i++) {
        var c = string.charCodeAt(i);
        // A surrogate is half of four bytes.
        n += c < 128 ? 1 : c < 2048 ? 2 : c >= 0xd800 && c < 0xe000 ? 2 : 3;
      }
      return n;
    };
    S.lines.forEach(function(line) {
      pen.direction = line[2] ? 'rtl' : 'ltr';
      var box = pen.measureText(line[0]), end = begin + bytes(line[0]);
      HEAPF32[at] = begin;
      HEAPF32[at + 1] = end;
      HEAPF32[at + 2] = line[1];
      HEAPF32[at + 3] = line[2] ? 1 : 0;
      HEAPF32[at + 4] = box.width;
      HEAPF32[at + 5] = box.actualBoundingBoxLeft;
      HEAPF32[at + 6] = box.actualBoundingBoxRight;
      at += 7;
      begin = end + bytes(line[3]);
    });
  },

  js_baseline__deps: ['$S', '$useFont'],
  js_baseline: function(size, weight, lineHeight) {
    useFont(size, weight);
    // Browsers from before 2023 do not tell: then what most fonts have.
    var box = S.pen.measureText('x'), above = box['fontBoundingBoxAscent'] || size, below = box['fontBoundingBoxDescent'] || size / 4;
    return Math.round((lineHeight - above - below) / 2 + above);
  },

  $takePixels__deps: ['$S'],
  $takePixels: function(width, height, at, pitch) {
    var data = S.pen.getImageData(0, 0, width, height).data;
    for (var y = 0; y < height; y++) HEAPU8.set(data.subarray(y * width * 4, (y + 1) * width * 4), at + y * pitch);
  },

  // A canvas that is made larger forgets its font. The first use makes the canvas.
  $roomFor__deps: ['$S', '$useFont'],
  $roomFor: function(width, height) {
    if (!S.pen) useFont(14, 400);
    var scratch = S.scratch;
    if (scratch.width >= width && scratch.height >= height) return;
    scratch.width = Math.max(scratch.width, width);
    scratch.height = Math.max(scratch.height, height);
    S.font = '';
  },

  js_rasterise__deps: ['$S', '$useFont', '$text', '$takePixels', '$roomFor'],
  js_rasterise: function(at, bytes, size, weight, rtl, rgb, x, baseline, pixels, width, height, pitch) {
    roomFor(width, height);
    useFont(size, weight);
    var pen = S.pen;
    pen.textBaseline = 'alphabetic';
    pen.textAlign = 'left';
    pen.direction = rtl ? 'rtl' : 'ltr';
    pen.clearRect(0, 0, width, height);
    pen.fillStyle = '#' + (0x1000000 + rgb).toString(16).slice(1);
    pen.fillText(text(at, bytes), x, baseline);
    takePixels(width, height, pixels, pitch);
  },

  js_rasterise_icon__deps: ['$S', '$useFont', '$text', '$takePixels'],
  js_rasterise_icon: function(at, bytes, grid, stroke, pixels, size, pitch) {
    useFont(14, 400);
    var pen = S.pen;
    pen.save();
    pen.clearRect(0, 0, size, size);
    pen.scale(size / grid, size / grid);
    pen.strokeStyle = '#fff';
    pen.lineWidth = stroke;
    pen.lineCap = pen.lineJoin = 'round';
    pen.stroke(new Path2D(text(at, bytes)));
    pen.restore();
    takePixels(size, size, pixels, pitch);
    // Only the coverage counts: white everywhere keeps the edges from darkening.
    for (var y = 0; y < size; y++) {
      for (var x = 0; x < size; x++) {
        var p = pixels + y * pitch + x * 4;
        HEAPU8[p] = HEAPU8[p + 1] = HEAPU8[p + 2] = 255;
      }
    }
  },
});
