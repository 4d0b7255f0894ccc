//! The vault that secrets come from. That it told them is known from the settings; whether its token lasts is asked.

use auth::view::{CheckFinding, CheckGroup, VaultFault};

use super::{fault, good};
use crate::doctor::{Check, Facts};

pub(super) const CHECKS: [Check; 1] =
    [Check::one("vault", CheckGroup::Secrets, "docs/secrets.md#vault-and-openbao", vault)];

fn vault(facts: &Facts) -> CheckFinding {
    let Some(health) = facts.vault else { return good("none") };
    match health.fault {
        None => good("tells"),
        Some(VaultFault::Unreachable) => fault("unreachable"),
        Some(VaultFault::Sealed) => fault("sealed"),
        Some(VaultFault::Refused) => fault("refused"),
        Some(VaultFault::Missing) => fault("missing"),
        Some(VaultFault::NotRenewed) => fault("not_renewed"),
        Some(VaultFault::Changed) => fault("changed"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::trial::{fails, finds, passes, sound};
    use auth::view::VaultHealth;

    fn with(fault: Option<VaultFault>) -> Option<VaultHealth> {
        Some(VaultHealth { answered_at: sound().now, token_ends_at: None, fault })
    }

    #[test]
    fn vault_passes() {
        passes("vault", "none");
        finds("vault", "tells", |facts| facts.vault = with(None));
    }

    #[test]
    fn vault_fails() {
        for (broken, case) in [
            (VaultFault::Unreachable, "unreachable"),
            (VaultFault::Sealed, "sealed"),
            (VaultFault::Refused, "refused"),
            (VaultFault::Missing, "missing"),
            (VaultFault::NotRenewed, "not_renewed"),
            (VaultFault::Changed, "changed"),
        ] {
            fails("vault", case, |facts| facts.vault = with(Some(broken)));
        }
    }
}
