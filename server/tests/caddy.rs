//! The configuration for Caddy is one that Caddy takes. The tests run nginx.

use crate::support::skipped::skipped;
use std::process::Command;

const SHIPPED: &str = include_str!("../../deploy/caddy/Caddyfile");

#[test]
fn caddy_takes_the_configuration() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path().display().to_string();
    assert!(SHIPPED.contains("/var/log/caddy"));
    let shipped = SHIPPED.replace("/var/log/caddy", &at);
    let validate = |text: &str| {
        let file = folder.path().join("Caddyfile");
        std::fs::write(&file, text).unwrap();
        let mut command = Command::new("caddy");
        command.args(["validate", "--adapter", "caddyfile", "--config"]).arg(&file);
        command.env("HOME", &at).env("XDG_DATA_HOME", &at).env("XDG_CONFIG_HOME", &at).output()
    };
    let Ok(valid) = validate(&shipped) else {
        return skipped("caddy is not there; bin/setup fetches it");
    };
    assert!(valid.status.success(), "{}", String::from_utf8_lossy(&valid.stderr));
    let broken = validate(&shipped.replace("lb_policy round_robin", "lb_policy nonsense")).unwrap();
    assert!(!broken.status.success(), "the control: what is wrong is found");
}
