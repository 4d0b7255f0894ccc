//! Looking through the audit log: which index leads, and what a page of it is.
//!
//! A filter that fits few lines would read all that it throws away. So a look along an index ends after a number of
//! lines, and its page may be short and still have a next one, which goes on where the look ended.

use crate::audit::Outcome;
use crate::form::{AuditFilter, AuditPlace, AuditWho};
use crate::id::OrganizationId;
use crate::paging::Place;
use crate::store::{AuditLead, AuditRest, AuditSpan};
use crate::view::AuditItem;
use crate::{Auth, Result, Timestamp};

/// Lines that one look goes along where more than the index decides.
const LOOKED_AT: i64 = 2000;

/// What is looked for, as the store looks for it.
#[derive(Debug)]
pub(super) struct AuditSearch {
    leads: Vec<AuditLead>,
    rest: AuditRest,
    since: Timestamp,
    before: Place,
}

impl AuditSearch {
    /// Finds out who and what is meant, within one organization where that is given; none when no line can be so.
    pub(super) async fn of(auth: &Auth, filter: &AuditFilter, within: Option<&OrganizationId>) -> Result<Option<Self>> {
        if filter.fits_nothing {
            return Ok(None);
        }
        let person = match &filter.person {
            None => None,
            Some(AuditWho::Id(id)) => Some(id.0.clone()),
            Some(AuditWho::Email(email)) => match auth.store.user_by_email(email).await? {
                Some(user) => Some(user.id.0),
                None => return Ok(None),
            },
        };
        let organization = match (within, &filter.organization) {
            (Some(id), _) => Some(id.0.clone()),
            (None, None) => None,
            (None, Some(AuditPlace::Id(id))) => Some(id.0.clone()),
            (None, Some(AuditPlace::Slug(slug))) => match auth.store.audited_organization(slug).await? {
                Some(id) => Some(id.0),
                None => return Ok(None),
            },
        };
        let rest = AuditRest {
            kind: filter.kinds.as_ref().map(|kinds| kinds.pattern.clone()),
            person,
            organization,
            outcome: filter.outcome.map(Outcome::as_str),
            address: filter.address.clone(),
        };
        let (leads, rest) = led(filter, within.is_some(), rest);
        let before = Place { at: filter.before, id: String::new() };
        Ok(Some(Self { leads, rest, since: filter.since, before }))
    }

    /// Lines before a place, newest first, and where the next look begins; none at the end.
    pub(super) async fn lines(
        &self,
        auth: &Auth,
        after: Place,
        most: usize,
    ) -> Result<(Vec<AuditItem>, Option<Place>)> {
        let before = after.min(self.before.clone());
        let wanted = i64::try_from(most).unwrap_or(i64::MAX - 1) + 1;
        let looked_at = if self.rest.is_empty() { wanted } else { LOOKED_AT.max(wanted) };
        let span = AuditSpan { before: &before, since: self.since, looked_at, most: wanted };
        let store = auth.store.for_lists();
        let (mut found, mut end): (Vec<AuditItem>, Option<Place>) = (Vec::new(), None);
        for lead in &self.leads {
            let lines = store.audit_lines(lead, &self.rest, span).await?;
            if lines.len() <= most && !self.rest.is_empty() {
                // Of several looks, the one that ends first ends all of them.
                end = end.max(store.audit_look_ends(lead, span).await?);
            }
            found.extend(lines);
        }
        found.sort_unstable_by(|one, other| place(other).cmp(&place(one)));
        // A line that names somebody twice was found twice.
        found.dedup_by(|one, other| one.id == other.id);
        if let Some(end) = &end {
            found.retain(|line| place(line) >= (end.at, end.id.as_str()));
        }
        if found.len() > most {
            found.truncate(most);
            end = found.last().map(|line| Place { at: line.at, id: line.id.clone() });
        }
        Ok((found, end))
    }
}

fn place(line: &AuditItem) -> (Timestamp, &str) {
    (line.at, &line.id)
}

/// The index that leads to the fewest lines, and what is left to be compared with each of them. Within an organization it
/// is that of its lines: where a look ends and how long it takes would else tell what somebody does elsewhere.
fn led(filter: &AuditFilter, is_within: bool, mut rest: AuditRest) -> (Vec<AuditLead>, AuditRest) {
    let own = if is_within { rest.organization.take() } else { None };
    let leads = if let Some(organization) = own {
        vec![AuditLead::Organization(organization)]
    } else if let Some(request) = &filter.request_id {
        vec![AuditLead::Request(request.clone())]
    } else if let Some(person) = rest.person.take() {
        [AuditLead::Subject, AuditLead::Actor, AuditLead::Impersonator, AuditLead::Target]
            .map(|lead| lead(person.clone()))
            .to_vec()
    } else if let Some(organization) = rest.organization.take() {
        vec![AuditLead::Organization(organization)]
    } else if let Some(address) = rest.address.take() {
        vec![AuditLead::Address(address)]
    } else if let Some(kinds) = &filter.kinds {
        rest.kind = None;
        kinds.kinds.iter().map(|kind| AuditLead::Kind(kind.as_str())).collect()
    } else if filter.outcome == Some(Outcome::Refused) {
        rest.outcome = None;
        vec![AuditLead::Refused]
    } else {
        vec![AuditLead::Time]
    };
    (leads, rest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::EventKind;
    use crate::form::AuditForm;

    fn led_by(change: impl FnOnce(&mut AuditForm), rest: AuditRest) -> (Vec<AuditLead>, AuditRest) {
        let mut form = AuditForm::default();
        change(&mut form);
        led(&form.parse(None).ok().unwrap(), false, rest)
    }

    #[test]
    fn within_an_organization_its_own_lines_lead() {
        let person = AuditRest { person: Some("alice".into()), ..AuditRest::default() };
        let rest = AuditRest { organization: Some("acme".into()), ..person.clone() };
        let filter = AuditForm { kind: "user.created".into(), ..AuditForm::default() }.parse(None).ok().unwrap();
        assert_eq!(led(&filter, true, rest), (vec![AuditLead::Organization("acme".into())], person));
    }

    #[test]
    fn what_leads_is_not_compared_again() {
        assert_eq!(led_by(|_| {}, AuditRest::default()), (vec![AuditLead::Time], AuditRest::default()));
        let refused = AuditRest { outcome: Some("refused"), ..AuditRest::default() };
        let led = led_by(|form| form.outcome = "refused".into(), refused.clone());
        assert_eq!(led, (vec![AuditLead::Refused], AuditRest::default()));
        let kind = AuditRest { kind: Some("user.created".into()), ..refused.clone() };
        let led = led_by(|form| (form.kind, form.outcome) = ("user.created".into(), "refused".into()), kind.clone());
        assert_eq!(led, (vec![AuditLead::Kind(EventKind::UserCreated.as_str())], refused));
        let person = AuditRest { person: Some("alice".into()), ..kind.clone() };
        let (leads, rest) = led_by(|form| form.kind = "user.created".into(), person.clone());
        assert_eq!((leads.len(), rest), (4, kind));
        let (leads, rest) = led_by(|form| form.request_id = "request".into(), person.clone());
        assert_eq!((leads, rest), (vec![AuditLead::Request("request".into())], person));
    }
}
