// Sets what moves in a frame. Python hands over one typed array or one string a slot (perceptorium/page/painter.py);
// a loop of Python calls into the document is measured seven times slower (RUNTIME.md, "Python to DOM").
"use strict";
(() => {
  const painter = (root) => {
    let found = new Map();
    const slot = (name) => {
      if (!found.has(name)) found.set(name, [...root.querySelectorAll(`[data-slot~="${name}"]`)]);
      return found.get(name);
    };
    return {
      forget() {
        found = new Map();
      },
      marks(name, attribute, palette) {
        const elements = slot(name);
        const values = palette.split("\n");
        const indices = new Uint8Array(elements.length);
        const painted = new Int16Array(elements.length).fill(-1);
        return {
          indices,
          paint() {
            for (let k = 0; k < indices.length; k++) {
              if (indices[k] === painted[k]) continue;
              painted[k] = indices[k];
              elements[k].setAttribute(attribute, values[indices[k]]);
            }
          },
        };
      },
      outline(name, most) {
        const [element] = slot(name);
        const tenths = new Int16Array(most);
        return {
          tenths,
          paint(size) {
            let points = "";
            for (let k = 0; k < size; k += 2) points += `${k ? " " : ""}${tenths[k] / 10},${tenths[k + 1] / 10}`;
            element.setAttribute("points", points);
          },
        };
      },
      strokes(name) {
        const [element] = slot(name);
        let tenths = new Int16Array(0);
        return {
          room(size) {
            if (tenths.length < size) tenths = new Int16Array(2 * size);
            return tenths.subarray(0, size);
          },
          paint(size, length) {
            let path = "";
            for (let k = 0; k < size; k += 2) {
              path += `${k % (2 * length) ? "L" : "M"}${tenths[k] / 10} ${tenths[k + 1] / 10}`;
            }
            element.setAttribute("d", path);
          },
        };
      },
      values(name, attribute, joined) {
        const elements = slot(name);
        const values = joined.split("\n");
        for (let k = 0; k < elements.length; k++) {
          if (elements[k].getAttribute(attribute) !== values[k]) elements[k].setAttribute(attribute, values[k]);
        }
      },
      texts(name, joined) {
        const elements = slot(name);
        const texts = joined.split("\n");
        for (let k = 0; k < elements.length; k++) {
          const node = elements[k].firstChild;
          if (node === null) elements[k].textContent = texts[k];
          else if (node.data !== texts[k]) node.data = texts[k];
        }
      },
    };
  };
  globalThis.perceptorium = Object.assign(globalThis.perceptorium ?? {}, { painter });
})();
