const field = document.querySelector("#find");
const only = [...document.querySelectorAll(".find input[type=checkbox]")];
const cases = [...document.querySelectorAll("details[data-case]")].map((node) => ({ node, text: node.textContent.toLowerCase() }));
const count = document.querySelector("#count");

function show() {
  const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
  const wanted = only.filter((box) => box.checked).map((box) => box.value);
  let shown = 0;
  for (const { node, text } of cases) {
    const marks = node.dataset.marks.split(" ");
    const fits = words.every((word) => text.includes(word)) && wanted.every((mark) => marks.includes(mark));
    node.hidden = !fits;
    shown += fits;
  }
  count.textContent = `${shown} of ${cases.length} cases`;
}

field.addEventListener("input", show);
for (const box of only) box.addEventListener("change", show);
show();
