// The demo shop: a shelf, a filter and a cart that lives as long as the page.
//
// Keeps nothing in the browser's storage, so that a test can show that the
// chat keeps nothing there either before it is opened.
(function () {
  'use strict';
  var goods = [
    { name: 'Tidal mug', shape: 'mug', kind: 'drink', price: 28, glaze: '#3e6b8a', clay: '#c9a583', about: 'Deep blue over speckled clay. 340 ml, a thumb rest, no drips.', left: 3 },
    { name: 'Dune mug', shape: 'mug', kind: 'drink', price: 26, glaze: '#ddd5c5', clay: '#b98f6c', about: 'Matt outside, glossy inside, as the tea likes it.' },
    { name: 'Moss tumbler', shape: 'cup', kind: 'drink', price: 22, glaze: '#6f8f72', clay: '#a97f5e', about: 'No handle; warms the hands. 220 ml.' },
    { name: 'Harbour teapot', shape: 'teapot', kind: 'drink', price: 94, glaze: '#2f4858', clay: '#c9a583', about: 'Pours four cups without a drop beside. Strainer built in.', left: 2 },
    { name: 'Breakfast bowl', shape: 'bowl', kind: 'eat', price: 34, glaze: '#7a9a8a', clay: '#b98f6c', about: 'Wide enough for fruit, deep enough for soup.' },
    { name: 'Ember plate', shape: 'plate', kind: 'eat', price: 38, glaze: '#b5543c', clay: '#8d6a4f', about: '26 cm, iron red, with a rim that holds the sauce.' },
    { name: 'Fog plate', shape: 'plate', kind: 'eat', price: 36, glaze: '#aab4b8', clay: '#8f8578', about: 'The quiet one under everything. 26 cm.' },
    { name: 'Bud vase', shape: 'vase', kind: 'home', price: 42, glaze: '#c98d6b', clay: '#7e5a44', about: 'For three stems from the roadside.' },
  ];
  var cart = new Map();
  var shelf = document.querySelector('.goods');
  var drawer = document.querySelector('.cart');

  function Create(tag, part, parent, text) {
    var element = document.createElement(tag);
    if (part) element.className = part;
    if (text) element.textContent = text;
    parent.appendChild(element);
    return element;
  }

  function DrawArt(good, parent) {
    var space = 'http://www.w3.org/2000/svg';
    var art = document.createElementNS(space, 'svg');
    art.setAttribute('aria-hidden', 'true');
    art.style.setProperty('--glaze', good.glaze);
    art.style.setProperty('--clay', good.clay);
    art.appendChild(document.createElementNS(space, 'use')).setAttribute('href', '#' + good.shape);
    parent.appendChild(art);
  }

  function Euros(amount) {
    return '€' + amount.toFixed(2);
  }

  function DrawShelf(kind) {
    shelf.textContent = '';
    goods.forEach(function (good) {
      if (kind && good.kind !== kind) return;
      var card = Create('li', 'good', shelf);
      DrawArt(good, Create('div', 'art', card));
      var about = Create('div', '', card);
      Create('h3', '', about, good.name);
      Create('span', 'price', about, Euros(good.price));
      Create('p', '', about, good.about);
      if (good.left) Create('span', 'left', about, 'Only ' + good.left + ' left');
      var add = Create('button', 'button quiet', about, 'Add to cart');
      add.type = 'button';
      add.setAttribute('aria-label', 'Add to cart: ' + good.name);
      add.onclick = function () {
        Change(good, 1);
        drawer.showModal();
      };
    });
  }

  function Change(good, by) {
    var amount = (cart.get(good) || 0) + by;
    if (amount > 0) cart.set(good, amount);
    else cart.delete(good);
    DrawCart();
  }

  function DrawCart() {
    var lines = drawer.querySelector('.lines');
    var pieces = 0;
    var total = 0;
    lines.textContent = '';
    cart.forEach(function (amount, good) {
      pieces += amount;
      total += amount * good.price;
      var line = Create('li', '', lines);
      DrawArt(good, line);
      Create('span', '', line, good.name);
      Create('span', 'price', line, Euros(amount * good.price));
      Create('span', '', line);
      var amounts = Create('span', 'amount', line);
      var less = Create('button', '', amounts, '−');
      less.setAttribute('aria-label', 'One ' + good.name + ' less');
      less.onclick = function () { Change(good, -1); };
      Create('span', '', amounts, String(amount));
      var more = Create('button', '', amounts, '+');
      more.setAttribute('aria-label', 'One ' + good.name + ' more');
      more.onclick = function () { Change(good, 1); };
    });
    drawer.classList.toggle('filled', pieces > 0);
    document.body.classList.toggle('has-goods', pieces > 0);
    drawer.querySelector('.total b').textContent = Euros(total);
    document.querySelector('.count').textContent = String(pieces);
  }

  document.querySelectorAll('.kinds button').forEach(function (button, _, all) {
    button.onclick = function () {
      all.forEach(function (other) { other.setAttribute('aria-pressed', String(other === button)); });
      DrawShelf(button.dataset.kind);
    };
  });
  document.querySelector('.cart-button').onclick = function () { drawer.showModal(); };
  drawer.querySelector('.close').onclick = function () { drawer.close(); };
  drawer.onclick = function (event) {
    // Its own padding is the drawer too: only a press outside its rectangle is the backdrop.
    if (event.target === drawer && event.clientX < drawer.getBoundingClientRect().left) drawer.close();
  };
  // The habit of sites that call the chat before its file has come: calls wait in `q`.
  window.Alcove = window.Alcove || function () {
    (window.Alcove.q = window.Alcove.q || []).push(arguments);
  };
  document.querySelectorAll('.ask').forEach(function (button) {
    button.onclick = function () {
      if (drawer.open) drawer.close();
      window.Alcove('open');
    };
  });
  DrawShelf('');
  DrawCart();
})();
