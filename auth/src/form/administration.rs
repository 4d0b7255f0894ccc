//! What administrators send: which accounts they look for, and how they suspend one.

use serde::{Deserialize, Serialize};

use super::day::{end_of_day, start_of_day};
use super::refusal;
use crate::id::OrganizationId;
use crate::{AccountState, Cursor, Field, FieldIssue, Refusal, Remark, Role, Timestamp};

/// Longest suspension that ends by itself: ten years.
const MAX_SUSPENSION: i64 = 10 * 366 * 24 * 60 * 60;

/// Which accounts are listed, as sent. What is empty filters nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UserFilterForm {
    /// Part of a name or address, or an id.
    #[serde(default)]
    pub q: String,
    /// The name of a role.
    #[serde(default)]
    pub role: String,
    /// `active`, `suspended` or `deleting`.
    #[serde(default)]
    pub state: String,
    /// `with` or `without`.
    #[serde(default)]
    pub second_factor: String,
    /// The first day on which they were made, such as `2027-01-15`, in UTC.
    #[serde(default)]
    pub created_from: String,
    /// The last day.
    #[serde(default)]
    pub created_to: String,
    /// The id of an organization that they are in.
    #[serde(default)]
    pub organization: String,
    /// Where the list goes on.
    #[serde(default)]
    pub after: Option<Cursor>,
}

/// Which accounts are listed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserFilter {
    /// Part of a name or address, or an id; empty: everybody.
    pub q: String,
    /// Those of this role.
    pub role: Option<Role>,
    /// Those in this state.
    pub state: Option<AccountState>,
    /// Those with a second factor, or those without one.
    pub has_factor: Option<bool>,
    /// Those made at this moment or later.
    pub created_from: Option<Timestamp>,
    /// Those made before this moment.
    pub created_before: Option<Timestamp>,
    /// Those who are in this organization.
    pub organization: Option<OrganizationId>,
}

impl From<&str> for UserFilter {
    /// Everybody who is found by this.
    fn from(sought: &str) -> Self {
        Self { q: sought.to_owned(), ..Self::default() }
    }
}

impl UserFilterForm {
    /// Parses all fields; gives where the list goes on as well.
    ///
    /// # Errors
    /// One [`Refusal`] that names every field at fault.
    pub fn parse(self) -> Result<(UserFilter, Option<Cursor>), Refusal> {
        let role = chosen(&self.role, Role::parse);
        let state = chosen(&self.state, AccountState::parse);
        let has_factor = chosen(&self.second_factor, |name| match name {
            "with" => Some(true),
            "without" => Some(false),
            _ => None,
        });
        let (from, before) = (start_of_day(&self.created_from), end_of_day(&self.created_to));
        let organization = chosen(&self.organization, OrganizationId::parse);
        match (role, state, has_factor, from, before, organization) {
            (Ok(role), Ok(state), Ok(has_factor), Ok(created_from), Ok(created_before), Ok(organization)) => {
                let filter =
                    UserFilter { q: self.q, role, state, has_factor, created_from, created_before, organization };
                Ok((filter, self.after))
            }
            (role, state, has_factor, from, before, organization) => Err(refusal([
                (Field::Role, role.err()),
                (Field::State, state.err()),
                (Field::SecondFactor, has_factor.err()),
                (Field::CreatedFrom, from.err()),
                (Field::CreatedTo, before.err()),
                (Field::Organization, organization.err()),
            ])),
        }
    }
}

/// What was chosen from a list; nothing when it is empty.
fn chosen<T>(text: &str, parse: impl FnOnce(&str) -> Option<T>) -> Result<Option<T>, FieldIssue> {
    if text.is_empty() { Ok(None) } else { parse(text).map(Some).ok_or(FieldIssue::Unknown) }
}

/// A suspension as sent by a program.
#[derive(Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SuspensionForm {
    /// When it ends by itself, in milliseconds since 1970; none: when it is taken back.
    #[serde(default)]
    pub until: Option<Timestamp>,
    /// What the person is told; may be empty.
    #[serde(default)]
    pub reason: String,
    /// What administrators tell each other.
    #[serde(default)]
    pub note: String,
}

