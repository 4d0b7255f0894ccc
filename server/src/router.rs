//! Every route, and what every request passes, in the order it meets it.

use app::page::{CHANGE_AVATAR, CHANGE_LOGO};
use app::server::{ProcessFacts, SettingsInEffect};
use app::site_files::SiteFile;
use app::{App, shell};
use auth::Auth;
use axum::Router;
use axum::extract::{Request, State};
use axum::http::HeaderValue;
use axum::http::header::{CACHE_CONTROL, VARY};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{any, get, post};
use ipnet::IpNet;
use leptos::config::LeptosOptions;
use leptos::prelude::provide_context;
use leptos_axum::{AxumRouteListing, LeptosRoutes, generate_route_list};
use std::sync::{Arc, LazyLock};
use tower_http::set_header::SetResponseHeaderLayer;

use crate::avatar::PictureForm;
use crate::door::DoorLimits;
use crate::files::{by_ending, file_or_not_found};
use crate::health::Readiness;
use crate::layer::deadline::DEADLINE;
use crate::layer::full_house::House;
use crate::layer::headers::Https;
use crate::layer::large_body::LargeBodies;
use crate::layer::refused_later::Room;
use crate::layer::{
    body_limit, caller, compression, connect, content_security_policy, cross_site, deadline, fetch_metadata,
    form_answer, full_house, headers, impersonation, large_body, later_page, limits, no_turn, owed_factor, panic,
    refused_later, request, signed_in_pages,
};
use crate::process::Process;
use crate::settings::{Mode, Settings};
use crate::site::{Place, Site};
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
pub fn router(settings: &Settings, auth: &Auth, process: &Process, options: LeptosOptions, site: Site) -> Router {
    let public_url: Arc<str> = settings.public_url.as_str().into();
    let trusted: Arc<[IpNet]> = settings.trusted_proxies.as_slice().into();
    let api = api::Api { auth: auth.clone(), process: process.clone(), settings: settings.in_effect.as_slice().into() };
    let style = site.files.style.clone();
    let layers = Layers {
        trusted,
        auth: auth.clone(),
        process: process.clone(),
        https: Https(settings.public_url.starts_with("https:")),
        style: style.clone(),
        room: Room::default(),
        public_url: Arc::clone(&public_url),
        door: settings.door,
        house: House::default(),
        bodies: LargeBodies::default(),
    };
    let (pages, not_found) = pages(settings, &api, options, site);
    let mut routes = pages
        .merge(api::routes(api))
        .merge(export::routes(auth.clone()))
        .merge(audit_file::routes(auth.clone()))
        .merge(user_export::routes(auth.clone()))
        .merge(recovery_codes_file::routes(auth.clone()))
        .merge(federation::routes(auth.clone(), public_url.clone(), not_found))
        .merge(browser_reports::routes(auth.clone(), public_url))
        .route("/avatars/{id}", get(avatar::show).with_state(auth.clone()))
        .route("/organization-logos/{id}", get(avatar::show_logo).with_state(auth.clone()))
        .route("/health/live", get(health::live))
        .route("/health/ready", get(health::ready).with_state(Readiness::of(auth)))
        .route("/.well-known/jwks.json", get(jwks::jwks).with_state(auth.clone()))
        .route("/.well-known/change-password", get(change_password));
    if settings.api_docs {
        routes = routes.merge(api::docs_routes(style.clone()));
    }
    if settings.mode == Mode::Development {
        routes = routes.merge(dev_inbox::routes(auth.clone(), style));
    }
    routes.layer(from_fn_with_state(Arc::new(layers), every_request))
}

/// What the layers work with.
struct Layers {
    trusted: Arc<[IpNet]>,
    auth: Auth,
    process: Process,
    https: Https,
    style: SiteFile,
    room: Room,
    public_url: Arc<str>,
    door: DoorLimits,
    house: House,
    bodies: LargeBodies,
}

