/**
 * Light or dark: as the system has it, unless the reader chose.
 *
 * A classic script in the head, so that the choice stands before anything is painted.
 */

"use strict";

{
  const root = document.documentElement;
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const NAME = "onrecord-theme";

  // A browser that keeps nothing for us refuses by throwing: the choice then lasts as long as the page.
  const kept = () => { try { return window.localStorage.getItem(NAME); } catch { return null; } };
  const keep = (theme) => { try { window.localStorage.setItem(NAME, theme); } catch { /* not kept */ } };

  const chosen = kept();
  if (chosen === "light" || chosen === "dark") root.dataset.theme = chosen;

  const isDark = () => (root.dataset.theme ?? (dark.matches ? "dark" : "light")) === "dark";

  document.addEventListener("DOMContentLoaded", () => {
    const button = document.querySelector("#theme");
    const name = () => { button.textContent = isDark() ? "Light" : "Dark"; };
    button.addEventListener("click", () => {
      root.dataset.theme = isDark() ? "light" : "dark";
      keep(root.dataset.theme);
      name();
    });
    dark.addEventListener("change", name);
    name();
  });
}
