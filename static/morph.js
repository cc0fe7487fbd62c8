// Makes one part of the page like another, in place: what somebody is using in it stays as it is.

export function morph(region, fresh) {
  dropBlanks(region);
  dropBlanks(fresh);
  update(region, fresh, new Map([...region.querySelectorAll("[id]")].map((element) => [element.id, element])));
}

// Blank text between elements would shift them against each other.
function dropBlanks(region) {
  const texts = document.createNodeIterator(region, NodeFilter.SHOW_TEXT);
  for (let text = texts.nextNode(); text; text = texts.nextNode()) {
    if (text.data.includes("\n") && !text.data.trim() && text.parentNode.nodeName !== "TEXTAREA") text.remove();
  }
}

// `known` are the elements with ids that were there: they keep what is typed in them.
function update(old, fresh, known) {
  if (old.isEqualNode(fresh)) return;
  if (old.nodeType !== Node.ELEMENT_NODE) {
    old.data = fresh.data;
  } else if (!("keep" in old.dataset)) {
    updateAttributes(old, fresh);
    updateChildren(old, fresh, known);
  }
}

function updateAttributes(old, fresh) {
  for (const { name } of [...old.attributes]) {
    if (name !== "open" && !fresh.hasAttribute(name)) old.removeAttribute(name);
  }
  for (const { name, value } of fresh.attributes) {
    if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  }
}

function updateChildren(old, fresh, known) {
  const ids = new Set([...fresh.children].map((child) => child.id));
  // First those that have gone: what stays need not be moved then, and keeps its focus and its open form.
  for (const child of [...old.children]) if (child.id && !ids.has(child.id)) child.remove();
  let place = old.firstChild;
  for (const child of [...fresh.childNodes]) {
    const match = matching(child, place, known);
    if (!match) {
      child.classList?.add("appears");
      old.insertBefore(child, place);
      continue;
    }
    if (match === place) place = place.nextSibling;
    else old.insertBefore(match, place);
    update(match, child, known);
  }
  while (place) {
    const next = place.nextSibling;
    place.remove();
    place = next;
  }
}

function matching(child, place, known) {
  const found = child.id ? known.get(child.id) : place;
  return found && (found.id ?? "") === (child.id ?? "") && found.nodeName === child.nodeName ? found : null;
}
