// The loader: the one script a site pastes. It draws the bubble and, once the
// customer asks for it, an iframe from the chat's origin that holds the chat.
//
//   <script async src="https://chat.example/loader.js?site=sit_demo"></script>
//
// Until the customer acts it requests nothing and stores nothing: what the
// owner configured travels in this file. What crosses to the frame and back is
// listed in README.md. Served as one minified file of at most 4 KB (brotli).
(function (window, document) {
  'use strict';
  var script = document.currentScript;
  var queued = window.Alcove;
  // Pasted twice, or run again by a page that swaps its own content.
  if (!script || (queued && queued.loaded)) return;

  // The server writes the site's configuration over this name. A file served
  // as it is refers to nothing, and the defaults hold.
  var config = {};
  try {
    config = __ALCOVE_CONFIG__ || config;
  } catch (ignored) {
    // Served without configuration.
  }

  var address = new URL(script.src);
  var origin = address.origin;
  var site = config.site || address.searchParams.get('site') || script.getAttribute('data-site') || '';
  var locale = document.documentElement.lang || navigator.language || 'en';
  // By language: open, close, what it is, with whom, what went wrong and the way on; then how many are unread, a form for
  // each of the numbers that the language's own rule calls one, two and few, as far as it has them, and one for the rest.
  var texts = {
    en: 'Open chat|Close chat|Chat| with %|The chat cannot be reached right now.|Try again|, % unread message|, % unread messages',
    de: 'Chat öffnen|Chat schließen|Chat| mit %|Der Chat ist gerade nicht erreichbar.|Erneut versuchen|, % ungelesene Nachricht|, % ungelesene Nachrichten',
    fr: 'Ouvrir le chat|Fermer le chat|Chat| avec %|Le chat est injoignable pour le moment.|Réessayer|, % message non lu|, % messages non lus',
    es: 'Abrir el chat|Cerrar el chat|Chat| con %|El chat no está disponible ahora.|Reintentar|, % mensaje sin leer|, % mensajes sin leer',
    ar: 'فتح المحادثة|إغلاق المحادثة|محادثة| مع %|لا يمكن الوصول إلى المحادثة الآن.|إعادة المحاولة|، رسالة غير مقروءة|، رسالتان غير مقروءتين|، % رسائل غير مقروءة|، % رسالة غير مقروءة',
    zh: '打开聊天|关闭聊天|聊天|：%|暂时无法连接聊天。|重试|，% 条未读消息',
  };
  var language = locale.slice(0, 2).toLowerCase();
  if (!texts.hasOwnProperty(language)) language = 'en';
  texts = texts[language].split('|');
  var name = config.name ? texts[3].replace('%', config.name) : '';
  var accent = /^#[0-9a-f]{6}$/i.test(config.accent) ? config.accent.toLowerCase() : '';
  // What the chat comes in, unless an owner chose another.
  if (accent === '#2f5bea') accent = '';
  // How long the frame may take before the panel says that it does not come.
  var patience_ms = 20000;

  // What the page says of its customer: [{name, value}], told when the chat is opened.
  var attributes = [];

  // Who the customer is, signed by the owner's server; '-' where nobody is signed in.
  var identity = '';

  var host, launcher, badge, panel, notice, frame, patience;
  var is_open = false;
  var is_ready = false;
  var unread = 0;

  function Create(tag, part, parent) {
    var element = document.createElement(tag);
    if (part) element.className = part;
    if (parent) parent.appendChild(element);
    return element;
  }

  function DrawIcon(part, path) {
    var space = 'http://www.w3.org/2000/svg';
    var svg = document.createElementNS(space, 'svg');
    svg.setAttribute('class', part);
    svg.setAttribute('viewBox', '0 0 28 28');
    svg.setAttribute('aria-hidden', 'true');
    svg.appendChild(document.createElementNS(space, 'path')).setAttribute('d', path);
    launcher.appendChild(svg);
  }

  // Black or white, whichever stands out more against the owner's colour.
  function InkOn(accent) {
    var value = parseInt(accent.slice(1), 16);
    function Light(shift) {
      return Math.pow(((value >> shift) & 255) / 255, 2.2);
    }
    return 0.2126 * Light(16) + 0.7152 * Light(8) + 0.0722 * Light(0) > 0.36 ? '#0b1020' : '#fff';
  }

  function Styles() {
    var left = config.position === 'left';
    var side = left ? 'left:' : 'right:';
    var color = accent || '#2f5bea';
    // An owner's colour is the bubble's as it is; the other is lighter on a dark screen.
    var dark = accent ? '' : '--accent:#6b8cff;--ink:#0b1020;';
    return (
      ':host{all:initial;--accent:' + color + ';--ink:' + InkOn(color) + ';--bg:#fff;--text:#12151f}' +
      '*{box-sizing:border-box;font:14px/20px system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif}' +
      'button{border:0;margin:0;padding:0;cursor:pointer;-webkit-tap-highlight-color:transparent}' +
      'button:focus-visible{outline:3px solid var(--accent);outline-offset:3px}' +
      // One below the largest value: a page's own last resort may still lie above.
      '.launcher,.panel{position:fixed;z-index:2147483646;' + side + '24px}' +
      '.launcher{bottom:24px;width:60px;height:60px;border-radius:50%;background:var(--accent);color:var(--ink);' +
      'box-shadow:0 8px 24px rgba(18,21,31,.28);transition:transform .16s cubic-bezier(.2,.8,.2,1)}' +
      '.launcher:hover{transform:scale(1.05)}.launcher:active{transform:scale(.96)}' +
      'svg{position:absolute;left:16px;top:16px;width:28px;height:28px;fill:none;stroke:currentColor;stroke-width:1.8;' +
      'stroke-linecap:round;stroke-linejoin:round;transition:opacity .16s,transform .16s}' +
      '.talk,[aria-expanded=true] .close{opacity:1;transform:none}' +
      '.close,[aria-expanded=true] .talk{opacity:0;transform:rotate(45deg) scale(.6)}' +
      '.badge{position:absolute;right:-3px;top:-3px;min-width:24px;height:24px;padding:0 6px;border-radius:12px;' +
      'background:#c92a3e;color:#fff;font-weight:600;font-size:12px;text-align:center;border:2px solid var(--bg)}' +
      '.panel{bottom:100px;width:380px;height:640px;max-width:calc(100vw - 48px);max-height:calc(100vh - 124px);' +
      'border-radius:16px;overflow:hidden;background:var(--bg);color:var(--text);' +
      'box-shadow:0 12px 40px rgba(18,21,31,.18),0 2px 8px rgba(18,21,31,.1);' +
      'transform-origin:bottom ' + (left ? 'left' : 'right') + ';animation:rise .16s cubic-bezier(.2,.8,.2,1)}' +
      '@keyframes rise{from{opacity:0;transform:translateY(12px) scale(.98)}}' +
      '[hidden]{display:none!important}' +
      // The frame is shown when it has drawn: no white flash, no error page of the browser's.
      'iframe{position:absolute;inset:0;width:100%;height:100%;border:0;opacity:0;color-scheme:normal}.ready iframe{opacity:1}' +
      '.notice{position:absolute;inset:0;display:flex;flex-direction:column;gap:16px;align-items:center;' +
      'justify-content:center;padding:32px;text-align:center}.ready .notice{display:none}' +
      '.notice button{padding:10px 20px;border-radius:10px;background:var(--accent);color:var(--ink);font-weight:600}' +
      '.wait{width:28px;height:28px;border-radius:50%;border:3px solid var(--accent);border-top-color:transparent;' +
      'animation:turn .8s linear infinite}@keyframes turn{to{transform:rotate(1turn)}}' +
      // On a small screen the chat is the screen, as high as what the keyboard leaves.
      '@media(max-width:480px),(max-height:480px){.panel{inset:0 0 auto;width:100%;max-width:none;' +
      'height:var(--seen,100%);max-height:none;border-radius:0}[aria-expanded=true]{display:none}' +
      '.launcher{bottom:16px;' + side + '16px}}' +
      '@media(prefers-color-scheme:dark){:host{--bg:#14171f;--text:#eceff6;' + dark + '}}' +
      '@media(prefers-reduced-motion:reduce){*{animation:none!important;transition:none!important}}' +
      '@media print{:host{display:none}}'
    );
  }

  function ShowUnread(count) {
    unread = count;
    badge.hidden = !count;
    badge.textContent = count > 99 ? '99+' : count;
    Label();
  }

  function Label() {
    var waiting = '';
    if (unread) {
      var form = ['one', 'two', 'few'].indexOf(new Intl.PluralRules(language).select(unread));
      waiting = (texts.slice(6)[form] || texts[texts.length - 1]).replace('%', unread);
    }
    launcher.setAttribute('aria-label', texts[+is_open] + name + waiting);
    launcher.setAttribute('aria-expanded', is_open);
  }

  function Tell(message) {
    if (is_ready) frame.contentWindow.postMessage(message, origin);
  }

  function TellPage() {
    Tell({ alcove: 'page', url: location.href.slice(0, 2048), title: document.title.slice(0, 200) });
  }

  function TellWhetherSeen() {
    Tell({ alcove: is_open ? 'visible' : 'hidden' });
  }

  // Asks for the frame: the first request to the chat's origin after this file.
  function Load() {
    is_ready = false;
    panel.classList.remove('ready');
    notice.textContent = '';
    Create('div', 'wait', notice);
    if (frame) frame.remove();
    frame = Create('iframe');
    frame.title = texts[2] + name;
    frame.allow = 'clipboard-write';
    // Not in its address, which is kept in logs.
    frame.name = identity;
    // The frame answers this origin only, and is told it here: a page may hide its referrer.
    frame.src = new URL('frame.html', address).href + '?site=' + encodeURIComponent(site) +
      '&origin=' + encodeURIComponent(location.origin) +
      '&locale=' + encodeURIComponent(locale) + '&accent=' + encodeURIComponent(accent) +
      (attributes[0] ? '&attributes=' + encodeURIComponent(JSON.stringify(attributes)) : '');
    panel.appendChild(frame);
    BePatient();
  }

  // A frame that is hidden does not draw, so only the time in which it is seen counts.
  function BePatient() {
    clearTimeout(patience);
    if (is_ready || !is_open) return;
    patience = setTimeout(function () {
      notice.textContent = texts[4];
      var again = Create('button', '', notice);
      again.textContent = texts[5];
      again.onclick = Load;
      frame.remove();
    }, patience_ms);
  }

  function Open() {
    if (is_open) return;
    is_open = true;
    if (!panel) {
      panel = Create('div', 'panel');
      panel.id = 'panel';
      launcher.setAttribute('aria-controls', 'panel');
      notice = Create('div', 'notice', panel);
      notice.setAttribute('role', 'status');
      // After the launcher in the page's order, so that Tab leads from one into the other.
      launcher.after(panel);
      Load();
    }
    panel.hidden = false;
    BePatient();
    Label();
    FitKeyboard();
    TellPage();
    TellWhetherSeen();
    frame.focus();
  }

  function Close() {
    if (!is_open) return;
    is_open = false;
    var had_focus = host.shadowRoot.activeElement;
    panel.hidden = true;
    BePatient();
    Label();
    TellWhetherSeen();
    if (had_focus) launcher.focus();
  }

  function Set(values) {
    attributes = Object.keys(Object(values)).map(function (name) {
      return { name: name, value: String(values[name]) };
    });
  }

  function Identify(token) {
    token = String(token || '-');
    if (token === identity) return;
    identity = token;
    if (panel) Load();
  }

  function Toggle() {
    (is_open ? Close : Open)();
  }

  // Phones lay the keyboard over the page without making the page smaller.
  function FitKeyboard() {
    var seen = window.visualViewport;
    if (seen && is_open) panel.style.setProperty('--seen', seen.height + 'px');
  }

  function OnMessage(event) {
    var said = event.data;
    if (!frame || event.origin !== origin || event.source !== frame.contentWindow || !said) return;
    if (said.alcove === 'ready') {
      is_ready = true;
      clearTimeout(patience);
      panel.classList.add('ready');
      TellPage();
      TellWhetherSeen();
      if (is_open) frame.focus();
    } else if (said.alcove === 'close') {
      Close();
    } else if (said.alcove === 'unread' && Number.isSafeInteger(said.count) && said.count >= 0) {
      ShowUnread(said.count);
    }
  }

  function Start() {
    host = document.createElement('div');
    host.id = 'alcove';
    host.setAttribute('role', 'region');
    host.setAttribute('aria-label', texts[2]);
    host.lang = language;
    host.dir = language === 'ar' ? 'rtl' : 'ltr';
    var root = host.attachShadow({ mode: 'open' });
    // A constructed sheet, since a strict `style-src` of the page refuses a style element.
    try {
      var sheet = new CSSStyleSheet();
      sheet.replaceSync(Styles());
      root.adoptedStyleSheets = [sheet];
    } catch (old_browser) {
      Create('style', '', root).textContent = Styles();
    }
    launcher = Create('button', 'launcher', root);
    launcher.type = 'button';
    DrawIcon('talk', 'M14 4c6 0 10 3.8 10 8.8s-4 8.8-10 8.8c-1.2 0-2.4-.2-3.5-.5L5 23.5l1.4-4.3C4.9 17.5 4 15.3 4 12.8 4 7.8 8 4 14 4Z');
    DrawIcon('close', 'm8 8 12 12M20 8 8 20');
    badge = Create('span', 'badge', launcher);
    badge.setAttribute('aria-hidden', 'true');
    ShowUnread(0);
    launcher.onclick = Toggle;
    root.addEventListener('keydown', function (event) {
      if (event.key === 'Escape') Close();
    });
    window.addEventListener('message', OnMessage);
    window.addEventListener('popstate', TellPage);
    if (window.navigation) window.navigation.addEventListener('navigatesuccess', TellPage);
    if (window.visualViewport) window.visualViewport.addEventListener('resize', FitKeyboard);
    // Beside the body: pages that swap their whole body keep the conversation.
    document.documentElement.appendChild(host);

    var calls = { open: Open, close: Close, toggle: Toggle, set: Set, identify: Identify };
    var api = (window.Alcove = function (call, values) {
      if (calls.hasOwnProperty(call)) calls[call](values);
    });
    api.loaded = true;
    ((queued && queued.q) || []).forEach(function (made) {
      api.apply(null, made);
    });
  }

  // Claimed at once, so that a second copy stops; calls made before the start wait in `q`.
  queued = queued || function () {
    (queued.q = queued.q || []).push(arguments);
  };
  window.Alcove = queued;
  queued.loaded = true;
  if (document.body) Start();
  else document.addEventListener('DOMContentLoaded', Start);
})(window, document);
