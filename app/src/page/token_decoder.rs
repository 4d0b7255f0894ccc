//! Decoding a pasted token: the one page that needs a script, so that no token has to be sent.

use leptos::prelude::*;
use leptos_meta::{Meta, Title};

use crate::island::{Listener, TokenDecoder};
use crate::text::t;
use crate::ui::{Icon, PageFoot};

/// The page `/token-decoder`.
#[component]
pub fn TokenDecoderPage() -> impl IntoView {
    view! {
        <Title text=format!("{} · Keywright", t("page.token_decoder.title"))/>
        <Meta name="description" content=t("page.token_decoder.purpose")/>
        <a class="skip-link" href="#main">{t("ui.skip")}</a>
        <div class="inbox">
            <header>
                <a class="brand" href="/"><Icon name="keywright" class="icon brand-mark"/><span>"Keywright"</span></a>
            </header>
            <main id="main" tabindex="-1">
                <header class="page-head">
                    <h1 tabindex="-1">{t("page.token_decoder.title")}</h1>
                    <p class="purpose">{t("page.token_decoder.purpose")}</p>
                </header>
                <p class="notice notice-info without-script">{t("page.token_decoder.no_script")}</p>
                <TokenDecoder/>
            </main>
            <PageFoot/>
        </div>
        <Listener/>
    }
}
