//! The vault that secrets come from. That it told them is known from the settings; whether its token lasts is asked.

use auth::view::VaultFault;

use super::report::Report;
use crate::settings::Settings;

const CHECK: &str = "vault";

/// Asks it to renew the token, as a running server does.
pub(super) async fn vault(settings: &Settings, report: &mut Report) {
    let Some(vault) = &settings.vault else {
        return report.good(CHECK, "There is none; docs/secrets.md says what one is good for.");
    };
    vault.look_after().await;
    let Some(fault) = vault.health().fault else {
        return report.good(CHECK, "It tells the secrets at vault_path, and lets the token go on.");
    };
    report.fault(CHECK, words(fault));
}

fn words(fault: VaultFault) -> &'static str {
    match fault {
        VaultFault::Unreachable => "It answered at first and does not any more; look at its log and at the network.",
        VaultFault::Sealed => "It was sealed a moment ago; unseal it.",
        VaultFault::Refused => {
            "It does not let the token go on; look whether it has ended, and let its policy allow \
             `update` at auth/token/renew-self."
        }
        VaultFault::Missing => "The secret at vault_path went a moment ago; write it again.",
        VaultFault::NotRenewed => {
            "It does not renew vault_token: once that has ended, no start succeeds. Use one that can be renewed, such as \
             a periodic one, or vault_role_id and vault_secret_id."
        }
        VaultFault::Changed => "The secret at vault_path changed a moment ago; look again.",
    }
}
