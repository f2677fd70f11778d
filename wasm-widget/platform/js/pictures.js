// Pictures that the browser fetches and decodes.
mergeInto(LibraryManager.library, {
  // 0 on its way, 1 there, 2 failed.
  js_picture_state__deps: ['$S', '$text', '$wake'],
  js_picture_state: function(at, size) {
    var url = text(at, size), picture;
    if (!S.pictures) S.pictures = new Map();
    if (picture = S.pictures.get(url)) return picture['state_'] | 0;
    picture = new Image();
    // Another server must allow that its pixels are read.
    picture.crossOrigin = 'anonymous';
    picture.onload = picture.onerror = function(event) {
      picture['state_'] = event.type == 'load' ? 1 : 2;
      wake();
    };
    S.pictures.set(url, picture);
    picture.src = url;
    return 0;
  },
  js_picture_draw__deps: ['$S', '$text', '$takePixels', '$roomFor'],
  js_picture_draw: function(at, size, pixels, width, height, pitch) {
    roomFor(width, height);
    var picture = S.pictures.get(text(at, size)), pen = S.pen;
    // Cut at the sides that are too long.
    var scale = Math.max(width / picture.naturalWidth, height / picture.naturalHeight) || 1;
    var w = width / scale, h = height / scale;
    pen.clearRect(0, 0, width, height);
    pen.drawImage(picture, (picture.naturalWidth - w) / 2, (picture.naturalHeight - h) / 2, w, h, 0, 0, width, height);
    takePixels(width, height, pixels, pitch);
  },
});
