// Starts a face: fetches its program and the words of the language it is to
// speak, hands both to the script that runs it.
//
// A file of its own, since the pages' policy allows no inline script. The page
// names all parts (data-script, data-program, data-LANGUAGE), so that their
// content hashes stay out of this one.
(function () {
  'use strict';
  var here = document.currentScript.dataset;
  var refusal = document.getElementById('refusal');

  // A frame that cannot start says so itself, and tells the loader not to wait.
  function Refuse() {
    refusal.hidden = false;
    refusal.querySelector('button').onclick = function () {
      location.reload();
    };
    var shop = new URLSearchParams(location.search).get('origin');
    if (window.parent !== window && shop && shop !== 'null') window.parent.postMessage({ alcove: 'ready' }, shop);
  }

  function LanguageOf(locale) {
    return locale.slice(0, 2).toLowerCase();
  }

  // The language of the page around us; a console has only the browser's, the first that there are words for. Times
  // are written as in the person's own country where that speaks it.
  function Choose() {
    var around = new URLSearchParams(location.search).get('locale');
    var own = navigator.languages || [navigator.language];
    var locale = (around ? [around] : own).filter(function (wanted) {
      return LanguageOf(wanted) === 'en' || here[LanguageOf(wanted)];
    })[0];
    if (!locale) return { language: 'en' };
    var language = LanguageOf(locale);
    var at_home = own.filter(function (spoken) {
      return LanguageOf(spoken) === language;
    })[0];
    return { language: language, locale: at_home || locale };
  }

  // Without its words a face speaks English.
  function FetchWords(chosen) {
    if (!here[chosen.language]) return Promise.resolve();
    return fetch(here[chosen.language])
      .then(function (answer) {
        return answer.ok ? answer.json() : Promise.reject();
      })
      .then(
        function (words) {
          window.alcove_words = words;
          document.documentElement.lang = chosen.language;
          if (chosen.language === 'ar') document.dir = 'rtl';
        },
        function () {},
      );
  }

  // A locale that the browser does not know is the language's.
  function SetLocale(chosen) {
    try {
      new Intl.DateTimeFormat(chosen.locale);
      window.alcove_locale = chosen.locale;
    } catch (unknown) {
      window.alcove_locale = chosen.language;
    }
  }

  if (!window.WebAssembly) return Refuse();
  var chosen = Choose();
  SetLocale(chosen);
  var program = fetch(here.program).then(function (answer) {
    if (!answer.ok) throw new Error(answer.status);
    return answer.arrayBuffer();
  });
  Promise.all([program, FetchWords(chosen)])
    .then(function (parts) {
      window.Module = { wasm: parts[0] };
      var script = document.createElement('script');
      script.src = here.script;
      script.onerror = Refuse;
      document.body.appendChild(script);
    })
    .catch(Refuse);
})();
