// Draws Flex Messages the way LINE lays them out.

import { h, setStyle } from "./dom.js";

const SPACES = { none: "0", xs: "2px", sm: "4px", md: "8px", lg: "12px", xl: "16px", xxl: "20px" };
const FONTS = { xxs: 11, xs: 13, sm: 14, md: 16, lg: 19, xl: 22, xxl: 29, "3xl": 35, "4xl": 48, "5xl": 74 };
const IMAGES = { xxs: 40, xs: 60, sm: 80, md: 100, lg: 120, xl: 140, xxl: 160, "3xl": 180, "4xl": 200, "5xl": 220 };
const BUBBLES = { nano: 120, micro: 160, deca: 220, hecto: 241, kilo: 260, mega: 300, giga: 386 };
const BORDERS = { none: "0", light: "0.5px", normal: "1px", medium: "2px", "semi-bold": "3px", bold: "4px" };
const BLOCK_PADDING = { header: "20px", body: "19px 20px 17px", footer: "10px" };
const ALIGN = { start: "left", center: "center", end: "right" };
const ITEMS = { top: "flex-start", center: "center", bottom: "flex-end" };

const space = (value) => (value === undefined ? undefined : SPACES[value] ?? value);
const fontSize = (value) => (FONTS[value] ? `${FONTS[value]}px` : value);

// `tap(action, button)` is called when something with an action is tapped.
export function drawFlex(contents, tap) {
  const bubbles = contents.type === "carousel" ? contents.contents : [contents];
  const many = bubbles.length > 1 ? " many" : "";
  return h("div", { class: `flex-carousel${many}` }, bubbles.map((bubble) => drawBubble(bubble, tap)));
}

function drawBubble(bubble, tap) {
  const width = BUBBLES[bubble.size ?? "mega"];
  const element = h("div", { class: "flex-bubble", dir: bubble.direction, style: { width: `${width}px` } });
  for (const block of ["header", "hero", "body", "footer"]) {
    if (bubble[block]) element.append(drawBlock(block, bubble[block], bubble.styles?.[block], tap));
  }
  if (bubble.action) makeTappable(element, bubble.action, tap);
  return element;
}

function drawBlock(name, content, style = {}, tap) {
  const block = h("div", { class: `flex-block flex-${name}` });
  setStyle(block, { "background-color": style.backgroundColor });
  if (style.separator) setStyle(block, { "border-top": `1px solid ${style.separatorColor ?? "#d4d6da"}` });
  const drawn = drawComponent(content, { layout: "vertical", tap });
  if (drawn && content.type === "box" && !hasPadding(content)) setStyle(drawn, { padding: BLOCK_PADDING[name] ?? "0" });
  if (drawn) block.append(drawn);
  return block;
}

const hasPadding = (box) => Object.keys(box).some((name) => name.startsWith("padding"));

const DRAWERS = { box, text, button, image, video, separator, filler, icon, spacer };

function drawComponent(component, context) {
  const drawer = DRAWERS[component.type];
  if (!drawer) return null;
  const element = drawer(component, context);
  place(element, component, context);
  if (component.action && component.type !== "button") makeTappable(element, component.action, context.tap);
  return element;
}

function place(element, component, { layout, spacing, isFirst }) {
  const before = isFirst ? undefined : space(component.margin) ?? space(spacing);
  setStyle(element, {
    [layout === "vertical" ? "margin-top" : "margin-inline-start"]: before,
    flex: flexOf(component, layout),
    position: component.position,
    top: space(component.offsetTop),
    bottom: space(component.offsetBottom),
    "inset-inline-start": space(component.offsetStart),
    "inset-inline-end": space(component.offsetEnd),
    "align-self": layout === "horizontal" ? ITEMS[component.gravity] : undefined,
  });
}

// In a row everything shares the width unless told otherwise; in a column nothing grows.
function flexOf(component, layout) {
  if (component.flex === 0) return "none";
  if (component.flex !== undefined) return `${component.flex} ${component.flex} 0`;
  if (component.type === "filler") return "1 1 0";
  const isFixed = component.width || ["separator", "icon"].includes(component.type);
  return layout === "vertical" || isFixed ? "none" : "1 1 0";
}

function box(component, { tap }) {
  const element = h("div", { class: `flex-box ${component.layout}` });
  setStyle(element, {
    "background-color": component.backgroundColor,
    "background-image": gradient(component.background),
    "border-radius": space(component.cornerRadius),
    border: borderOf(component),
    overflow: component.cornerRadius ? "hidden" : undefined,
    width: component.width,
    "max-width": component.maxWidth,
    height: component.height,
    "max-height": component.maxHeight,
    "justify-content": component.justifyContent,
    "align-items": component.alignItems,
  });
  setPadding(element, component);
  component.contents.forEach((child, index) => {
    const drawn = drawComponent(child, {
      layout: component.layout, spacing: component.spacing, isFirst: index === 0, tap,
    });
    if (drawn) element.append(drawn);
  });
  return element;
}

function borderOf(component) {
  if (!component.borderWidth && !component.borderColor) return undefined;
  const width = component.borderWidth ? BORDERS[component.borderWidth] ?? component.borderWidth : "1px";
  return `${width} solid ${component.borderColor ?? "#000"}`;
}

