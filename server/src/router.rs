//! Every route and every layer, in the order a request meets them.

use app::page::{CHANGE_AVATAR, CHANGE_LOGO};
use app::server::{ProcessFacts, SettingsInEffect};
use app::site_files::SiteFiles;
use app::{App, shell};
use auth::Auth;
use axum::Router;
use axum::extract::Request;
use axum::http::HeaderValue;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, VARY};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::{Redirect, Response};
use axum::routing::{any, get, post};
use ipnet::IpNet;
use leptos::config::LeptosOptions;
use leptos::prelude::provide_context;
use leptos_axum::{AxumRouteListing, LeptosRoutes, generate_route_list};
use std::sync::{Arc, LazyLock};
use tower::ServiceBuilder;
use tower_http::CompressionLevel;
use tower_http::compression::{CompressionLayer, predicate::Predicate, predicate::SizeAbove};
use tower_http::set_header::SetResponseHeaderLayer;

use crate::avatar::PictureForm;
use crate::files::{by_ending, file_or_not_found};
use crate::layer::large_body::LargeBodies;
use crate::layer::{
    body_limit, caller, content_security_policy, cross_site, fetch_metadata, form_answer, headers, impersonation,
    large_body, limits, owed_factor, panic, refused_later, request, signed_in_pages,
};
use crate::process::Process;
use crate::settings::{Mode, Settings};
use crate::{
    api, audit_file, avatar, browser_reports, dev_inbox, export, federation, health, jwks, recovery_codes_file,
    user_export,
};

/// The pages' addresses. Found once for the process: while Leptos looks for them it keeps every resource of every thread
/// from loading, and a page that another router renders at that moment would wait for ever.
static PAGES: LazyLock<Vec<AxumRouteListing>> = LazyLock::new(|| generate_route_list(App));

/// The pages' addresses, with their parameters in braces. Tests ask here: a list of their own would stop the pages of others.
pub fn page_paths() -> impl Iterator<Item = &'static str> {
    PAGES.iter().map(AxumRouteListing::path)
}

/// The whole program as a service.
pub fn router(settings: &Settings, auth: &Auth, process: &Process, options: LeptosOptions, files: SiteFiles) -> Router {
    let public_url: Arc<str> = settings.public_url.as_str().into();
    let trusted: Arc<[IpNet]> = settings.trusted_proxies.as_slice().into();
    let api = api::Api { auth: auth.clone(), process: process.clone(), settings: settings.in_effect.as_slice().into() };
    let style = files.style.clone();
    let (pages, not_found) = pages(settings, &api, options, files);
    let mut routes = pages
        .merge(api::routes(api))
        .merge(export::routes(auth.clone()))
        .merge(audit_file::routes(auth.clone()))
        .merge(user_export::routes(auth.clone()))
        .merge(recovery_codes_file::routes(auth.clone()))
        .merge(federation::routes(auth.clone(), public_url.clone(), not_found))
        .merge(browser_reports::routes(auth.clone(), public_url.clone()))
        .route("/avatars/{id}", get(avatar::show).with_state(auth.clone()))
        .route("/organization-logos/{id}", get(avatar::show_logo).with_state(auth.clone()))
        .route("/health/live", get(health::live))
        .route("/health/ready", get(health::ready).with_state(auth.clone()))
        .route("/.well-known/jwks.json", get(jwks::jwks).with_state(auth.clone()))
        .route("/.well-known/change-password", get(change_password));
    if settings.api_docs {
        routes = routes.merge(api::docs_routes(style.clone()));
    }
    if settings.mode == Mode::Development {
        routes = routes.merge(dev_inbox::routes(auth.clone(), style));
    }
    routes.layer(
        ServiceBuilder::new()
            .layer(from_fn_with_state((trusted, auth.clone(), process.clone()), request::request))
            .layer(from_fn_with_state(headers::Https(settings.public_url.starts_with("https:")), headers::headers))
            .layer(panic::layer())
            // Pages only: an answer with a token in it is not compressed together with anything
            // a stranger chose (BREACH).
            // Each page is made anew: a tenth more bytes is paid for sooner than the time of a closer look.
            .layer(
                CompressionLayer::new()
                    .quality(CompressionLevel::Fastest)
                    .compress_when(SizeAbove::new(512).and(OnlyHtml)),
            )
            .layer(from_fn_with_state(refused_later::Room::default(), refused_later::refused_later))
            .layer(from_fn(fetch_metadata::refuse_foreign_loads))
            .layer(from_fn_with_state(public_url, cross_site::refuse_cross_site))
            .layer(from_fn_with_state(settings.door, body_limit::body_limit))
            .layer(from_fn_with_state(auth.clone(), limits::limits))
            .layer(from_fn_with_state((auth.clone(), process.clone()), caller::caller))
            .layer(from_fn_with_state(auth.clone(), impersonation::around))
            .layer(from_fn_with_state(auth.clone(), owed_factor::refuse_who_owes))
            // Last of all: who is refused before never has a large body read.
            .layer(from_fn_with_state(LargeBodies::default(), large_body::read_large_body)),
    )
}

