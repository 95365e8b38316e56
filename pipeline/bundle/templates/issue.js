"use strict";
(() => {
const root = document.documentElement, body = document.body;
root.classList.add("on");
const $ = (q, el = document) => el.querySelector(q);
const $$ = (q, el = document) => [...el.querySelectorAll(q)];
const store = {
  get(k) { try { return localStorage.getItem("bundle." + k); } catch { return null; } },
  set(k, v) { try { localStorage.setItem("bundle." + k, v); } catch { /* a file share may forbid it */ } },
};
const tools = $(".tools"), find = $("#find"), status = $("#status"), column = $("#column");
const articles = $$("article").map((el) => ({
  el, card: $(`.card[data-article="${el.id}"]`), column: el.dataset.column,
  lines: $$(".pair", el).map((p) => ({ el: p, label: p.dataset.label, text: fold($(".zh", p).textContent + "\n" + $(".en", p).textContent) })),
}));
const all = articles.flatMap((a) => a.lines.map((l) => l.el));
let current = null;

function fold(s) { return s.normalize("NFKC").toLowerCase(); }
function say(s) { status.textContent = s; }
function choice(name) { return $(`input[name=${name}]:checked`).value; }

/* ---- filters and search */
function apply() {
  const words = fold(find.value).split(/\s+/).filter(Boolean);
  const show = choice("show"), col = column ? column.value : "";
  const busy = words.length > 0 || show !== "";
  let shown = 0, items = 0;
  for (const a of articles) {
    const here = !col || a.column === col;
    let hits = 0;
    for (const l of a.lines) {
      const hit = here && (!show || l.label === show || (show === "check" && l.label === "dont_quote")) && words.every((w) => l.text.includes(w));
      l.el.classList.toggle("off", busy && !hit && !a.whole);
      if (hit) hits++;
    }
    const visible = here && (!busy || hits > 0);
    a.el.classList.toggle("off", !visible);
    if (a.card) a.card.classList.toggle("off", !visible);
    const whole = $("[data-act=whole]", a.el);
    whole.hidden = !busy || !visible;
    whole.textContent = a.whole ? "Show only what matches" : "Show the whole article";
    if (visible) items++;
    shown += hits;
  }
  for (const el of $$(".summary, .paragraph, .subhead")) el.classList.toggle("off", busy && $$(".pair", el).every((p) => p.classList.contains("off")));
  $(".nothing").hidden = items > 0;
  highlight(words);
  say(busy || col ? `${shown.toLocaleString("en")} ${shown === 1 ? "passage" : "passages"} in ${items} ${items === 1 ? "item" : "items"}` : "");
}
function highlight(words) {
  if (!("highlights" in CSS)) return;
  CSS.highlights.delete("hits");
  if (!words.length) return;
  const ranges = [];
  const walk = document.createTreeWalker($("main"), NodeFilter.SHOW_TEXT);
  for (let n = walk.nextNode(); n && ranges.length < 5000; n = walk.nextNode()) {
    const text = n.data.toLowerCase();
    for (const w of words) for (let i = text.indexOf(w); i >= 0; i = text.indexOf(w, i + w.length)) {
      const r = new Range();
      try { r.setStart(n, i); r.setEnd(n, i + w.length); ranges.push(r); } catch { break; }
    }
  }
  CSS.highlights.set("hits", new Highlight(...ranges));
}
let timer;
find.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(apply, 90); });
tools.addEventListener("change", (e) => {
  if (e.target.name === "view") { root.dataset.view = e.target.value; store.set("view", e.target.value); } else apply();
});
tools.addEventListener("submit", (e) => { e.preventDefault(); apply(); const l = all.find((p) => !p.classList.contains("off") && find.value); if (l) select(l); });

/* ---- copying */
function words(line, lang) { const el = $(lang === "zh" ? ".zh" : ".en", line); return el.querySelector(".none") ? "" : el.textContent.trim(); }
function sourceLine(article, line) {
  const span = line && line.dataset.span ? `, characters ${line.dataset.span}` : "";
  return `Source: ${body.dataset.file}${span}; SHA-256 ${body.dataset.sha}. ${$("header .disclosure", article)?.textContent ?? ""}`;
}
function lineText(line, withSource) {
  const en = words(line, "en");
  if (!withSource) return en;
  const label = line.dataset.label === "read" ? "" : `[${$(".aside .chip", line)?.textContent ?? ""}]\n`;
  return `${label}${en}\n${words(line, "zh")}\n${sourceLine(line.closest("article"), line)}`;
}
function articleText(article, withSource) {
  const title = $("h2", article).textContent.trim(), zh = $(".headline > .zh", article)?.textContent.trim();
  const out = [title];
  if (withSource && zh) out.push(zh);
  for (const block of $$(".body > div", article)) {
    const lines = $$(".pair", block);
    out.push(lines.map((l) => words(l, "en")).filter(Boolean).join(" "));
    if (withSource) out.push(lines.map((l) => words(l, "zh")).join(""));
  }
  if (withSource) out.push(sourceLine(article));
  return out.filter(Boolean).join("\n\n") + "\n";
}
async function copy(text) {
  try { await navigator.clipboard.writeText(text); } catch {
    const area = document.createElement("textarea");
    area.value = text; area.className = "sr"; body.append(area); area.select();
    const ok = document.execCommand("copy");
    area.remove();
    if (!ok) { say("The browser did not allow copying."); return; }
  }
  say("Copied.");
}

