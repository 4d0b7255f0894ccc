//! What the browser runs: it takes over the islands of the page that the server rendered.

// The islands are exported to the page's script by name.
use app as _;

/// Called by the page's script once the module is loaded, before the islands.
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    leptos::mount::hydrate_islands();
}
