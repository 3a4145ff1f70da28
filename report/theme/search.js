"use strict";
// Finds the sections that hold every word of the question: words from their beginning, "a phrase" as it stands.
(function () {
  const MOST = 50;
  const AROUND = 90;

  function fold(text) {
    return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase()
      .replace(/[\u2018\u2019]/g, "'").replace(/[\u2010-\u2015\u2212]/g, "-").replace(/\u00a0/g, " ");
  }

  function patterns(question) {
    const terms = fold(question).replace(/[\u201c\u201d]/g, '"').match(/"[^"]+"|[^\s"]+/g) || [];
    return terms.map(function (term) {
      const words = term.replace(/"/g, "").trim().replace(/[.*+?^${}()|[\]\\]/g, "\\$&").replace(/\s+/g, "\\s+");
      return words && new RegExp("(?<![\\p{L}\\p{N}])" + words, "gu");
    }).filter(Boolean);
  }

  // Headings count for more than text.
  function score(section, wanted) {
    const heading = fold(section[2] || section[1]);
    const words = fold(section[3]);
    let sum = 0;
    for (const pattern of wanted) {
      const count = 10 * (heading.match(pattern) || []).length + Math.min(9, (words.match(pattern) || []).length);
      if (count === 0) {
        return 0;
      }
      sum += count;
    }
    return sum;
  }

  function marked(element, text, wanted) {
    const folded = fold(text);
    if (folded.length !== text.length) {
      element.append(text);
      return;
    }
    const hits = wanted.flatMap(function (pattern) {
      return Array.from(folded.matchAll(pattern), function (hit) { return [hit.index, hit.index + hit[0].length]; });
    }).sort(function (one, other) { return one[0] - other[0]; });
    let end = 0;
    for (const hit of hits) {
      if (hit[0] >= end) {
        const mark = document.createElement("mark");
        mark.textContent = text.slice(hit[0], hit[1]);
        element.append(text.slice(end, hit[0]), mark);
        end = hit[1];
      }
    }
    element.append(text.slice(end));
  }

  function excerpt(text, wanted) {
    const at = Math.max(0, fold(text).search(wanted.find(function (pattern) { return fold(text).search(pattern) >= 0; }) || /^/));
    const start = at < AROUND ? 0 : text.indexOf(" ", at - AROUND) + 1;
    const cut = text.indexOf(" ", at + 2 * AROUND);
    return (start ? "… " : "") + text.slice(start, cut < 0 ? undefined : cut) + (cut < 0 ? "" : " …");
  }

  function shown(section, wanted) {
    const item = document.createElement("li");
    const link = document.createElement("a");
    const words = document.createElement("p");
    link.href = section[0];
    marked(link, section[2] || section[1], wanted);
    item.append(link);
    if (section[2]) {
      const chapter = document.createElement("span");
      chapter.textContent = section[1];
      item.append(" ", chapter);
    }
    marked(words, excerpt(section[3], wanted), wanted);
    item.append(words);
    return item;
  }

  const question = (new URLSearchParams(location.search).get("q") || "").trim();
  document.getElementById("search").value = question;
  if (!question) {
    return;
  }
  const wanted = patterns(question);
  const sections = JSON.parse(document.getElementById("index").textContent);
  const found = wanted.length === 0 ? [] : sections
    .map(function (section) { return [score(section, wanted), section]; })
    .filter(function (each) { return each[0] > 0; })
    .sort(function (one, other) { return other[0] - one[0]; });
  const count = found.length === 1 ? "1 section has" : (found.length || "No") + " sections have";
  document.getElementById("count").textContent = found.length > 0 || wanted.length < 2
    ? count + " “" + question + "”." + (found.length > MOST ? " The first " + MOST + " are shown." : "")
    : "No section has all of these words: “" + question + "”.";
  document.title = count + " “" + question + "” – " + document.title;
  document.getElementById("results").append(...found.slice(0, MOST).map(function (each) { return shown(each[1], wanted); }));
})();