/// Pages, their server functions, and the files they need; and what shows the page of what is not there, for others.
fn pages(settings: &Settings, api: &api::Api, options: LeptosOptions, files: SiteFiles) -> (Router, Router) {
    let auth = &api.auth;
    app::page::register_server_functions();
    let development = settings.mode == Mode::Development;
    let policy = content_security_policy::PagePolicy::of(auth, &settings.public_url, development);
    let context = {
        let (auth, process) = (auth.clone(), api.process.clone());
        let facts = {
            let auth = auth.clone();
            ProcessFacts(Arc::new(move || process.health(auth.now())))
        };
        let settings = SettingsInEffect(Arc::clone(&api.settings));
        move || {
            provide_context(auth.clone());
            provide_context(facts.clone());
            provide_context(settings.clone());
            provide_context(app::server::preferences().locale);
            content_security_policy::add_policy(&policy);
        }
    };
    let document = {
        let options = options.clone();
        move || shell(options.clone(), files.clone())
    };
    let files = file_or_not_found(&options, context.clone(), document.clone());
    let not_found = Router::new().fallback(files.clone());
    let picture = post(avatar::change).fallback(api::method_not_allowed).with_state(auth.clone());
    let logo = post(avatar::change_logo).fallback(api::method_not_allowed).with_state(auth.clone());
    let pages = Router::new()
        .leptos_routes_with_context(&options, PAGES.clone(), context, document)
        .route(CHANGE_AVATAR, picture)
        .route(CHANGE_LOGO, logo)
        .route("/rpc/{*rest}", any(api::not_found))
        .layer(from_fn(by_path))
        .nest_service(&format!("/{}", options.site_pkg_dir), package(&options))
        .fallback(files)
        .layer(from_fn(signed_in_pages::one_address))
        .with_state(options);
    (pages, not_found)
}

/// Server functions have their answers corrected; pages are guarded. The forms that are no server
/// functions, because they carry a file, answer as they should by themselves.
async fn by_path(request: Request, next: axum::middleware::Next) -> Response {
    let path = request.uri().path();
    if PictureForm::of(path).is_some() {
        next.run(request).await
    } else if path.starts_with("/rpc/") {
        form_answer::form_answer(request, next).await
    } else {
        signed_in_pages::guard(request, next).await
    }
}

/// Scripts, wasm and styles carry a hash in their names: a browser asks for each only once.
fn package(options: &LeptosOptions) -> Router {
    let folder = format!("{}/{}", options.site_root, options.site_pkg_dir);
    let files = tower_http::services::ServeDir::new(folder).precompressed_br().precompressed_gzip();
    let keep = if options.hash_files { "public, max-age=31536000, immutable" } else { "no-cache" };
    Router::new()
        .fallback_service(files)
        .layer(from_fn(by_ending))
        // A file that comes with the next release must not be missing for a year.
        .layer(SetResponseHeaderLayer::if_not_present(CACHE_CONTROL, move |answer: &Response| {
            Some(HeaderValue::from_static(if answer.status().is_client_error() { "no-store" } else { keep }))
        }))
        .layer(SetResponseHeaderLayer::if_not_present(VARY, HeaderValue::from_static("accept-encoding")))
}

/// Where password managers send people who want another password (W3C, A Well-Known URL for Changing
/// Passwords). Who is signed out signs in on the way.
async fn change_password() -> Redirect {
    Redirect::to("/account/security")
}

/// Compresses HTML and nothing else; files are compressed beforehand.
#[derive(Clone, Copy)]
struct OnlyHtml;

impl Predicate for OnlyHtml {
    fn should_compress<B: axum::body::HttpBody>(&self, response: &axum::http::Response<B>) -> bool {
        response.headers().get(CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"))
    }
}
