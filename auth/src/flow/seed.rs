//! Making data for load tests, by the million: accounts, organizations, sessions and lines of the audit log. Whoever
//! has the machine does it, on the command line.
//!
//! The same seed makes the same data. All addresses are at example.com, and all accounts have one password, which is
//! public: never on a database that people depend on.

use crate::audit::prove;
use crate::password::NewPassword;
use crate::store::{Batch, SeedWords, Transaction};
use crate::{Auth, Result};

/// The password of every account that is made here.
pub const SEED_PASSWORD: &str = "a password for load tests";

/// Rows of one transaction: few enough that others may write in between.
const BATCH: i64 = 10_000;
/// Accounts that are read at once on the way into the index.
const INDEX_BATCH: i64 = 10_000;

const FIRST_NAMES: [&str; 32] = [
    "Ada", "Alan", "Barbara", "Blaise", "Carl", "Claude", "Dennis", "Dorothy", "Edsger", "Emmy", "Frances", "Grace",
    "Hedy", "Ida", "Joan", "Karen", "Kathleen", "Kurt", "Leslie", "Lise", "Marie", "Mary", "Niklaus", "Pierre",
    "Radia", "Rosalind", "Sofia", "Srinivas", "Stephen", "Tim", "Vint", "Wang",
];
const LAST_NAMES: [&str; 32] = [
    "Allen", "Babbage", "Bartik", "Boole", "Cerf", "Curie", "Dijkstra", "Euler", "Fermat", "Gauss", "Germain",
    "Goedel", "Hamilton", "Hopper", "Johnson", "Kleene", "Knuth", "Lamarr", "Lamport", "Lovelace", "Meitner",
    "Noether", "Pascal", "Perlman", "Ritchie", "Shannon", "Sinclair", "Thompson", "Turing", "Vaughan", "Wilkes",
    "Wirth",
];

/// How much is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SeedPlan {
    /// Accounts.
    pub users: i64,
    /// Organizations, at most as many as accounts.
    pub organizations: i64,
    /// Lines of the audit log.
    pub audit_lines: i64,
    /// Chooses the data.
    pub seed: i64,
}

/// What is being made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SeedStep {
    /// Accounts.
    Users,
    /// Organizations.
    Organizations,
    /// Who is in them.
    Memberships,
    /// Sessions of every tenth account.
    Sessions,
    /// Lines of the audit log.
    AuditLines,
    /// The index by which accounts are found.
    Index,
    /// The places of the lines in the chain: else a program that starts would be at it for long.
    Chain,
}

/// Whether somebody has an account whom this did not make.
///
/// # Errors
/// When the store fails.
pub async fn has_real_accounts(auth: &Auth) -> Result<bool> {
    Ok(auth.store.has_real_accounts().await?)
}

/// Makes the data; `told` hears what is being made, how many of it are there, and how many there will be.
///
/// # Errors
/// When the store fails; what was made until then stays, and the same plan goes on.
pub async fn seed(auth: &Auth, plan: SeedPlan, told: impl Fn(SeedStep, i64, i64) + Send + Sync) -> Result<()> {
    let password_hash = auth.hashes.hash(&NewPassword::in_use(SEED_PASSWORD), &*auth.random).await?;
    let (first_names, last_names) = (columns(&FIRST_NAMES), columns(&LAST_NAMES));
    let words = SeedWords { first_names: &first_names, last_names: &last_names, password_hash: &password_hash };
    let lines = if plan.users > 0 { plan.audit_lines } else { 0 };
    let steps = [
        (SeedStep::Users, plan.users),
        (SeedStep::Organizations, plan.organizations),
        (SeedStep::Memberships, if plan.organizations > 0 { plan.users } else { 0 }),
        (SeedStep::Sessions, plan.users),
        (SeedStep::AuditLines, lines),
        (SeedStep::Index, plan.users),
        (SeedStep::Chain, lines),
    ];
    let now = auth.now();
    for (step, all) in steps {
        if step == SeedStep::Index && all > 0 {
            index(auth, all, &told).await?;
            continue;
        }
        let mut from = 0;
        while from < all {
            let to = match step {
                SeedStep::Chain => gone_on(from, auth.seal_audit_lines().await?, all),
                _ => {
                    let to = (from + BATCH).min(all);
                    let batch = Batch { from, to, seed: plan.seed, users: plan.users, now };
                    make(auth, step, batch, (all, plan.organizations), &words).await?;
                    to
                }
            };
            told(step, to, all);
            from = to;
        }
    }
    Ok(())
}

/// Makes the rows of a batch, of so many in all.
async fn make(
    auth: &Auth,
    step: SeedStep,
    batch: Batch,
    (all, organizations): (i64, i64),
    words: &SeedWords<'_>,
) -> Result<()> {
    let mut tx = auth.store.begin().await?;
    match step {
        SeedStep::Users => tx.seed_users(batch, words).await?,
        SeedStep::Organizations => tx.seed_organizations(batch, all, words).await?,
        SeedStep::Memberships => tx.seed_memberships(batch, organizations).await?,
        SeedStep::Sessions => tx.seed_sessions(batch).await?,
        SeedStep::AuditLines => write_lines(auth, &mut tx, batch, all).await?,
        SeedStep::Index | SeedStep::Chain => 0,
    };
    tx.commit().await?;
    Ok(())
}

/// Puts all accounts into the index by which they are found. In one transaction, without the index until its end: nobody
/// else writes or searches in the meantime, and it takes minutes instead of hours.
async fn index(auth: &Auth, all: i64, told: impl Fn(SeedStep, i64, i64)) -> Result<()> {
    let mut tx = auth.store.begin().await?;
    tx.drop_fragment_index().await?;
    let (mut after, mut done) = (String::new(), 0);
    loop {
        let waiting = tx.next_unsearched(&after, INDEX_BATCH).await?;
        let Some(last) = waiting.last() else { break };
        last.id().clone_into(&mut after);
        for account in &waiting {
            tx.index_user(account).await?;
            done += 1;
        }
        told(SeedStep::Index, done.min(all), all);
    }
    tx.make_fragment_index().await?;
    tx.commit().await?;
    told(SeedStep::Index, all, all);
    Ok(())
}

/// How far it is after so many more. When there are none, all is done: some were there before, or a running program was
/// faster.
fn gone_on(from: i64, more: u64, all: i64) -> i64 {
    if more == 0 { all } else { from.saturating_add_unsigned(more).min(all) }
}

/// Writes lines as this program writes them: one that nobody proves is reported as forged once the log is a chain.
async fn write_lines(auth: &Auth, tx: &mut Transaction, batch: Batch, all: i64) -> Result<u64> {
    let made = tx.seed_audit_lines(batch, all).await?;
    let lines = tx.unproved_seed_lines(batch).await?;
    let proofs: Vec<_> =
        lines.iter().map(|line| (line.id.clone(), prove(&auth.audit_mac, &*auth.random, &line.said()))).collect();
    tx.adopt_lines(&proofs).await?;
    Ok(made)
}

/// Words in columns of eight letters.
fn columns(words: &[&str]) -> String {
    words.iter().map(|word| format!("{word:8}")).collect::<Vec<_>>().concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_fills_one_column() {
        for names in [FIRST_NAMES, LAST_NAMES] {
            assert!(names.iter().all(|name| name.is_ascii() && name.len() <= 8), "{names:?}");
            assert_eq!(columns(&names).len(), 32 * 8);
        }
    }

    #[test]
    fn the_password_may_be_typed() {
        assert!(NewPassword::parse(SEED_PASSWORD, "user0@example.com", "Ada Lovelace").is_ok());
    }
}
