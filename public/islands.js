// Takes over what moves on a client's page: the server drew it, the program does the rest. Without this script the page is whole
// all the same.

import * as islands from "{{js}}";

await islands.default({ module_or_path: "{{wasm}}" });
islands.start();
for (const island of document.querySelectorAll("leptos-island")) islands[island.dataset.component]?.(island);
