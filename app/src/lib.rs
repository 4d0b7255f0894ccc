//! The pages of Keywright. The server renders them, the browser takes them over; every form works
//! without the second half.

use leptos::prelude::*;
use leptos_meta::provide_meta_context;
use leptos_router::components::{FlatRoutes, Route, Router};
use leptos_router::{SsrMode, path};

pub mod browser;
pub mod error;
pub mod page;
#[cfg(feature = "ssr")]
pub mod server;
pub mod session;
pub mod text;
pub mod ui;

use page::{Dashboard, Front, NotFound, SignInPage, SignUpPage, VerifyEmailPage};

/// Paths that may be seen signed out. Everything else that is a page asks for a session: a new
/// page is private until it is named here.
pub const PUBLIC_PATHS: [&str; 4] = ["/", "/sign-up", "/sign-in", "/verify-email"];

/// The document around every page.
#[cfg(feature = "ssr")]
pub fn shell(options: LeptosOptions) -> impl IntoView {
    use leptos::hydration::{AutoReload, HydrationScripts};
    use leptos_meta::{HashedStylesheet, MetaTags};
    let preferences = server::preferences();
    view! {
        <!DOCTYPE html>
        <html lang=preferences.locale.tag() data-theme=preferences.theme.map(server::Theme::as_str)>
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <meta name="color-scheme" content="light dark"/>
                <link rel="icon" type="image/svg+xml" href="/favicon.svg"/>
                <HashedStylesheet options=options.clone() id="leptos"/>
                <AutoReload options=options.clone()/>
                <HydrationScripts options/>
                <MetaTags/>
            </head>
            <body><App/></body>
        </html>
    }
}

/// Every page.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    text::provide_locale();
    browser::mark_hydrated();
    session::listen_to_other_tabs();
    view! {
        <Router>
            <FocusAfterNavigation/>
            <FlatRoutes fallback=|| view! { <NotFound/> }>
                <Route path=path!("/") view=Front ssr=SsrMode::Async/>
                <Route path=path!("/sign-up") view=SignUpPage ssr=SsrMode::Async/>
                <Route path=path!("/sign-in") view=SignInPage ssr=SsrMode::Async/>
                <Route path=path!("/verify-email") view=VerifyEmailPage ssr=SsrMode::Async/>
                <Route path=path!("/dashboard") view=Dashboard ssr=SsrMode::Async/>
            </FlatRoutes>
        </Router>
    }
}

/// A page reached without a load: whoever listens to it is put at its heading.
#[component]
fn FocusAfterNavigation() -> impl IntoView {
    let path = leptos_router::hooks::use_location().pathname;
    Effect::new(move |before: Option<String>| {
        let now = path.get();
        if before.is_some_and(|before| before != now) {
            set_timeout(browser::focus_heading, std::time::Duration::from_millis(50));
        }
        now
    });
}
