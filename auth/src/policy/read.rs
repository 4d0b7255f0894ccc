//! From the text of a version to its policies, or to what is wrong with it and where.

use cedar_policy::{Policy, PolicyId, PolicySet, ValidationMode, ValidationWarning};
use std::collections::HashSet;
use std::str::FromStr;

use super::built_in::{BUILT_IN_TEXTS, validator};
use super::nesting::too_deep_at;
use super::position::{fault_at, fault_of};
use crate::view::PolicyFault;

/// Longest text of a version, in bytes.
const MAX_BYTES: usize = 64 * 1024;
/// Most policies of a version.
const MAX_POLICIES: usize = 500;
/// Longest name of a policy.
const MAX_NAME: usize = 64;
/// Faults that are told at once.
const MOST_FAULTS: usize = 50;
/// Attributes of who asks and of the thing are known, those of things that they name are not.
const LEVEL: u32 = 1;

type Read = Result<Vec<Policy>, Vec<PolicyFault>>;

/// Reads policies and checks each against what there is to ask: strictly, so that a policy that is accepted cannot
/// fail for a type that does not fit or an attribute that is not there.
///
/// # Errors
/// What is wrong, at most fifty faults, in the order of the text.
pub(super) fn read(text: &str) -> Read {
    let policies = parsed(text)?;
    let Ok(validator) = validator() else {
        return Err(vec![fault_at(text, 0, "the schema cannot be read".to_owned(), None)]);
    };
    let set = match PolicySet::from_policies(policies.iter().cloned()) {
        Ok(set) => set,
        Err(error) => return Err(vec![fault_of(text, &error, 0)]),
    };
    let places = places(text, &policies);
    let place_of = |id: &PolicyId| policies.iter().position(|policy| policy.id() == id).map_or(0, |at| places[at]);
    let result = validator.validate_with_level(&set, ValidationMode::Strict, LEVEL);
    let errors = result.validation_errors().map(|error| fault_of(text, error, place_of(error.policy_id())));
    // A policy that can never apply is a mistake, too, and so is one that reads like another one. A department may well
    // be called by words of two scripts.
    let warned = result.validation_warnings().filter(|w| !matches!(w, ValidationWarning::MixedScriptString(_)));
    let warnings = warned.map(|warning| fault_of(text, warning, place_of(warning.policy_id())));
    let faults: Vec<_> = errors.chain(warnings).collect();
    if faults.is_empty() { Ok(policies) } else { Err(in_order(faults)) }
}

/// Reads policies and gives each its name; does not check what they ask.
///
/// # Errors
/// As [`read`].
pub(super) fn parsed(text: &str) -> Read {
    let one =
        |offset: usize, message: String, help: &str| Err(vec![fault_at(text, offset, message, Some(help.to_owned()))]);
    if text.len() > MAX_BYTES {
        return one(
            MAX_BYTES,
            "the text is longer than 64 KiB".to_owned(),
            "name values in sets instead of repeating policies",
        );
    }
    if let Some(offset) = text.find('\0') {
        return one(offset, "a zero byte cannot stand here".to_owned(), "remove it");
    }
    if let Some(offset) = too_deep_at(text) {
        return one(
            offset,
            "this nests too deeply".to_owned(),
            "write alternatives as a set: [\"a\", \"b\"].contains(…)",
        );
    }
    let set = PolicySet::from_str(text)
        .map_err(|errors| in_order(errors.iter().map(|error| fault_of(text, error, 0)).collect()))?;
    if set.templates().next().is_some() {
        return one(0, "templates are not used here".to_owned(), "write the policy without ?principal and ?resource");
    }
    let policies = in_order_of_text(&set);
    let places = places(text, &policies);
    if policies.len() > MAX_POLICIES {
        return one(places[MAX_POLICIES], "there are more than 500 policies".to_owned(), "join some of them");
    }
    named(text, &policies, &places)
}

/// Cedar numbers the policies of a text: `policy0`, `policy1`, …
fn in_order_of_text(set: &PolicySet) -> Vec<Policy> {
    let number = |policy: &Policy| {
        let id: &str = policy.id().as_ref();
        id.trim_start_matches(|c: char| !c.is_ascii_digit()).parse().unwrap_or(usize::MAX)
    };
    let mut policies: Vec<_> = set.policies().cloned().collect();
    policies.sort_by_key(number);
    policies
}

/// Where each policy begins: they stand in the text one after the other, as they are.
fn places(text: &str, policies: &[Policy]) -> Vec<usize> {
    let mut from = 0;
    let begins = |policy: &Policy| {
        let own = policy.to_string();
        let at = text.get(from..).and_then(|rest| rest.find(&own)).map_or(from, |at| from + at);
        from = (at + own.len()).min(text.len());
        at
    };
    policies.iter().map(begins).collect()
}

/// Each policy under the name that its `@id` gives it, or that its place gives it.
fn named(text: &str, policies: &[Policy], places: &[usize]) -> Read {
    let (mut known, mut faults, mut named) = (HashSet::new(), Vec::new(), Vec::new());
    for (index, (policy, place)) in policies.iter().zip(places).enumerate() {
        let name = policy.annotation("id").map_or_else(|| format!("policy-{}", index + 1), str::to_owned);
        let issue = if !is_name(&name) {
            Some(("this is no name of a policy", "use 1 to 64 of a to z, 0 to 9, - and _"))
        } else if BUILT_IN_TEXTS.iter().any(|(built_in, _)| *built_in == name) {
            Some(("this is the name of a built-in policy", "choose another @id"))
        } else if !known.insert(name.clone()) {
            Some(("another policy has this name", "choose another @id"))
        } else {
            None
        };
        match issue {
            Some((message, help)) => {
                faults.push(fault_at(text, *place, format!("{message}: {name:.64}"), Some(help.to_owned())));
            }
            None => named.push(policy.new_id(PolicyId::new(&name))),
        }
    }
    if faults.is_empty() { Ok(named) } else { Err(in_order(faults)) }
}

fn is_name(name: &str) -> bool {
    (1..=MAX_NAME).contains(&name.len())
        && name.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_'))
}

fn in_order(mut faults: Vec<PolicyFault>) -> Vec<PolicyFault> {
    faults.sort_by_key(|fault| (fault.line, fault.column));
    // One mistake is found once for each act it concerns.
    faults.dedup();
    faults.truncate(MOST_FAULTS);
    faults
}
