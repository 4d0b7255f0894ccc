//! A list of routes that is two things: a router, made at the start, and the OpenAPI document, made when somebody asks.
//! The document is some megabytes of code and text that a program which serves people never touches.

use axum::Router;
use axum::routing::MethodRouter;
use utoipa::openapi::OpenApi;
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouter};

use super::Api;

/// What one path of the list is.
pub(super) struct Route {
    pub(super) path: String,
    pub(super) methods: MethodRouter<Api>,
    pub(super) described: Described,
}

/// Makes the part of the document that is about one path.
pub(super) type Described = fn() -> UtoipaMethodRouter<Api>;

/// The handlers of one path, each of which says its method and path by `#[utoipa::path]`.
macro_rules! routes {
    ($first:path $(, $more:path)* $(,)?) => {{
        use utoipa_axum::PathItemExt as _;
        let path = utoipa_axum::paste! { utoipa_axum::routes!(@path [path()] of $first) };
        let methods = axum::routing::MethodRouter::new();
        let methods = $crate::api::route_list::routes!(@with methods $first);
        $(let methods = $crate::api::route_list::routes!(@with methods $more);)*
        $crate::api::route_list::Route { path, methods, described: || utoipa_axum::routes!($first $(, $more)*) }
    }};
    (@with $methods:ident $handler:path) => {
        utoipa_axum::paste! { utoipa_axum::routes!(@path [methods()] of $handler) }
            .iter()
            .fold($methods, |methods, method| methods.on(method.to_method_filter(), $handler))
    };
}
pub(super) use routes;

/// All routes below one prefix.
pub(super) struct RouteList {
    prefix: &'static str,
    router: Router<Api>,
    described: Vec<Described>,
}

impl RouteList {
    pub(super) fn below(prefix: &'static str) -> Self {
        Self { prefix, router: Router::new(), described: Vec::new() }
    }

    pub(super) fn routes(mut self, route: Route) -> Self {
        self.router = self.router.route(&format!("{}{}", self.prefix, route.path), route.methods);
        self.described.push(route.described);
        self
    }

    pub(super) fn router(self) -> Router<Api> {
        self.router
    }

    /// What all of them say of themselves.
    pub(super) fn document(self, about: OpenApi) -> OpenApi {
        let described = self.described.into_iter().fold(OpenApiRouter::new(), |list, part| list.routes(part()));
        OpenApiRouter::with_openapi(about).nest(self.prefix, described).into_openapi()
    }
}
