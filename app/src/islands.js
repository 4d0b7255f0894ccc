((script, wasm, integrity) => {
  const outer = [];
  async function take(element, module) {
    const island = module[element.dataset.component];
    if (!island) return console.error(`There is no island ${element.dataset.component}.`);
    outer.at(-1)?.();
    await island(element);
  }
  async function walk(node, module) {
    const name = node.localName;
    if (name === "leptos-island") await take(node, module);
    if (name === "leptos-children") outer.push(node.$$on_hydrate);
    for (const child of node.children) await walk(child, module);
    if (name === "leptos-children") outer.pop();
  }
  async function start() {
    const module = await import(script);
    await module.default({ module_or_path: fetch(wasm, integrity ? { integrity } : {}) });
    module.hydrate();
    await walk(document.body, module);
  }
  "requestIdleCallback" in window ? requestIdleCallback(start) : start();
})
