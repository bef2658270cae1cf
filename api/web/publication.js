/** Where and when an article was published, as words and as elements. */

import { element, webAddress } from "./elements.js";
import { ENGLISH } from "./words.js";

/** "Kyiv Monitor, 25 July 2025", the title where neither is known: names a source in one line. */
export function sourceName(article, words = ENGLISH) {
  return [isolated(article.outlet), words.day(article.published_at)].filter(Boolean).join(", ") || article.title;
}

/** A name written from right to left, kept from taking the digits of the date beside it into its own order. */
const isolated = (name) => (/[\u0590-\u08ff]/.test(name ?? "") ? `\u2068${name}\u2069` : name);

/** Outlet and day as a line of elements. */
export function published(article, words = ENGLISH) {
  const date = words.day(article.published_at);
  const parts = [
    article.outlet ? element("bdi", { class: "outlet" }, article.outlet) : null,
    date ? element("time", { datetime: article.published_at }, date) : null,
  ].filter(Boolean);
  return element("span", { class: "published" }, parts.flatMap((part, i) => (i ? [" · ", part] : [part])));
}

/**
 * The address to offer for words of `article`: `link` (its own URL with a text fragment)
 * where it leads to the article's own URL, else that URL.
 */
export function publisherAddress(article, link = null) {
  const own = webAddress(article.url);
  const fragment = webAddress(link);
  const page = (href) => href.split("#", 1)[0];
  return own && fragment && page(own) === page(fragment) ? fragment : own;
}
