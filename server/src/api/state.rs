//! What handlers may ask for: the engine, as nearly all do, and what is known of the process and its settings.

use auth::Auth;
use auth::view::SettingItem;
use axum::extract::FromRef;
use std::sync::Arc;

use crate::process::Process;

/// The state of every route of REST.
#[derive(Clone)]
pub struct Api {
    /// The engine.
    pub auth: Auth,
    /// How the process is.
    pub process: Process,
    /// The settings in effect, without their secrets.
    pub settings: Arc<[SettingItem]>,
}

impl FromRef<Api> for Auth {
    fn from_ref(api: &Api) -> Self {
        api.auth.clone()
    }
}

impl FromRef<Api> for Process {
    fn from_ref(api: &Api) -> Self {
        api.process.clone()
    }
}

impl FromRef<Api> for Arc<[SettingItem]> {
    fn from_ref(api: &Api) -> Self {
        Arc::clone(&api.settings)
    }
}
