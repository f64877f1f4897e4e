// Elements are made, never parsed from text: nothing that was said can become markup.

export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "class") element.className = value;
    else if (name === "dataset") Object.assign(element.dataset, value);
    else if (name === "style") setStyle(element, value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

export function setStyle(element, rules) {
  for (const [name, value] of Object.entries(rules)) {
    if (value !== undefined && value !== null) element.style.setProperty(name, value);
  }
}

const SVG = "http://www.w3.org/2000/svg";

// A drawn face: not every machine has a font with emojis.
export function face() {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", "face");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", "M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18zM8.5 10h.01M15.5 10h.01M8 14.5c2 2.6 6 2.6 8 0");
  svg.append(path);
  return svg;
}

export function byId(id) {
  return document.getElementById(id);
}

// Thai first, with small English beside it.
export function two(thai, english) {
  return [thai, " ", h("small", {}, english)];
}

export function fill(element, ...children) {
  element.replaceChildren(...children.flat().filter(Boolean));
}

let toastTimer;
export function toast(words) {
  const box = byId("toast");
  box.textContent = words;
  box.hidden = false;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => { box.hidden = true; }, 2600);
}

const AVATAR_COLOURS = ["#5b8def", "#e0795b", "#3fa37c", "#a673d1", "#d0638f", "#7d8a3c", "#4a97ad", "#b98a34"];
const LEADING_VOWELS = /^[เแโใไ]/;
const TITLES = /^(พี่|ป้า|หมอ|น้อง|คุณ)/;

export function avatar(name, { group = false, small = false, bot = false } = {}) {
  const bare = name.replace(TITLES, "").trim() || name;
  const letter = bot ? "วร" : [...bare.replace(LEADING_VOWELS, "")][0] ?? "?";
  const sum = [...name].reduce((total, char) => (total * 31 + char.codePointAt(0)) % 9973, 7);
  return h("span", {
    class: `avatar${group ? " group" : ""}${small ? " small" : ""}`,
    "aria-hidden": "true",
    style: { background: bot ? "#048a3b" : AVATAR_COLOURS[sum % AVATAR_COLOURS.length] },
  }, letter);
}