/* ---- the selected sentence */
const toolbar = document.createElement("div");
toolbar.className = "toolbar";
function tool(label, fn) { const b = document.createElement("button"); b.type = "button"; b.textContent = label; b.addEventListener("click", (e) => { e.stopPropagation(); fn(); }); toolbar.append(b); }
tool("Copy", () => current && copy(lineText(current, false)));
tool("Copy with source", () => current && copy(lineText(current, true)));
function select(line, focus = true) {
  if (current) { current.classList.remove("current"); delete current.dataset.t; }
  current = line;
  if (!line) { toolbar.remove(); return; }
  line.classList.add("current");
  line.append(toolbar);
  if (focus) { $(".no", line).focus({ preventScroll: true }); line.scrollIntoView({ block: "center" }); }
}
for (const a of articles) a.lines.forEach((l, i) => { $(".no", l.el).tabIndex = i ? -1 : 0; });
$("main").addEventListener("click", (e) => {
  const line = e.target.closest(".pair");
  if (!line || e.target.closest("button, summary, .aside a")) return;
  if (e.target.closest(".no")) { select(line, false); return; }
  if (String(getSelection())) return;
  const key = e.target.closest(".t")?.className.match(/t(\d+)/)?.[1];
  if (key && line.dataset.t !== key) { select(line, false); line.dataset.t = key; return; }
  select(current === line && !key ? null : line, false);
});
$("#articles").addEventListener("click", (e) => {
  const act = e.target.closest("[data-act]")?.dataset.act, el = e.target.closest("article");
  if (act === "copy" || act === "copy-source") copy(articleText(el, act === "copy-source"));
  if (act === "whole") { const a = articles.find((x) => x.el === el); a.whole = !a.whole; apply(); }
});

/* ---- keyboard */
function step(list, from, by) {
  const open = list.filter((el) => !el.classList.contains("off") && !el.closest(".off"));
  if (!open.length) return null;
  const after = (el) => from && (from.compareDocumentPosition(el) & Node.DOCUMENT_POSITION_FOLLOWING);
  const i = by > 0 ? open.findIndex((el) => !from || (after(el) && el !== from)) : open.findLastIndex((el) => from && el !== from && (from.compareDocumentPosition(el) & Node.DOCUMENT_POSITION_PRECEDING) && !el.contains(from));
  return open[i] ?? (by > 0 ? open[0] : open[open.length - 1]);
}
function toArticle(by) {
  const here = current?.closest("article") ?? document.activeElement?.closest?.("article");
  const el = step(articles.map((a) => a.el), here, by);
  if (!el) return;
  select(null);
  const h = $("h2", el);
  h.focus({ preventScroll: true });
  el.scrollIntoView({ block: "start" });
}
function setView(v) { $(`input[name=view][value=${v}]`).checked = true; root.dataset.view = v; store.set("view", v); }
const keysOn = $("#keys-on"), keys = $("#keys");
keysOn.checked = store.get("keys") !== "off";
keysOn.addEventListener("change", () => store.set("keys", keysOn.checked ? "on" : "off"));
$("#help").addEventListener("click", () => keys.showModal());
const on = {
  "/": () => find.focus(), "?": () => keys.showModal(),
  j: () => toArticle(1), k: () => toArticle(-1),
  n: () => { const l = step(all.filter((p) => p.dataset.label !== "read"), current, 1); if (l) select(l); },
  p: () => { const l = step(all.filter((p) => p.dataset.label !== "read"), current, -1); if (l) select(l); },
  1: () => setView("both"), 2: () => setView("en"), 3: () => setView("zh"),
  c: () => current && copy(lineText(current, false)), s: () => current && copy(lineText(current, true)),
};
document.addEventListener("keydown", (e) => {
  if (e.ctrlKey || e.metaKey || e.altKey || $("dialog[open]")) return;
  const typing = e.target.closest?.("input:not([type=radio]), textarea, select");
  if (e.key === "Escape") { if (find.value) { find.value = ""; apply(); } select(null); return; }
  if (typing) return;
  if (current && (e.key === "ArrowDown" || e.key === "ArrowUp") && !e.target.closest?.("input")) {
    const l = step(all, current, e.key === "ArrowDown" ? 1 : -1);
    if (l) { e.preventDefault(); select(l); }
    return;
  }
  if (keysOn.checked && on[e.key]) { e.preventDefault(); on[e.key](); }
});

/* ---- light and dark */
function theme(v) { if (v) root.dataset.theme = v; else delete root.dataset.theme; }
theme(store.get("theme"));
$("#theme").addEventListener("click", () => {
  const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme:dark)").matches;
  theme(dark ? "light" : "dark"); store.set("theme", dark ? "light" : "dark");
});
const kept = store.get("view");
if (kept === "en" || kept === "zh") setView(kept);
addEventListener("hashchange", () => { const t = document.getElementById(location.hash.slice(1)); if (t?.closest(".off")) { for (const r of $$("input[name=show][value='']")) r.checked = true; find.value = ""; if (column) column.value = ""; apply(); t.scrollIntoView({ block: "center" }); } });
addEventListener("beforeprint", () => { for (const d of $$(".queue details")) d.open = true; });
globalThis.bundlePage = { current: () => current, select, say, tool, shortcut: (k, fn) => { on[k] = fn; } };
})();
