//! The tokens of refresh token families. `refresh_token_rotation.rs` makes their successors.

use sqlx::any::AnyRow;
use sqlx::{FromRow, Row};

use super::sessions::{is_live, live_session};
use super::{Result, SessionRow, Store};
use crate::Timestamp;

/// A token of a live session, found by its digest.
#[derive(Clone)]
pub struct Presented {
    /// How many tokens of the family came before it.
    pub generation: i64,
    /// The generation of the family's newest token.
    pub newest_generation: i64,
    /// When it was issued.
    pub issued_at: Timestamp,
    /// When its successor was issued; none for the newest. A token whose successor is not known any
    /// more counts as rotated at the beginning of time.
    pub rotated_at: Option<Timestamp>,
    /// The client's address when the family signed in.
    pub address: String,
    /// The family and its person.
    pub session: SessionRow,
}

impl FromRow<'_, AnyRow> for Presented {
    fn from_row(row: &AnyRow) -> Result<Self> {
        let (generation, newest_generation): (i64, i64) =
            (row.try_get("generation")?, row.try_get("newest_generation")?);
        let rotated_at = row.try_get::<Option<i64>, _>("rotated_at")?;
        Ok(Self {
            generation,
            newest_generation,
            issued_at: Timestamp(row.try_get("issued_at")?),
            rotated_at: rotated_at.or((generation < newest_generation).then_some(0)).map(Timestamp),
            address: row.try_get("address")?,
            session: SessionRow::from_row(row)?,
        })
    }
}

/// From where a token is rotated, as far as that is another place than where its family signed in. Who
/// stays in one place leaves no trail, and its row stays small.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Elsewhere {
    /// The client's address.
    pub address: Option<String>,
    /// Browser and system in words.
    pub device: Option<String>,
}

impl Presented {
    /// What differs when this token is presented from here. Where somebody works from who acts in the person's place is
    /// not written down for that person.
    pub fn elsewhere(&self, address: &str, device: &str) -> Elsewhere {
        if self.session.impersonation.is_some() {
            return Elsewhere::default();
        }
        let other = |here: &str, there: &str| (here != there).then(|| here.to_owned());
        Elsewhere { address: other(address, &self.address), device: other(device, &self.session.device) }
    }
}

impl Store {
    /// The token with this digest, current or not, if its session has not ended and was seen since
    /// `idle_since`.
    pub async fn presented(&self, digest: &str, now: Timestamp, idle_since: Timestamp) -> Result<Option<Presented>> {
        sqlx::query_as(concat!(
            "SELECT t.generation, t.issued_at, newest.generation AS newest_generation, next.issued_at AS rotated_at, \
             s.address, ",
            live_session!(),
            " JOIN refresh_tokens t ON t.session_id = s.id \
             LEFT JOIN refresh_tokens next ON next.session_id = t.session_id AND next.generation = t.generation + 1 \
             WHERE t.digest = $1 AND ",
            is_live!()
        ))
        .bind(digest)
        .bind(now.0)
        .bind(idle_since.0)
        .fetch_optional(&mut *self.read.get().await?)
        .await
    }
}

/// The first token of a family: its digest, the session, now.
pub(super) const INSERT_FIRST_TOKEN: &str = "INSERT INTO refresh_tokens \
     (digest, session_id, generation, issued_at, address, device) VALUES ($1, $2, 0, $3, NULL, NULL)";
