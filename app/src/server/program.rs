//! What pages for operators show of the program itself. The router provides it for each request; who may see it is
//! asked by the pages.

use auth::view::{ProcessHealth, SettingItem};
use leptos::prelude::*;
use std::sync::Arc;

/// Tells how the process is.
#[derive(Clone)]
pub struct ProcessFacts(pub Arc<dyn Fn() -> ProcessHealth + Send + Sync>);

/// The settings in effect, without their secrets.
#[derive(Clone)]
pub struct SettingsInEffect(pub Arc<[SettingItem]>);

/// How the process is now.
///
/// # Panics
/// When called outside a request: the router provides it for each.
pub fn process_health() -> ProcessHealth {
    (expect_context::<ProcessFacts>().0)()
}

/// The settings in effect.
///
/// # Panics
/// When called outside a request: the router provides them for each.
pub fn settings_in_effect() -> Vec<SettingItem> {
    expect_context::<SettingsInEffect>().0.to_vec()
}
