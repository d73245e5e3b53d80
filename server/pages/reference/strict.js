// Lets Scalar run under a policy that allows nothing inline: what it would write into attributes and style sheets without
// their nonce goes other ways, and what it would try to compile it does not try.
const nonce = document.querySelector('meta[property="csp-nonce"]').content;

const { createElement } = Document.prototype;
Document.prototype.createElement = function (...words) {
  const element = createElement.apply(this, words);
  if (element instanceof HTMLStyleElement) element.nonce = nonce;
  return element;
};

const { setAttribute } = Element.prototype;
Element.prototype.setAttribute = function (name, value) {
  if (name === 'style' && 'style' in this) this.style.cssText = value;
  else setAttribute.call(this, name, value);
};

globalThis.__zod_globalConfig = { jitless: true };

const { set: setInnerHtml, get } = Object.getOwnPropertyDescriptor(Element.prototype, 'innerHTML');
Object.defineProperty(Element.prototype, 'innerHTML', {
  configurable: true,
  get,
  set(markup) {
    setInnerHtml.call(this, String(markup).replaceAll(/(<[^<>]*?\s)style=/g, '$1data-style='));
    const written = this instanceof HTMLTemplateElement ? this.content : this;
    for (const element of written.querySelectorAll('[data-style]')) {
      element.style.cssText = element.dataset.style;
      element.removeAttribute('data-style');
    }
  },
});

// Browsers that know trusted types let only named policies turn text into markup; scripts get no policy at all.
globalThis.trustedTypes?.createPolicy('default', { createHTML: (markup) => markup });
