//! What is unusual about a sign-in whose first half was proved, and what follows from it (ASVS 5.0, 6.3.5).
//!
//! Who comes with a device that the account knows, from the client it was used from last, costs nothing more than what the
//! sign-in read already. Only the others are looked at: where they are, by a file in memory, and how many accounts came from
//! there for the first time, by one write. Nobody is kept out: an unusual sign-in is asked for a factor, or for a mailed
//! code where the account has none.

use std::net::IpAddr;

use super::gate::Way;
use super::secure_account::new_notice_link;
use crate::anomaly::{
    Announced, AnomalyOutcome, Score, Signals, Travel, client_of, kilometres_between, score, score_of_reuse,
};
use crate::factor::Bound;
use crate::factor::sent_code::{SentTo, promise_code};
use crate::id::{AnomalyId, UserId};
use crate::mail::{Mail, Message};
use crate::store::{Acquaintance, NewAnomaly, SessionRow, Transaction, UserRow};
use crate::view::AnomalyTravel;
use crate::{Auth, Context, Error, ErrorCode, Result, Timestamp};

const HOUR: i64 = 60 * 60;
/// Seconds for which a token that was used twice makes sign-ins unusual.
const REUSE_SECONDS: i64 = 24 * HOUR;
/// Seconds within which accounts of one client are counted.
const ARRIVAL_SECONDS: i64 = HOUR;
/// Seconds between two notices: whoever knows a password must not fill a mailbox with them.
const NOTICE_SECONDS: i64 = HOUR;

/// Since when a token that was used twice counts.
pub(super) fn reused_since(auth: &Auth) -> Timestamp {
    auth.now().minus_seconds(REUSE_SECONDS)
}

/// A sign-in that looks unusual.
pub(super) struct Unusual {
    pub(super) id: AnomalyId,
    score: Score,
    travel: Option<AnomalyTravel>,
    accounts: i64,
}

/// Looks at a sign-in; none when nothing about it is unusual.
pub(super) async fn judge(auth: &Auth, way: &Way<'_>, context: &Context) -> Result<Option<Unusual>> {
    let Acquaintance { knows_device, was_used, was_reused, last_use, .. } = way.known;
    let (here, now) = (client_of(&context.address), auth.now());
    let before = last_use.as_ref().and_then(|(_, address)| client_of(address));
    let (mut accounts, mut travel) = (0, None);
    // The first session of an account is no news, wherever it begins.
    if let (Some(here), Some((last_at, _))) = (here, last_use)
        && before != Some(here)
    {
        let mac = auth.codes.of_text(&format!("client:{here}"));
        let (came_by, since) = ((mac.as_str(), context.address.as_str()), now.minus_seconds(ARRIVAL_SECONDS));
        accounts = auth.store.note_arrival(came_by, &way.user.id, now, since).await?;
        travel = before.and_then(|before| journey(auth, (before, *last_at), (here, now)));
    }
    let signals = Signals {
        travel: travel
            .as_ref()
            .map(|travel: &AnomalyTravel| Travel { kilometres: travel.kilometres, seconds: travel.seconds }),
        is_new_device: *was_used && !*knows_device,
        accounts,
        reused_lately: *was_reused,
    };
    let score = score(&signals);
    let is_impossible = signals.travel.is_some_and(Travel::is_impossible);
    Ok((score.points > 0).then(|| Unusual {
        id: AnomalyId(auth.random.id(now)),
        score,
        travel: travel.filter(|_| is_impossible),
        accounts,
    }))
}

/// The journey from one client to another; none where the file does not know both.
fn journey(
    auth: &Auth,
    (before, last_at): (IpAddr, Timestamp),
    (here, now): (IpAddr, Timestamp),
) -> Option<AnomalyTravel> {
    let places = auth.anomalies.places.as_ref()?;
    let (from, to) = (places.place(before)?, places.place(here)?);
    let kilometres = kilometres_between(&from, &to);
    Some(AnomalyTravel { from: from.words(), to: to.words(), kilometres, seconds: now.seconds_since(last_at).max(0) })
}