function setPadding(element, component) {
  setStyle(element, { padding: space(component.paddingAll) });
  setStyle(element, {
    "padding-top": space(component.paddingTop),
    "padding-bottom": space(component.paddingBottom),
    "padding-inline-start": space(component.paddingStart),
    "padding-inline-end": space(component.paddingEnd),
  });
}

function gradient(background) {
  if (!background) return undefined;
  const { angle, startColor, centerColor, centerPosition, endColor } = background;
  const middle = centerColor ? `, ${centerColor} ${centerPosition ?? "50%"}` : "";
  return `linear-gradient(${angle}, ${startColor}${middle}, ${endColor})`;
}

function lettering(component) {
  return {
    "font-size": fontSize(component.size),
    color: component.color,
    "font-weight": component.weight === "bold" ? "700" : undefined,
    "font-style": component.style === "italic" ? "italic" : undefined,
    "text-decoration": component.decoration,
  };
}

function text(component) {
  const clamped = component.wrap && component.maxLines;
  const element = h("div", { class: `flex-text${component.wrap ? " wraps" : ""}${clamped ? " clamped" : ""}` });
  setStyle(element, {
    ...lettering({ size: "md", ...component }),
    "text-align": ALIGN[component.align],
    "-webkit-line-clamp": clamped ? String(component.maxLines) : undefined,
  });
  if (component.lineSpacing) setStyle(element, { "line-height": `calc(1.4em + ${component.lineSpacing})` });
  const spans = component.contents ?? [];
  element.append(...(spans.length ? spans.map(span) : [component.text ?? ""]));
  return element;
}

function span(component) {
  return h("span", { style: lettering(component) }, component.text ?? "");
}

function button(component, { tap }) {
  const style = component.style ?? "link";
  const element = h("button", {
    type: "button",
    class: `flex-button ${style} ${component.height ?? "md"}`,
    onclick: (event) => { event.stopPropagation(); tap(component.action, event.currentTarget); },
  }, component.action.label ?? "");
  const colour = style === "link" ? "color" : "background-color";
  setStyle(element, { [colour]: component.color });
  const holder = h("div", { class: "flex-holder", dataset: { label: component.action.label ?? "" } }, element);
  return holder;
}

function image(component) {
  const [across, down] = (component.aspectRatio ?? "1:1").split(":");
  const size = component.size ?? "md";
  const width = size === "full" ? "100%" : IMAGES[size] ? `${IMAGES[size]}px` : size;
  const picture = h("img", { src: component.url, alt: "", loading: "lazy", referrerpolicy: "no-referrer" });
  picture.addEventListener("error", () => picture.remove());
  setStyle(picture, { "object-fit": component.aspectMode === "cover" ? "cover" : "contain" });
  const margin = { start: "0 auto 0 0", end: "0 0 0 auto" }[component.align] ?? "0 auto";
  return h("div", { class: "flex-image", style: {
    width, margin, "aspect-ratio": `${across} / ${down}`, "background-color": component.backgroundColor,
  } }, picture);
}

function video(component, context) {
  return drawComponent(component.altContent, context) ?? h("div");
}

function icon(component) {
  const height = fontSize(component.size ?? "md");
  return h("span", { class: "flex-icon" }, h("img", { src: component.url, alt: "", style: { height, width: "auto" }, onerror: (event) => event.target.remove() }));
}

function separator(component) {
  return h("div", { class: "flex-separator", role: "separator", style: { "background-color": component.color } });
}

function filler() {
  return h("div", { class: "flex-filler" });
}

function spacer(component) {
  return h("div", { style: { height: space(component.size ?? "md") } });
}

function makeTappable(element, action, tap) {
  element.classList.add("tappable");
  element.setAttribute("role", "button");
  element.setAttribute("tabindex", "0");
  if (action.label) element.setAttribute("aria-label", action.label);
  element.addEventListener("click", (event) => { event.stopPropagation(); tap(action, element); });
  element.addEventListener("keydown", (event) => { if (event.key === "Enter") tap(action, element); });
}

// The older templates, said in Flex.
export function flexOfTemplate(template) {
  if (template.type === "carousel") return carouselOf(template.columns.map(columnOf));
  if (template.type === "image_carousel") return carouselOf(template.columns.map(imageColumnOf));
  return columnOf({ ...template, isRow: template.type === "confirm" });
}

const carouselOf = (bubbles) => ({ type: "carousel", contents: bubbles });

function columnOf({ title, text: words, thumbnailImageUrl, actions, isRow }) {
  const heading = title ? [{ type: "text", text: title, weight: "bold", wrap: true }] : [];
  return {
    type: "bubble",
    size: "kilo",
    hero: thumbnailImageUrl && { type: "image", url: thumbnailImageUrl, size: "full", aspectRatio: "151:100", aspectMode: "cover" },
    body: { type: "box", layout: "vertical", spacing: "sm", contents: [...heading, { type: "text", text: words, wrap: true, size: "sm" }] },
    footer: { type: "box", layout: isRow ? "horizontal" : "vertical", contents: actions.map((action) => ({ type: "button", height: "sm", action })) },
    styles: { footer: { separator: true } },
  };
}

function imageColumnOf({ imageUrl, action }) {
  return { type: "bubble", size: "kilo", hero: { type: "image", url: imageUrl, size: "full", aspectMode: "cover", action } };
}
