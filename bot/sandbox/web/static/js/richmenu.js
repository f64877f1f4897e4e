// The rich menu under a one-to-one chat.

import { byId, fill, h, setStyle } from "./dom.js";
import { isPrivate } from "./store.js";
import { tap } from "./taps.js";

const folded = new Map();

export function drawRichMenu(one) {
  const box = byId("rich-menu");
  const menu = isPrivate(one) ? one.richMenu : null;
  box.hidden = !menu;
  if (!menu) return;
  const isFolded = folded.get(menu.richMenuId) ?? !menu.selected;
  const toggle = () => { folded.set(menu.richMenuId, !isFolded); drawRichMenu(one); };
  fill(box,
    h("button", { type: "button", class: "rich-menu-bar", "aria-expanded": String(!isFolded), onclick: toggle }, `${menu.chatBarText} ${isFolded ? "▴" : "▾"}`),
    isFolded ? null : picture(menu));
}

function picture(menu) {
  const image = h("img", { src: `/sandbox/api/richmenus/${menu.richMenuId}/image`, alt: menu.name });
  return h("div", { class: "rich-menu-image" }, image, menu.areas.map((area) => areaButton(area, menu.size)));
}

function areaButton({ bounds, action }, size) {
  const button = h("button", { type: "button", "aria-label": action.label ?? action.displayText ?? action.text ?? action.type, onclick: (event) => tap(action, event.currentTarget) });
  const share = (part, whole) => `${(100 * part) / whole}%`;
  setStyle(button, {
    left: share(bounds.x, size.width), top: share(bounds.y, size.height),
    width: share(bounds.width, size.width), height: share(bounds.height, size.height),
  });
  return button;
}
