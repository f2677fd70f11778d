// Starts a face: fetches its program, hands it to the script that runs it.
//
// A file of its own, since the pages' policy allows no inline script. The page
// names both parts, so that their content hashes stay out of this one.
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

  if (!window.WebAssembly) return Refuse();
  fetch(here.program)
    .then(function (answer) {
      if (!answer.ok) throw new Error(answer.status);
      return answer.arrayBuffer();
    })
    .then(function (program) {
      window.Module = { wasm: program };
      var script = document.createElement('script');
      script.src = here.script;
      script.onerror = Refuse;
      document.body.appendChild(script);
    })
    .catch(Refuse);
})();
