//! Our own style, script and module, and how a page names them: with a digest of what is in each (Subresource Integrity, W3C;
//! ASVS 5.0, 3.6.1), so that a browser refuses a file that was changed on the way. The script is imported by another one, so
//! its digest stands in an import map as well; that of the module is given to `fetch`.

use leptos::nonce::use_nonce;
use leptos::prelude::*;
use std::sync::Arc;

/// Takes over the islands of a page once what can be seen is shown, each by the function of its name. The markup is what
/// Leptos makes of an island: `<leptos-island data-component>`, with `<leptos-children>` around what the server put into it.
/// What an outer island gave its children is known before the inner one begins. Path and digests follow as arguments.
const ISLANDS: &str = include_str!("islands.js");

/// A file of the site.
#[derive(Clone, Debug, Default)]
pub struct SiteFile {
    /// Its path.
    pub path: Arc<str>,
    /// What its bytes must be, such as `sha384-…`; none while they change, as in development.
    pub integrity: Option<Arc<str>>,
}

/// What every page needs.
#[derive(Clone, Debug, Default)]
pub struct SiteFiles {
    /// The style.
    pub style: SiteFile,
    /// The script around the module.
    pub script: SiteFile,
    /// What the islands are compiled to.
    pub module: SiteFile,
}

/// The style of a page.
#[component]
pub fn SiteStyle(file: SiteFile) -> impl IntoView {
    view! { <link rel="stylesheet" id="leptos" href=file.path integrity=file.integrity/> }
}

/// What takes over the islands of a page.
#[component]
pub fn SiteIslands(files: SiteFiles) -> impl IntoView {
    // Outside of islands nothing is hydrated, so nothing is sent for it.
    if let Some(context) = Owner::current_shared_context() {
        context.set_is_hydrating(false);
    }
    let SiteFiles { script, module, .. } = files;
    let nonce = use_nonce();
    let map = script.integrity.as_ref().map(|integrity| {
        // Before anything is loaded that it is about.
        let map = serde_json::json!({ "integrity": { (script.path.to_string()): integrity.to_string() } });
        view! { <script type="importmap" nonce=nonce.clone()>{map.to_string()}</script> }
    });
    let start = serde_json::json!([&*script.path, &*module.path, module.integrity.as_deref()]);
    view! {
        {map}
        // It does nothing by itself; what starts below finds it loaded, and judged.
        <script
            type="module" crossorigin="anonymous" nonce=nonce.clone() src=script.path integrity=script.integrity
        ></script>
        <link
            rel="preload" r#as="fetch" r#type="application/wasm" crossorigin="anonymous" href=module.path
            integrity=module.integrity
        />
        <script type="module" nonce=nonce>{format!("{ISLANDS}(...{start})")}</script>
    }
}
