(() => {
const body = document.body, page = globalThis.bundlePage;
const $ = (q, el = document) => el.querySelector(q);
const edit = $("#edit"), zh = $("#edit-zh"), en = $("#edit-en"), term = $("#edit-term"), before = $("#edit-before"), error = $("#edit-error");
let wish = null, back = null;

function show(made, from) {
  wish = made; back = from;
  const isTerm = made.kind === "term";
  $("#h-edit").textContent = { text: "Correct this passage", name: "Correct this name", term: "Set a term" }[made.kind];
  zh.textContent = made.shown; zh.hidden = isTerm;
  $("#edit-term-row").hidden = $("#edit-before-row").hidden = !isTerm;
  term.value = made.source ?? ""; before.value = "";
  en.value = isTerm ? "" : made.before;
  error.textContent = "";
  edit.showModal();
  (isTerm && !term.value ? term : isTerm ? before : en).focus();
}
async function send(made) {
  const answer = await fetch("/corrections", {
    method: "POST", headers: { "content-type": "application/json", "x-review-token": body.dataset.review }, body: JSON.stringify(made),
  });
  const said = await answer.json().catch(() => ({ error: "The review server refused. Open its address again." }));
  if (!answer.ok) throw new Error(said.error);
  return said;
}
function done(said) {
  if (!said.others.length && !said.warning) { location.reload(); return; }
  $("#others .error").textContent = said.warning;
  $("#others ul").hidden = $("#others .hint").hidden = !said.others.length;
  $("#h-others").textContent = said.others.length ? "Saved. Other bundles hold the same error" : "Saved";
  const list = $("#others ul");
  list.replaceChildren(...said.others.map((o) => { const li = document.createElement("li"); li.textContent = `${o.slug}, item ${o.number}: ${o.title} (${o.passages})`; return li; }));
  $("#others").showModal();
}
$("#others").addEventListener("close", () => location.reload());
async function save() {
  const { shown, ...made } = wish;
  made.after = en.value;
  if (made.kind === "term") { made.source = term.value; made.before = before.value; }
  try { const said = await send(made); edit.close(); done(said); } catch (e) { error.textContent = e.message; }
}
$("#edit form").addEventListener("submit", (e) => { if (e.submitter?.value !== "cancel") { e.preventDefault(); save(); } });
edit.addEventListener("keydown", (e) => { if (e.key === "Enter" && (e.ctrlKey || e.metaKey)) { e.preventDefault(); save(); } });
edit.addEventListener("close", () => back?.focus?.());

function editLine() {
  const line = page.current();
  if (!line) return;
  const el = $(".en", line);
  show({ kind: "text", segment: line.dataset.seg, before: line.dataset.en, shown: $(".zh", line).textContent }, $(".no", line), el);
}
page.tool("Edit", editLine);
page.tool("Set a term", () => show({ kind: "term", source: String(getSelection()).trim(), shown: "" }, null));
page.shortcut("e", editLine);
for (const row of document.querySelectorAll("[data-name]")) {
  const cell = $("td", row), button = document.createElement("button");
  button.type = "button"; button.textContent = "Edit"; button.setAttribute("aria-label", `Edit ${row.dataset.name}`);
  button.addEventListener("click", () => show({ kind: "name", source: row.dataset.name, before: row.dataset.en, shown: row.dataset.name }, button));
  cell.append(button);
}
$("#articles").addEventListener("click", async (e) => {
  const act = e.target.closest("[data-act]")?.dataset.act;
  if (act !== "approve" && act !== "withdraw") return;
  try { done(await send({ kind: act === "approve" ? "approval" : "withdrawal", unit: e.target.closest("article").dataset.unit })); } catch (err) { page.say(err.message); }
});
})();
