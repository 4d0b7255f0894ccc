//! The documents say what the code does.

use server::settings::all_settings::KEYS;

const SETTINGS: &str = include_str!("../../docs/settings.md");

#[test]
fn every_setting_is_documented() {
    for key in KEYS {
        assert!(SETTINGS.contains(&format!("`{}`", key.name)), "docs/settings.md lacks {}", key.name);
        let variable = format!("KEYWRIGHT_{}", key.name.to_uppercase());
        assert!(SETTINGS.contains(&variable), "docs/settings.md lacks {variable}");
    }
}
