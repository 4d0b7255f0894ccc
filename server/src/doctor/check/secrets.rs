//! The master key, and files with secrets (ASVS 5.0, 13.3).

use auth::crypto::MasterKey;
use auth::view::{CheckFinding, CheckGroup};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use secrecy::{ExposeSecret as _, SecretSlice};
use std::collections::BTreeSet;

use super::{advice, deadly, fault, good, no_database};
use crate::doctor::{Check, Facts};
use crate::settings::KeyPlace;

const GROUP: CheckGroup = CheckGroup::Secrets;

pub(super) const CHECKS: [Check; 4] = [
    Check::one("master_key", GROUP, "docs/keys.md#the-master-key", master_key).in_production().deadly(),
    Check::one("master_key_place", GROUP, "docs/secrets.md", master_key_place).in_production(),
    Check::one("old_master_keys", GROUP, "docs/keys.md#rotating-it", old_master_keys),
    Check::several("secret_files", GROUP, "docs/secrets.md", secret_files).in_production().deadly(),
];

/// Of 32 drawn bytes fewer are different once in 10¹⁶ draws.
const FEWEST_DIFFERENT: usize = 18;
const READ_BY_OTHERS: u32 = 0o004;
const WRITTEN_BY_MANY: u32 = 0o022;

fn master_key(facts: &Facts) -> CheckFinding {
    let Some(key) = &facts.settings.master_key else { return deadly("missing") };
    let Ok(key) = MasterKey::parse(key) else { return deadly("no_key") };
    let bytes = SecretSlice::from(BASE64_STANDARD.decode(key.to_text().expose_secret()).unwrap_or_default());
    if is_pattern(bytes.expose_secret()) { deadly("pattern") } else { good("random") }
}

/// Whether bytes were typed and not drawn: few are different, each is a letter, or each is one more than the one before.
fn is_pattern(bytes: &[u8]) -> bool {
    let different = bytes.iter().collect::<BTreeSet<_>>().len();
    let is_text = bytes.iter().all(|byte| byte.is_ascii_graphic() || *byte == b' ');
    let step = |pair: &[u8]| pair[1].wrapping_sub(pair[0]);
    let is_row = bytes.windows(2).map(step).collect::<BTreeSet<_>>().len() <= 2;
    different < FEWEST_DIFFERENT || is_text || is_row
}

fn master_key_place(facts: &Facts) -> CheckFinding {
    match facts.master_key_place {
        KeyPlace::Apart => good("apart"),
        KeyPlace::Unset => fault("unset"),
        KeyPlace::Settings => advice("settings"),
        KeyPlace::Variable => advice("variable"),
    }
}

fn old_master_keys(facts: &Facts) -> CheckFinding {
    let count = facts.settings.other_master_keys.len();
    if count == 0 {
        return good("none");
    }
    let Some(rows) = &facts.rows else { return no_database() };
    // The one that seals is in use as well.
    let finding = if rows.master_keys <= 1 { advice("spare") } else { good("needed") };
    finding.with("count", count)
}

fn secret_files(facts: &Facts) -> Vec<CheckFinding> {
    let of_file = facts.secret_files.iter().filter_map(|file| {
        let finding = if file.mode & WRITTEN_BY_MANY != 0 {
            deadly("written_by_others")
        } else if file.mode & READ_BY_OTHERS != 0 {
            fault("read_by_others")
        } else {
            return None;
        };
        let finding = finding.with("file", file.path.display()).with("mode", format!("{:o}", file.mode));
        Some(finding.about(&file.name))
    });
    let found: Vec<CheckFinding> = of_file.collect();
    if found.is_empty() { vec![good("own").with("count", facts.secret_files.len())] } else { found }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::trial::{fails, finds, passes};
    use secrecy::SecretString;

    #[test]
    fn master_key_passes() {
        passes("master_key", "random");
    }

    #[test]
    fn master_key_fails() {
        fails("master_key", "missing", |facts| facts.settings.master_key = None);
        fails("master_key", "no_key", |facts| facts.settings.master_key = Some(SecretString::from("secret")));
        let typed: [Vec<u8>; 4] = [
            b"correct horse battery staple 123".to_vec(),
            (0..32).collect(),
            (100..132).rev().collect(),
            [1, 2, 3, 200].repeat(8),
        ];
        for bytes in typed {
            let key = SecretString::from(BASE64_STANDARD.encode(bytes));
            fails("master_key", "pattern", |facts| facts.settings.master_key = Some(key));
        }
    }

    #[test]
    fn master_key_place_passes() {
        passes("master_key_place", "apart");
    }

    #[test]
    fn master_key_place_fails() {
        for (place, case) in
            [(KeyPlace::Unset, "unset"), (KeyPlace::Settings, "settings"), (KeyPlace::Variable, "variable")]
        {
            fails("master_key_place", case, |facts| facts.master_key_place = place);
        }
    }

    fn with_another(facts: &mut Facts, in_use: usize) {
        let other = SecretString::from("uC1r5Xq0Jp7nZ8yDk3mS6vB9tE2wF4hLgA0iOeRxTzU=");
        facts.settings.other_master_keys.push(other);
        facts.rows.as_mut().unwrap().master_keys = in_use;
    }

    #[test]
    fn old_master_keys_passes() {
        passes("old_master_keys", "none");
        finds("old_master_keys", "needed", |facts| with_another(facts, 2));
    }

    #[test]
    fn old_master_keys_fails() {
        fails("old_master_keys", "spare", |facts| with_another(facts, 1));
    }

    #[test]
    fn secret_files_passes() {
        passes("secret_files", "own");
        finds("secret_files", "own", |facts| facts.secret_files[0].mode = 0o440);
    }

    #[test]
    fn secret_files_fails() {
        for mode in [0o644, 0o604] {
            fails("secret_files", "read_by_others", |facts| facts.secret_files[0].mode = mode);
        }
        for mode in [0o666, 0o660, 0o602] {
            fails("secret_files", "written_by_others", |facts| facts.secret_files[0].mode = mode);
        }
    }
}
