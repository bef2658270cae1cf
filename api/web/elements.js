/**
 * Elements made from text that nobody vouches for.
 *
 * Text goes in as text nodes, and an address only through `outsideLink`: article text
 * is hostile, and this file is where it meets the page.
 */

/** An element; `attributes` that are functions become listeners, null and false are left out. */
export function element(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === "function") node.addEventListener(name, value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return node;
}

/** The address where it is http or https, else null. */
export function webAddress(text) {
  try {
    const url = new URL(text);
    return ["http:", "https:"].includes(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}

/** A link that leaves the page, or null where `address` is not one to follow. */
export function outsideLink(address, ...children) {
  const href = webAddress(address);
  if (href === null) return null;
  const rel = "noopener noreferrer nofollow";
  return element("a", { href, rel, target: "_blank" }, ...children);
}