/// What every request passes, and every answer on its way back. One layer for axum; `layer/mod.rs` says why.
async fn every_request(State(layers): State<Arc<Layers>>, request: Request, next: Next) -> Response {
    let layers = &*layers;
    request::request(&layers.trusted, &layers.auth, &layers.process, request, move |request| async move {
        let mut answer = panic::caught(request, move |request| shown(layers, request, next)).await;
        headers::add_headers(&mut answer, layers.https);
        answer
    })
    .await
}

/// How an answer is shown, whoever gives it.
async fn shown(layers: &Layers, request: Request, next: Next) -> Response {
    compression::compression(request, move |request| {
        later_page::later_page(&layers.style, request, move |request| {
            refused_later::refused_later(&layers.room, request, move |request| admitted(layers, request, next))
        })
    })
    .await
}

/// What is judged before anybody asks who it is.
async fn admitted(layers: &Layers, request: Request, next: Next) -> Response {
    if let Some(refused) = no_turn::refuse_without_turn(&request) {
        return refused.into_response();
    }
    if let Some(refused) = connect::refuse_connect(&request) {
        return refused;
    }
    if let Some(refused) = fetch_metadata::refuse_foreign_load(&request) {
        return refused.into_response();
    }
    if let Some(refused) = cross_site::refuse_cross_site(&request, &layers.public_url) {
        return refused.into_response();
    }
    body_limit::body_limit(&layers.door, request, move |request| {
        // The body is here: who sends slowly takes nobody's place.
        full_house::full_house(&layers.house, request, move |request| {
            // Looks nothing up by itself; what it tells the browser leaves with what was given up as well.
            limits::limits(&layers.auth, request, move |request| {
                deadline::deadline(DEADLINE, request, move |request| known(layers, request, next))
            })
        })
    })
    .await
}

/// Who it is, and what they may do.
async fn known(layers: &Layers, request: Request, next: Next) -> Response {
    let Layers { auth, process, bodies, .. } = layers;
    caller::caller(auth, process, request, move |request| {
        impersonation::around(auth, request, move |request| {
            owed_factor::refuse_who_owes(auth, request, move |request| {
                // Last of all: who is refused before never has a large body read.
                large_body::read_large_body(bodies, request, move |request| next.run(request))
            })
        })
    })
    .await
}

/// Pages, their server functions, and the files they need; and what shows the page of what is not there, for others.
fn pages(settings: &Settings, api: &api::Api, options: LeptosOptions, site: Site) -> (Router, Router) {
    let Site { files, place } = site;
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
    let files = file_or_not_found(&place, context.clone(), document.clone());
    let not_found = Router::new().fallback(files.clone());
    let picture = post(avatar::change).fallback(api::method_not_allowed).with_state(auth.clone());
    let logo = post(avatar::change_logo).fallback(api::method_not_allowed).with_state(auth.clone());
    let pages = Router::new()
        .leptos_routes_with_context(&options, PAGES.clone(), context, document)
        .route(CHANGE_AVATAR, picture)
        .route(CHANGE_LOGO, logo)
        .route("/rpc/{*rest}", any(api::not_found))
        .layer(from_fn(by_path))
        .nest_service(&format!("/{}", options.site_pkg_dir), package(&options, &place))
        .fallback(files)
        .layer(from_fn(signed_in_pages::one_address))
        .with_state(options);
    (pages, not_found)
}

/// Server functions have their answers corrected; pages are guarded. The forms that are no server
/// functions, because they carry a file, answer as they should by themselves.
async fn by_path(request: Request, next: Next) -> Response {
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
fn package(options: &LeptosOptions, place: &Place) -> Router {
    let (place, folder) = (place.clone(), Arc::clone(&options.site_pkg_dir));
    let files = move |request: Request| async move { place.answer(&folder, request).await };
    let keep = if options.hash_files { "public, max-age=31536000, immutable" } else { "no-cache" };
    Router::new()
        .fallback(files)
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