/// A suspension.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suspending {
    /// When it ends by itself; none: when it is taken back.
    pub until: Option<Timestamp>,
    /// What the person is told.
    pub reason: Option<Remark>,
    /// What administrators tell each other.
    pub note: Remark,
}

impl SuspensionForm {
    /// The form as the page sends it: it ends at the beginning of a day, in UTC.
    ///
    /// # Errors
    /// [`FieldIssue::Unknown`] of [`Field::Until`].
    pub fn of_page(until: &str, reason: String, note: String) -> Result<Self, Refusal> {
        let until = start_of_day(until).map_err(|issue| Refusal::invalid(vec![(Field::Until, issue)]))?;
        Ok(Self { until, reason, note })
    }

    /// Parses all fields.
    ///
    /// # Errors
    /// One [`Refusal`] that names every field at fault: an end that is not to come, or more than ten years away.
    pub fn parse(&self, now: Timestamp) -> Result<Suspending, Refusal> {
        let latest = now.plus_seconds(MAX_SUSPENSION);
        let is_out_of_range = self.until.is_some_and(|until| until <= now || until > latest);
        match (is_out_of_range, Remark::optional(&self.reason), Remark::parse(&self.note)) {
            (false, Ok(reason), Ok(note)) => Ok(Suspending { until: self.until, reason, note }),
            (_, reason, note) => Err(refusal([
                (Field::Until, is_out_of_range.then_some(FieldIssue::OutOfRange)),
                (Field::Reason, reason.err()),
                (Field::Note, note.err()),
            ])),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_800_000_000_000);

    #[test]
    fn an_empty_filter_leaves_everybody_and_each_value_is_read() {
        let (filter, after) = UserFilterForm::default().parse().ok().unwrap();
        assert_eq!((filter, after), (UserFilter::default(), None));
        let id = "01890a5d-ac96-774b-bcce-b302099a8057";
        let form = UserFilterForm {
            q: "ali".into(),
            role: "support".into(),
            state: "suspended".into(),
            second_factor: "without".into(),
            created_from: "2027-01-15".into(),
            created_to: "2027-01-15".into(),
            organization: id.to_uppercase(),
            after: Some(Cursor("x".into())),
        };
        let (filter, after) = form.parse().ok().unwrap();
        assert_eq!(
            (filter.role, filter.state, filter.has_factor),
            (Some(Role::Support), Some(AccountState::Suspended), Some(false))
        );
        let day = filter.created_before.unwrap().seconds_since(filter.created_from.unwrap());
        assert_eq!(
            (day, filter.organization, after),
            (86_400, Some(OrganizationId(id.into())), Some(Cursor("x".into())))
        );
    }

    #[test]
    fn every_field_at_fault_is_named() {
        let form = UserFilterForm {
            role: "admin".into(),
            state: "Active".into(),
            second_factor: "yes".into(),
            created_from: "yesterday".into(),
            created_to: "2027-02-30".into(),
            organization: "acme".into(),
            ..UserFilterForm::default()
        };
        let refusal = form.parse().err().unwrap();
        assert!(refusal.fields.iter().all(|(_, issue)| *issue == FieldIssue::Unknown));
        assert_eq!(refusal.fields.len(), 6);
    }

    #[test]
    fn a_suspension_ends_later_and_says_why() {
        let form = |until: Option<i64>, note: &str| SuspensionForm {
            until: until.map(|seconds| NOW.plus_seconds(seconds)),
            reason: String::new(),
            note: note.into(),
        };
        assert_eq!(form(Some(1), "Spam").parse(NOW).unwrap().until, Some(NOW.plus_seconds(1)));
        assert!(form(None, "Spam").parse(NOW).is_ok());
        for (until, note, field) in [
            (Some(0), "Spam", Field::Until),
            (Some(MAX_SUSPENSION + 1), "Spam", Field::Until),
            (None, " ", Field::Note),
        ] {
            assert_eq!(form(until, note).parse(NOW).err().unwrap().fields[0].0, field);
        }
        assert!(SuspensionForm::of_page("2027-02-30", String::new(), String::new()).is_err());
    }
}
