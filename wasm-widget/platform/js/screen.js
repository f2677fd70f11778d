// The canvas and its WebGL 1: textures, one program, triangles. Where there is no WebGL, C++ draws the pixels
// (ui/software.h) and they are put on a plain canvas.
mergeInto(LibraryManager.library, {
  // Programs and buffers; again after the context was lost.
  $setUpGl__deps: ['$S'],
  $setUpGl: function() {
    var gl = S.gl, program = gl.createProgram();
    var add = function(kind, source) {
      var shader = gl.createShader(kind);
      gl.shaderSource(shader, source);
      gl.compileShader(shader);
      gl.attachShader(program, shader);
    };
    add(gl.VERTEX_SHADER, 'attribute vec2 p,u;attribute vec4 c;uniform vec2 s;varying vec2 v;varying vec4 d;' +
        'void main(){v=u;d=c;gl_Position=vec4(p.x*s.x-1.,1.-p.y*s.y,0,1);}');
    add(gl.FRAGMENT_SHADER, 'precision mediump float;varying highp vec2 v;varying vec4 d;uniform sampler2D t;' +
        'void main(){gl_FragColor=d*texture2D(t,v);}');
    gl.bindAttribLocation(program, 0, 'p');
    gl.bindAttribLocation(program, 1, 'u');
    gl.bindAttribLocation(program, 2, 'c');
    gl.linkProgram(program);
    gl.useProgram(program);
    S.scale = gl.getUniformLocation(program, 's');
    gl.bindBuffer(gl.ARRAY_BUFFER, gl.createBuffer());
    gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, gl.createBuffer());
    for (var i = 0; i < 3; i++) gl.enableVertexAttribArray(i);
    gl.enable(gl.BLEND);
    gl.blendFuncSeparate(gl.SRC_ALPHA, gl.ONE_MINUS_SRC_ALPHA, gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
    S.textures = [];
  },

  // 1 when there is a screen to draw on; else the page's own sentence is shown.
  js_start__deps: ['$S', '$setUpGl', '$makePen', '$wake'],
  js_start: function() {
    var root = S.root = document.getElementById('alcove') || document.body;
    var canvas = S.canvas = document.createElement('canvas');
    canvas.setAttribute('aria-hidden', 'true');
    var gl = S.gl = canvas.getContext('webgl', {
      alpha: false, antialias: false, depth: false, stencil: false, powerPreference: 'low-power'
    });
    if (!gl && !canvas.getContext('2d')) {
      var refusal = document.getElementById('refusal');
      if (!refusal) {
        refusal = root.appendChild(document.createElement('p'));
        refusal.textContent = 'The chat needs a current browser.';
      }
      refusal.hidden = false;
      // The loader need not wait for a first frame.
      var shop = new URLSearchParams(location.search).get('origin');
      if (window.parent != window && shop && shop != 'null') window.parent.postMessage({ 'alcove': 'ready' }, shop);
      return 0;
    }
    root.appendChild(canvas);
    S.family = getComputedStyle(root).fontFamily;
    S.mono = 'ui-monospace,SFMono-Regular,Menlo,Consolas,monospace';
    makePen();
    if (gl) setUpGl();
    canvas.addEventListener('webglcontextlost', function(event) {
      event.preventDefault();
      S.lost = 1;
      // Lost for good, a canvas does not become a plain one: another takes its place.
      S.waits = setTimeout(function() {
        var plain = canvas.cloneNode();
        canvas.replaceWith(plain);
        canvas = S.canvas = plain;
        S.lost = S.gl = 0;
        _on_context_restored();
        wake();
      }, 2000);
    });
    canvas.addEventListener('webglcontextrestored', function() {
      if (!S.gl) return;
      clearTimeout(S.waits);
      S.lost = 0;
      setUpGl();
      _on_context_restored();
      wake();
    });

    var dark = window.matchMedia('(prefers-color-scheme: dark)'), still = window.matchMedia('(prefers-reduced-motion: reduce)');
    var touch = window.matchMedia('(pointer: coarse)');
    var contrast = window.matchMedia('(prefers-contrast: more),(forced-colors: active)');
    [dark, still, touch, contrast].forEach(function(query) { query.addEventListener('change', wake); });
    addEventListener('resize', wake);
    // A window that moves to a screen of another density is not resized.
    var watchDensity = function() {
      window.matchMedia('(resolution: ' + devicePixelRatio + 'dppx)').addEventListener('change', function() {
        watchDensity();
        wake();
      }, { 'once': true });
    };
    watchDensity();

    // Counters for tests: see README.md.
    var shown = window['alcove'] = { 'frames': 0, 'rasterised': 0, 'textPixels': 0, 'frameMs': 0, 'memory': 0 };
    S.frame = function(now) {
      S.request = 0;
      clearTimeout(S.timer);
      if (S.lost) return;
      var ratio = devicePixelRatio || 1, width = root.clientWidth, height = root.clientHeight;
      var w = Math.round(width * ratio), h = Math.round(height * ratio);
      if (canvas.width != w || canvas.height != h) {
        canvas.width = w;
        canvas.height = h;
      }
      var begin = performance.now();
      shown['frames']++;
      var delay = _on_frame(now, width, height, ratio, (dark.matches ? 1 : 0) | (still.matches ? 2 : 0) | (touch.matches ? 4 : 0) |
          (document.dir == 'rtl' ? 8 : 0) | (contrast.matches ? 16 : 0));
      shown['rasterised'] += _text_rasterised();
      shown['textPixels'] = _text_pixels();
      shown['frameMs'] = performance.now() - begin;
      shown['memory'] = HEAPU8.length;
      if (delay == 0) wake();
      if (delay > 0) S.timer = setTimeout(wake, delay);
    };
    return 1;
  },

  js_has_gl__deps: ['$S'],
  js_has_gl: function() { return S.gl ? 1 : 0; },
  js_show_pixels__deps: ['$S'],
  js_show_pixels: function(at, width, height) {
    var pixels = new Uint8ClampedArray(HEAPU8.buffer, at, width * height * 4);
    S.canvas.getContext('2d').putImageData(new ImageData(pixels, width, height), 0, 0);
  },

  js_texture_create__deps: ['$S'],
  js_texture_create: function(id, width, height, at) {
    var gl = S.gl;
    S.textures[id] = gl.createTexture();
    gl.bindTexture(gl.TEXTURE_2D, S.textures[id]);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, gl.LINEAR);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.LINEAR);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_S, gl.CLAMP_TO_EDGE);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_T, gl.CLAMP_TO_EDGE);
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA, width, height, 0, gl.RGBA, gl.UNSIGNED_BYTE,
        HEAPU8.subarray(at, at + width * height * 4));
  },
  js_texture_update__deps: ['$S'],
  js_texture_update: function(id, x, y, width, height, at) {
    var gl = S.gl;
    gl.bindTexture(gl.TEXTURE_2D, S.textures[id]);
    gl.texSubImage2D(gl.TEXTURE_2D, 0, x, y, width, height, gl.RGBA, gl.UNSIGNED_BYTE,
        HEAPU8.subarray(at, at + width * height * 4));
  },
  js_texture_destroy__deps: ['$S'],
  js_texture_destroy: function(id) {
    S.gl.deleteTexture(S.textures[id]);
    S.textures[id] = null;
  },

  js_draw_begin__deps: ['$S'],
  js_draw_begin: function(width, height) {
    var gl = S.gl;
    S.height = height;
    gl.viewport(0, 0, width, height);
    gl.disable(gl.SCISSOR_TEST);
    gl.clearColor(0, 0, 0, 1);
    gl.clear(gl.COLOR_BUFFER_BIT);
    gl.enable(gl.SCISSOR_TEST);
    gl.uniform2f(S.scale, 2 / width, 2 / height);
  },
  js_draw_list__deps: ['$S'],
  js_draw_list: function(vertices, vertexBytes, indices, indexBytes) {
    var gl = S.gl;
    gl.bufferData(gl.ARRAY_BUFFER, HEAPU8.subarray(vertices, vertices + vertexBytes), gl.STREAM_DRAW);
    gl.bufferData(gl.ELEMENT_ARRAY_BUFFER, HEAPU8.subarray(indices, indices + indexBytes), gl.STREAM_DRAW);
  },
  // A vertex is 20 bytes: place, place in the texture, colour.
  js_draw__deps: ['$S'],
  js_draw: function(x, y, width, height, texture, count, firstIndex, firstVertex) {
    var gl = S.gl, at = firstVertex * 20;
    gl.vertexAttribPointer(0, 2, gl.FLOAT, false, 20, at);
    gl.vertexAttribPointer(1, 2, gl.FLOAT, false, 20, at + 8);
    gl.vertexAttribPointer(2, 4, gl.UNSIGNED_BYTE, true, 20, at + 16);
    gl.scissor(x, S.height - y - height, width, height);
    gl.bindTexture(gl.TEXTURE_2D, S.textures[texture]);
    gl.drawElements(gl.TRIANGLES, count, gl.UNSIGNED_SHORT, firstIndex * 2);
  },
});
