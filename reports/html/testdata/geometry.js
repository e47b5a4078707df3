// What is wrong with the geometry of the page as it is shown: texts that lie on each other, that
// reach beyond the page, their drawing or a box that cuts them, and a page that scrolls sideways.
(() => {
  const problems = [];
  const page = document.documentElement;
  if (page.scrollWidth > page.clientWidth) problems.push(`the page is ${page.scrollWidth} px wide in a window of ${page.clientWidth}`);
  const texts = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    if (!node.data.trim() || !element.checkVisibility() || element.closest(".hidden, .skip, title, desc")) continue;
    const svg = element.closest("svg");
    const range = document.createRange();
    range.selectNodeContents(node);
    for (const r of svg ? [element.getBoundingClientRect()] : range.getClientRects()) {
      if (r.width > 0.5) texts.push({ text: node.data.trim().slice(0, 40), svg, element, left: r.left, right: r.right, top: r.top, bottom: r.bottom });
    }
  }
  const cuts = (e) => ["hidden", "clip"].includes(getComputedStyle(e).overflowX) || ["hidden", "clip"].includes(getComputedStyle(e).overflowY);
  for (const t of texts) {
    const scrolls = t.element.closest(".scroll, pre") && matchMedia("screen").matches;
    if (!scrolls && (t.left < -0.5 || t.right > page.clientWidth + 0.5)) problems.push(`"${t.text}" reaches beyond the page: ${t.left} to ${t.right} of ${page.clientWidth}`);
    if (t.svg) {
      const r = t.svg.getBoundingClientRect();
      if (t.left < r.left - 2 || t.right > r.right + 2 || t.top < r.top - 2 || t.bottom > r.bottom + 4) problems.push(`"${t.text}" reaches beyond its drawing`);
    }
    for (let e = t.element; e; e = e.parentElement) {
      if (e instanceof SVGElement || !cuts(e)) continue;
      const r = e.getBoundingClientRect();
      if (t.left < r.left - 1 || t.right > r.right + 1 || t.top < r.top - 1 || t.bottom > r.bottom + 1) problems.push(`"${t.text}" is cut by its <${e.localName} class="${e.className}">`);
    }
  }
  // The boxes of lines are higher than their letters, by what a face keeps free above and below.
  for (const t of texts) {
    const free = (t.bottom - t.top) * 0.2;
    t.top += free;
    t.bottom -= free;
  }
  texts.sort((a, b) => a.top - b.top);
  for (let i = 0; i < texts.length; i++) {
    for (let j = i + 1; j < texts.length && texts[j].top < texts[i].bottom; j++) {
      const a = texts[i], b = texts[j];
      if (a.left < b.right - 1.5 && b.left < a.right - 1.5) problems.push(`"${a.text}" and "${b.text}" lie on each other`);
    }
  }
  return { problems, texts: texts.length };
})()
