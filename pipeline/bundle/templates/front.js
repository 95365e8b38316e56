"use strict";
(() => {
document.documentElement.classList.add("on");
const $ = (q) => document.querySelector(q);
const base = document.body.dataset.archive;
const find = $("#find"), status = $("#status"), found = $("#found"), hits = $(".hits"), more = $("#more"), lists = $("#lists");
const PAGE = 20;

/* ---- files of script, each loaded once */
const waiting = new Map(), loaded = new Map();
Object.defineProperty(globalThis, "bundleArchive", { value: (key, data) => { waiting.get(key)?.(data); } });
function load(key) {
  if (!loaded.has(key)) loaded.set(key, new Promise((ok, no) => {
    waiting.set(key, ok);
    const s = document.createElement("script");
    s.src = base + key + ".js";
    s.onload = () => { s.remove(); waiting.delete(key); no(new Error(key)); };  // no-op once resolved
    s.onerror = () => { s.remove(); loaded.delete(key); no(new Error(key)); };
    document.head.append(s);
  }));
  return loaded.get(key);
}

/* ---- cutting text as bundle/archive/tokens.py does */
const HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u{20000}-\u{3ffff}";
const RUN = new RegExp(`[${HAN}]+|(?:(?![${HAN}])[\\p{L}\\p{N}])+`, "gu"), IS_HAN = new RegExp(`^[${HAN}]`, "u");
const fold = (s) => s.normalize("NFKC").toLowerCase();
const runs = (s) => [...fold(s).matchAll(RUN)].map((m) => m[0]);
function terms(run) {
  const c = [...run];
  if (!IS_HAN.test(run)) return [run];
  return c.length < 2 ? [] : c.slice(1).map((x, i) => c[i] + x);
}
function hash(term) {
  let h = 0x811c9dc5;
  for (const c of term) h = Math.imul(h ^ c.codePointAt(0), 0x01000193) >>> 0;
  return h;
}
const VALUE = new Map([..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"].map((c, i) => [c, i]));
function postings(text) {
  const out = [];
  let doc = 0, gap = 0, shift = 0;
  for (const c of text) {
    const v = VALUE.get(c);
    gap += (v & 31) * 2 ** shift;
    if (v & 32) shift += 5; else { doc += gap; out.push(doc); gap = shift = 0; }
  }
  return out;
}

/* ---- candidates, newest issue first */
async function candidates(words) {
  const index = await load("index");
  const wanted = [...new Set(words.flatMap(terms))];
  const docs = [];
  await Promise.all(index.segments.map(async ([name, shards]) => {
    const lists = await Promise.all(wanted.map(async (t) => {
      const shard = await load(`${name}/${hash(t) % shards}`);
      return Object.hasOwn(shard, t) ? postings(shard[t]) : [];
    }));
    lists.sort((a, b) => a.length - b.length);
    let left = lists[0] ?? [];
    for (const l of lists.slice(1)) { const s = new Set(l); left = left.filter((d) => s.has(d)); }
    docs.push(...left);
  }));
  docs.sort((a, b) => b - a);
  const issues = new Map(index.waiting.toReversed().map((seq) => [seq, null]));
  let i = index.base.length - 1;
  for (const d of docs) {
    while (i >= 0 && index.base[i] > d) i--;
    if (i < 0) break;
    if (d >= index.base[i] + index.size[i]) continue;  // an issue that is gone or was written anew
    if (!issues.has(index.seq[i])) issues.set(index.seq[i], new Set());
    issues.get(index.seq[i])?.add(d - index.base[i]);
  }
  return [...issues];
}
function wordAt(text, word) {
  if (IS_HAN.test(word)) return text.indexOf(word);
  const m = new RegExp(`(?<![\\p{L}\\p{N}])${word}(?![\\p{L}\\p{N}])`, "u").exec(text);
  return m ? m.index : -1;
}
function around(text, words) {
  if (text.length <= 180) return text;
  const low = fold(text), at = words.map((w) => wordAt(low, w)).filter((x) => x >= 0);
  const a = Math.max(0, (at.length ? Math.min(...at) : 0) - 90), b = a + 180;
  return (a ? "…" : "") + text.slice(a, b) + (b < text.length ? "…" : "");
}
/* the passage that holds most of the query, in both languages */
function excerpt(article, words) {
  const en = article.body_en.split("\n"), zh = article.body_zh.split("\n");
  let best = 0, most = -1;
  en.forEach((e, i) => {
    const low = fold(`${e} ${zh[i] ?? ""}`), n = words.filter((w) => wordAt(low, w) >= 0).length;
    if (n > most) { most = n; best = i; }
  });
  return [around(en[best] ?? "", words), around(zh[best] ?? "", words)];
}

/* ---- showing */
function make(tag, cls, text) { const e = document.createElement(tag); if (cls) e.className = cls; if (text !== undefined) e.append(text); return e; }
// What could reorder or hide text is written out, as the server does.
const seen = (s) => s.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g, (c) => `[U+${c.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")}]`);
function marked(el, text, words) {
  const low = text.toLowerCase();
  let at = 0;
  while (at < text.length) {
    let best = -1, len = 0;
    for (const w of words) { const i = low.indexOf(w, at); if (i >= 0 && (best < 0 || i < best)) { best = i; len = w.length; } }
    if (best < 0) break;
    el.append(seen(text.slice(at, best)), make("mark", "", seen(text.slice(best, best + len))));
    at = best + len;
  }
  el.append(seen(text.slice(at)));
  return el;
}
function show(issue, a, en, zh, words) {
  const li = make("li"), h = make("h3"), link = make("a", "", seen(a.en || a.zh || `Item ${a.n}`));
  link.href = `${encodeURIComponent(issue.row.slug)}/index.html#a${a.n}`;
  h.append(link);
  li.append(h, make("p", "where", seen(`${issue.row.title ? issue.row.title + " · " : ""}${issue.row.name}${a.zh ? " · " + a.zh : ""}`)));
  if (en) li.append(marked(make("p", "en"), en, words));
  if (zh) { const p = marked(make("p", "zh"), zh, words); p.lang = "zh-Hans"; li.append(p); }
  hits.append(li);
}

let run = 0;
async function search(query) {
  const mine = ++run, words = [...new Set(runs(query))];
  hits.replaceChildren(); more.hidden = true;
  const on = words.length > 0;
  found.hidden = !on; lists.hidden = on; status.textContent = "";
  if (!on) return;
  if (words.every((w) => !terms(w).length)) { status.textContent = "Type at least two Chinese characters, or a word."; return; }
  status.textContent = "Searching…";
  let shown = 0;
  try {
    const left = await candidates(words);
    const next = async () => {
      const goal = shown + PAGE;
      more.hidden = true;
      while (left.length && shown < goal) {
        const batch = left.splice(0, 8);
        const issues = await Promise.all(batch.map(([seq]) => load(`text/${seq}`)));
        if (mine !== run) return;
        issues.forEach((issue, i) => {
          loaded.delete(`text/${batch[i][0]}`);
          issue.articles.forEach((a, n) => {
            if (batch[i][1] && !batch[i][1].has(n)) return;
            const text = fold(a.body_zh + "\n" + a.body_en);
            if (!words.every((w) => wordAt(text, w) >= 0)) return;
            show(issue, a, ...excerpt(a, words), words);
            shown++;
          });
        });
      }
      more.hidden = !left.length;
      more.onclick = next;
      status.textContent = shown ? `${shown.toLocaleString("en")} ${shown === 1 ? "article" : "articles"}${left.length ? " so far" : ""}, newest first` : "Nothing found.";
    };
    await next();
  } catch (e) {
    if (mine === run) status.textContent = `Part of the search index cannot be read (${e.message}). The archive may just have changed: load this page again.`;
  }
}
let timer;
find.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(() => search(find.value), 250); });
$(".tools").addEventListener("submit", (e) => { e.preventDefault(); clearTimeout(timer); search(find.value); });
document.addEventListener("keydown", (e) => {
  if (e.key === "/" && !e.target.closest("input, textarea") && !e.ctrlKey && !e.metaKey && !e.altKey) { e.preventDefault(); find.focus(); }
  if (e.key === "Escape" && find.value) { find.value = ""; search(""); }
});
})();