impl Unusual {
    /// Whether it is asked for more than its first half.
    pub(super) fn asks(&self, auth: &Auth) -> bool {
        auth.anomalies.step_up && self.score.asks()
    }

    /// Notes it in the transaction of a session that begins, and tells the owner; `true` when they are told by this.
    /// Whether a factor was proved with it, says `outcome`. The account is held.
    pub(super) async fn note_entry(
        &self,
        auth: &Auth,
        tx: &mut Transaction,
        user: &UserRow,
        outcome: AnomalyOutcome,
        context: &Context,
    ) -> Result<bool> {
        let is_told = self.tell(auth, tx, user, context).await?;
        self.note(auth, tx, &user.id, outcome, is_told, context).await?;
        Ok(is_told)
    }

    /// Notes it in the transaction of a sign-in that is asked for its second half, and tells the owner: by the code, where
    /// one is mailed in place of a factor. The account is held.
    pub(super) async fn note_question(
        &self,
        auth: &Auth,
        tx: &mut Transaction,
        user: &UserRow,
        digest: &str,
        context: &Context,
    ) -> Result<Announced> {
        let (announced, is_told) = if user.factors.is_empty() {
            (Announced::Mailed, mail_code(auth, tx, user, digest, context).await?)
        } else if self.tell(auth, tx, user, context).await? {
            (Announced::Told, true)
        } else {
            (Announced::No, false)
        };
        self.note(auth, tx, &user.id, AnomalyOutcome::Asked, is_told, context).await?;
        Ok(announced)
    }

    /// Promises the notice, unless there was one within the hour.
    async fn tell(&self, auth: &Auth, tx: &mut Transaction, user: &UserRow, context: &Context) -> Result<bool> {
        let now = auth.now();
        if !self.score.asks() || tx.was_told_of_anomaly(&user.id, now.minus_seconds(NOTICE_SECONDS)).await? {
            return Ok(false);
        }
        let message = Message::UnusualSignIn {
            name: user.name.clone(),
            device: context.device.clone(),
            at: now,
            link: new_notice_link(auth, tx, &user.id, &user.email, now).await?,
        };
        auth.promise_mail(tx, &Mail { to: user.email.clone(), locale: user.locale, message }).await?;
        Ok(true)
    }

    async fn note(
        &self,
        auth: &Auth,
        tx: &mut Transaction,
        user: &UserId,
        outcome: AnomalyOutcome,
        is_told: bool,
        context: &Context,
    ) -> Result<()> {
        let now = auth.now();
        let new = NewAnomaly {
            id: &self.id,
            user_id: user,
            at: now,
            device: &context.device,
            address: &context.address,
            score: &self.score,
            travel: self.travel.as_ref(),
            accounts: self.accounts,
            outcome,
            told_at: is_told.then_some(now),
        };
        Ok(tx.insert_anomaly(&new).await?)
    }
}

/// Mails the code that is asked for in place of a factor. Beyond the limits none leaves, and the page says when the next one
/// may: whoever knows a password must not fill a mailbox.
async fn mail_code(auth: &Auth, tx: &mut Transaction, user: &UserRow, digest: &str, context: &Context) -> Result<bool> {
    let bound = Bound::MailedSignIn(digest).text();
    match promise_code(auth, tx, user, SentTo::Email(user.email.clone()), &bound, context).await {
        // Of a code by mail nothing was written yet.
        Err(Error::Refused(refusal)) if refusal.code == ErrorCode::TooSoon => Ok(false),
        promised => promised.map(|()| true),
    }
}

/// Notes that a token of a session was used twice, in the transaction that ends it. Its own mail tells of it.
pub(super) async fn note_reuse(
    auth: &Auth,
    tx: &mut Transaction,
    session: &SessionRow,
    context: &Context,
) -> Result<()> {
    let id = AnomalyId(auth.random.id(auth.now()));
    let unusual = Unusual { id, score: score_of_reuse(), travel: None, accounts: 0 };
    unusual.note(auth, tx, &session.user_id, AnomalyOutcome::Ended, true, context).await
}
