//! The documents say what the code does.

use server::Settings;
use server::settings::all_settings::{KEYS, PROVIDER_KEYS};
use server::settings::source::from_toml;

const SETTINGS: &str = include_str!("../../docs/settings.md");
const PROVIDERS: [&str; 5] = [
    include_str!("../../docs/providers/google.md"),
    include_str!("../../docs/providers/github.md"),
    include_str!("../../docs/providers/microsoft.md"),
    include_str!("../../docs/providers/gitlab.md"),
    include_str!("../../docs/providers/openid.md"),
];

#[test]
fn every_setting_is_documented() {
    for key in KEYS {
        assert!(SETTINGS.contains(&format!("`{}`", key.name)), "docs/settings.md lacks {}", key.name);
        let variable = format!("KEYWRIGHT_{}", key.name.to_uppercase());
        assert!(SETTINGS.contains(&variable), "docs/settings.md lacks {variable}");
    }
}

#[test]
fn every_key_of_a_provider_is_documented() {
    for key in PROVIDER_KEYS {
        let row = format!("| `{}` | {} | {} |", key.name, key.default, key.about);
        assert!(SETTINGS.contains(&row), "docs/settings.md lacks the row {row}");
    }
}

/// What stands between two texts, the first time.
fn between<'a>(text: &'a str, before: &str, after: &str) -> &'a str {
    text.split_once(before).unwrap().1.split_once(after).unwrap().0
}

#[test]
fn the_set_up_of_each_provider_works_as_it_is_written() {
    for text in PROVIDERS {
        let toml = between(text, "```toml\n", "```");
        let mut values = from_toml(toml).unwrap();
        let variable = between(toml, "KEYWRIGHT_", "_FILE").to_ascii_lowercase();
        values.insert(variable, "a secret".to_owned());
        let settings = Settings::parse(&values).unwrap();
        let id = settings.federation.providers[0].id.as_str();
        assert!(settings.federation.providers[0].client_secret.is_some(), "{id} names its variable");
        let uri = format!("/sign-in/with/{id}/callback");
        assert!(text.replace("<id>", id).contains(&uri), "{id} lacks {uri}");
    }
}
