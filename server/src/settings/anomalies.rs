//! Settings of sign-ins that look unusual.

use anyhow::Context as _;
use auth::anomaly::{AnomalySettings, GeoDatabase};
use std::path::Path;
use std::sync::Arc;

use super::source::Values;
use super::switch;

/// Reads them, and the file of places where one is named.
pub(super) fn parse(values: &Values) -> anyhow::Result<AnomalySettings> {
    let path = values.get("geoip_database").map(String::as_str).filter(|path| !path.is_empty());
    let open = |path: &str| GeoDatabase::open(Path::new(path)).with_context(|| format!("geoip_database names {path}"));
    Ok(AnomalySettings {
        step_up: switch(values, "anomaly_step_up", true)?,
        places: path.map(open).transpose()?.map(Arc::new),
    })
}
