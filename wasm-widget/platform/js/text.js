// Text by the browser's canvas: measured, wrapped, shaped, rasterised by line.
mergeInto(LibraryManager.library, {
  // What all text is measured and drawn with.
  $makePen__deps: ['$S'],
  $makePen: function() {
    var scratch = S.scratch = document.createElement('canvas');
    scratch.width = 1024;
    scratch.height = 128;
    // Read back after every line: the pixels had better be in our memory already.
    S.pen = scratch.getContext('2d', { 'willReadFrequently': true });
  },

  // A font as CSS writes it; `look` is of ../../ui/markdown.h.
  $fontOf__deps: ['$S'],
  $fontOf: function(size, weight, look) {
    return (look & 1 ? 'italic ' : '') + (look & 2 ? 600 : weight) + ' ' + (look & 4 ? size * .93 + 'px ' + S.mono : size + 'px ' + S.family);
  },
  $useFont__deps: ['$S', '$fontOf'],
  $useFont: function(size, weight, look) {
    var font = fontOf(size, weight, look);
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

  // What of the text between `from` and `to` looks alike: `f(string, look, from)` for each.
  $eachPiece__deps: ['$S', '$useFont'],
  $eachPiece: function(from, to, f) {
    S.looks.forEach(function(look, i) {
      var begin = Math.max(from, i ? S.looks[i - 1][0] : 0), end = Math.min(to, look[0]);
      if (begin >= end) return;
      useFont(S.size, S.weight, look[1]);
      f(S.text.slice(begin, end), look[1], begin);
    });
  },

  // Greedy, in logical order: after white space, hyphens and around ideographs; inside a word only when it is
  // wider than the line. Kept in S.lines: [from, to, ending, rtl, indent], places in S.text.
  js_layout__deps: ['$S', '$eachPiece', '$text', '$clusters'],
  js_layout: function(size, weight, at, bytes, widthMax, runs, runCount) {
    var all = S.text = text(at, bytes), lines = S.lines = [], start = 0;
    S.size = size;
    S.weight = weight;
    // [end, look], one after the other.
    S.looks = [];
    for (var i = 0; i < runCount; i++) {
      var o = (runs >> 2) + i * 5;
      S.looks.push([text(at, HEAPU32[o]).length, 0], [text(at, HEAPU32[o + 1]).length, HEAPU32[o + 2]]);
    }
    S.looks.push([1 / 0, 0]);
    all.split('\n').forEach(function(paragraph, index, paragraphs) {
      var from = start, to = from, end = from + paragraph.length, indent = 0, hanging = 0;
      var last = index + 1 < paragraphs.length ? 2 : 0;
      // By the first strong character.
      var rtl = /^[^A-Za-z\u00c0-\u058f\u0900-\u1fff\u3040-\ud7ff]*[\u200f\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/.test(paragraph);
      var fits = function(from, to) {
        var width = indent;
        eachPiece(from, from + all.slice(from, to).trimEnd().length, function(string) { width += S.pen.measureText(string).width; });
        return width <= widthMax;
      };
      start = end + 1;
      if (fits(from, end)) {
        lines.push([from, end, last, rtl, 0]);
        return;
      }
      // The lines of an item of a list stand under its words, where there is room.
      eachPiece(from, end, function(string, look) { if (look & 32) hanging = S.pen.measureText(string).width; });
      if (hanging > widthMax / 3) hanging = 0;
      var push = function(ending) {
        lines.push([from, from + all.slice(from, to).trimEnd().length, ending, rtl, indent]);
        from = to;
        indent = hanging;
      };
      var tokens = /[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]/.test(paragraph) ?
          // Written without spaces between words: the browser knows the words.
          clusters(paragraph, 'word') :
          paragraph.match(/[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef][\u3001\u3002\uff0c\uff01\uff1f]?|[^\s\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef\-\u2013\u2014]*[\-\u2013\u2014]*\s*|\s+/g);
      tokens.forEach(function(token) {
        if (!token) return;
        if (to > from && !fits(from, to + token.length)) push(/\s/.test(all[to - 1]) ? 0 : 1);
        if (token.length == 1 || fits(to, to + token.length)) {
          to += token.length;
          return;
        }
        var ends = [], taken = 0;
        clusters(token, 'grapheme').forEach(function(part) { ends.push((ends[ends.length - 1] || from) + part.length); });
        while (taken < ends.length) {
          // Halving: a pasted line of 16 KB has thousands of clusters.
          var low = taken + 1, high = ends.length;
          while (low <= high) {
            var middle = (low + high) >> 1;
            if (fits(from, ends[middle - 1])) low = middle + 1; else high = middle - 1;
          }
          taken = Math.max(taken + 1, high);
          to = ends[taken - 1];
          if (taken < ends.length) push(1);
        }
      });
      lines.push([from, end, last, rtl, indent]);
    });
    return lines.length;
  },

  $rightToLeft: function(string) { return /[\u200f\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/.test(string); },

  // Where the browser puts the words of a line that has pieces in several looks and runs from the right somewhere:
  // `f(word, look, from, x)` for each.
  $eachWord__deps: ['$S', '$eachPiece', '$fontOf'],
  $eachWord: function(line, f) {
    var ruler = document.createElement('p'), range = document.createRange(), words = [];
    ruler.className = 'a h';
    ruler.dir = line[3] ? 'rtl' : 'ltr';
    ruler.style.whiteSpace = 'pre';
    ruler.style.width = 'auto';
    eachPiece(line[0], line[1], function(string, look, from) {
      var span = ruler.appendChild(document.createElement('span')), at = 0;
      span.style.font = fontOf(S.size, S.weight, look);
      span.textContent = string;
      string.split(/(\s+)/).forEach(function(word) {
        if (word.trim()) words.push([word, look, from + at, span.firstChild, at]);
        at += word.length;
      });
    });
    S.root.appendChild(ruler);
    var left = ruler.getBoundingClientRect().left;
    words.forEach(function(word) {
      range.setStart(word[3], word[4]);
      range.setEnd(word[3], word[4] + word[0].length);
      f(word[0], word[1], word[2], range.getBoundingClientRect().left - left);
    });
    ruler.remove();
  },

  // Seven numbers a line: begin and end in bytes, ending, rtl, width, indent, how many pieces it has. Returns how many
  // all have together.
  js_lines__deps: ['$S', '$useFont', '$eachPiece', '$eachWord', '$rightToLeft'],
  js_lines: function(out) {
    var pen = S.pen, to = out >> 2, all = S.text, pieces = S.pieces = [], at = 0, bytes = 0;
    pen.textAlign = 'left';
    // Asked for in ascending order.
    var byteAt = function(place) {
      for (; at < place; at++) {
        var c = all.charCodeAt(at);
        // A surrogate is half of four bytes.
        bytes += c < 128 ? 1 : c < 2048 ? 2 : c >= 0xd800 && c < 0xe000 ? 2 : 3;
      }
      return bytes;
    };
    S.lines.forEach(function(line) {
      var width = 0, count = 0, begin = byteAt(line[0]);
      var add = function(string, look, from, x, rtl) {
        useFont(S.size, S.weight, look);
        pen.direction = rtl ? 'rtl' : 'ltr';
        var box = pen.measureText(string);
        pieces.push([byteAt(from), byteAt(from + string.length), look, rtl ? 1 : 0, x, box.width, box.actualBoundingBoxLeft, box.actualBoundingBoxRight]);
        count++;
        return box.width;
      };
      if (S.looks.length > 1 && rightToLeft(all.slice(line[0], line[1]))) {
        eachPiece(line[0], line[1], function(string) { width += pen.measureText(string).width; });
        eachWord(line, function(word, look, from, x) { add(word, look, from, x, rightToLeft(word)); });
      } else {
        eachPiece(line[0], line[1], function(string, look, from) { width += add(string, look, from, width, line[3]); });
      }
      HEAPF32.set([begin, byteAt(line[1]), line[2], line[3] ? 1 : 0, width, line[4], count], to);
      to += 7;
    });
    return pieces.length;
  },
  // Eight numbers a piece: begin and end in bytes, look, rtl, place in the line, width, ink left and right of its origin.
  js_pieces__deps: ['$S'],
  js_pieces: function(out) {
    S.pieces.forEach(function(piece, i) { HEAPF32.set(piece, (out >> 2) + i * 8); });
  },

  js_baseline__deps: ['$S', '$useFont'],
  js_baseline: function(size, weight, lineHeight) {
    useFont(size, weight, 0);
    // Browsers from before 2023 do not tell: then what most fonts have.
    var box = S.pen.measureText('x'), above = box['fontBoundingBoxAscent'] || size, below = box['fontBoundingBoxDescent'] || size / 4;
    return Math.round((lineHeight - above - below) / 2 + above);
  },

  $takePixels__deps: ['$S'],
  $takePixels: function(width, height, at, pitch) {
    var data = S.pen.getImageData(0, 0, width, height).data;
    for (var y = 0; y < height; y++) HEAPU8.set(data.subarray(y * width * 4, (y + 1) * width * 4), at + y * pitch);
  },

  // A canvas that is made larger forgets its font.
  $roomFor__deps: ['$S'],
  $roomFor: function(width, height) {
    var scratch = S.scratch;
    if (scratch.width >= width && scratch.height >= height) return;
    scratch.width = Math.max(scratch.width, width);
    scratch.height = Math.max(scratch.height, height);
    S.font = '';
  },

  js_rasterise__deps: ['$S', '$useFont', '$text', '$takePixels', '$roomFor'],
  js_rasterise: function(at, bytes, size, weight, look, rtl, rgb, x, baseline, pixels, width, height, pitch) {
    roomFor(width, height);
    useFont(size, weight, look);
    var pen = S.pen;
    pen.textBaseline = 'alphabetic';
    pen.textAlign = 'left';
    pen.direction = rtl ? 'rtl' : 'ltr';
    pen.clearRect(0, 0, width, height);
    pen.fillStyle = '#' + (0x1000000 + rgb).toString(16).slice(1);
    pen.fillText(text(at, bytes), x, baseline);
    takePixels(width, height, pixels, pitch);
  },

  js_rasterise_icon__deps: ['$S', '$text', '$takePixels'],
  js_rasterise_icon: function(at, bytes, grid, stroke, pixels, size, pitch) {
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
