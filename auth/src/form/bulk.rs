//! What administrators send who act on several accounts at once.

use serde::Deserialize;

use super::administration::{Suspending, SuspensionForm, UserFilter, UserFilterForm};
use super::refusal;
use crate::id::UserId;
use crate::view::BulkAct;
use crate::{Field, FieldIssue, Refusal, Timestamp};

/// Accounts that are acted on at once.
pub const MOST_AT_ONCE: usize = 500;

/// An act on several accounts, as sent.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BulkForm {
    /// The name of an act.
    #[serde(default)]
    pub act: String,
    /// The accounts, by id; or a filter.
    #[serde(default)]
    pub ids: Vec<String>,
    /// Everybody whom a filter leaves; or ids.
    #[serde(default)]
    pub filter: Option<UserFilterForm>,
    /// How they are suspended.
    #[serde(default)]
    pub suspension: SuspensionForm,
}

/// Whom an act is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BulkWhom {
    /// These, each once.
    Ids(Vec<UserId>),
    /// Everybody whom a filter leaves.
    Filter(UserFilter),
}

/// An act on several accounts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BulkWanted {
    /// What.
    pub act: BulkAct,
    /// Whom.
    pub whom: BulkWhom,
    /// How; only for [`BulkAct::Suspend`].
    pub suspending: Option<Suspending>,
}

impl BulkForm {
    /// Parses all fields.
    ///
    /// # Errors
    /// One [`Refusal`] that names every field at fault.
    pub fn parse(self, now: Timestamp) -> Result<BulkWanted, Refusal> {
        let suspending = match BulkAct::parse(&self.act) {
            Some(BulkAct::Suspend) => Some(self.suspension.parse(now)?),
            _ => None,
        };
        Ok(BulkWanted { suspending, ..self.parse_choice()? })
    }

    /// Parses what is done to whom. How accounts are suspended is said when it is confirmed.
    ///
    /// # Errors
    /// As [`BulkForm::parse`].
    pub fn parse_choice(self) -> Result<BulkWanted, Refusal> {
        let act = BulkAct::parse(&self.act);
        let whom = whom(&self.ids, self.filter)?;
        match (act, whom) {
            (Some(act), Ok(whom)) => Ok(BulkWanted { act, whom, suspending: None }),
            (act, whom) => {
                Err(refusal([(Field::Act, act.is_none().then_some(FieldIssue::Unknown)), (Field::Ids, whom.err())]))
            }
        }
    }
}

/// Whom ids or a filter name: one of the two.
fn whom(ids: &[String], filter: Option<UserFilterForm>) -> Result<Result<BulkWhom, FieldIssue>, Refusal> {
    Ok(match (ids, filter) {
        ([], None) => Err(FieldIssue::Required),
        ([], Some(filter)) => Ok(BulkWhom::Filter(filter.parse()?.0)),
        (_, Some(_)) => Err(FieldIssue::Unknown),
        (ids, None) if ids.len() > MOST_AT_ONCE => Err(FieldIssue::OutOfRange),
        (ids, None) => each_once(ids).map(BulkWhom::Ids).ok_or(FieldIssue::Unknown),
    })
}

/// None when one is no id.
fn each_once(ids: &[String]) -> Option<Vec<UserId>> {
    let mut known: Vec<UserId> = Vec::with_capacity(ids.len());
    for id in ids {
        let id = UserId::parse(id)?;
        if !known.contains(&id) {
            known.push(id);
        }
    }
    Some(known)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_800_000_000_000);
    const ID: &str = "01890a5d-ac96-774b-bcce-b302099a8057";

    fn form(act: &str, ids: &[&str]) -> BulkForm {
        let ids = ids.iter().map(|id| (*id).to_owned()).collect();
        BulkForm { act: act.into(), ids, ..BulkForm::default() }
    }

    fn issue(form: BulkForm) -> (Field, FieldIssue) {
        form.parse(NOW).err().unwrap().fields[0]
    }

    #[test]
    fn an_account_is_named_once_and_in_one_way() {
        let wanted = form("end_sessions", &[ID, &ID.to_uppercase()]).parse(NOW).ok().unwrap();
        assert_eq!(wanted.whom, BulkWhom::Ids(vec![UserId(ID.into())]));
        let by_filter = BulkForm { filter: Some(UserFilterForm::default()), ..form("send_reset", &[]) };
        assert_eq!(by_filter.parse(NOW).ok().unwrap().whom, BulkWhom::Filter(UserFilter::default()));
    }

    #[test]
    fn what_cannot_be_done_is_named() {
        assert_eq!(issue(form("delete", &[ID])), (Field::Act, FieldIssue::Unknown));
        assert_eq!(issue(form("unsuspend", &[])), (Field::Ids, FieldIssue::Required));
        assert_eq!(issue(form("unsuspend", &["x"])), (Field::Ids, FieldIssue::Unknown));
        assert_eq!(issue(form("unsuspend", &[ID; 501])), (Field::Ids, FieldIssue::OutOfRange));
        assert_eq!(issue(form("suspend", &[ID])), (Field::Note, FieldIssue::Required));
        assert!(form("suspend", &[ID]).parse_choice().is_ok());
        let both = BulkForm { filter: Some(UserFilterForm::default()), ..form("unsuspend", &[ID]) };
        assert_eq!(issue(both), (Field::Ids, FieldIssue::Unknown));
    }
}
