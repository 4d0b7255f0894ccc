//! How a policy begins, read once: with tests of texts, most often ("of the department Finance", "while it is a draft").
//! Where the first of them fails Cedar would stop at it, so the policy need not be asked at all: among two hundred that
//! are about an act, few are about this person and this thing.
//!
//! What this cannot read it leaves to Cedar, and so everything that might be an error there.

use cedar_policy::Policy;
use serde_json::Value;

use super::{Act, Resource};

/// Whose attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Holder {
    Principal,
    Resource,
    Context,
}

/// One test of a policy's condition.
#[derive(Debug, PartialEq, Eq)]
enum Test {
    /// The attribute is there.
    Has(Holder, String),
    /// It is there and this text.
    Is(Holder, String, String),
}

/// The tests that the condition of a policy begins with, in its order.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Guard(Vec<Test>);

impl Guard {
    /// Those of a policy; none where it begins with something else.
    pub(super) fn of(policy: &Policy) -> Self {
        let mut tests = Vec::new();
        if let Ok(json) = policy.to_json()
            && let Some(first) = json["conditions"].get(0)
            && first["kind"] == "when"
        {
            read(&first["body"], &mut tests);
        }
        Self(tests)
    }

    /// Whether there is nothing to fail at.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether Cedar would come to the end of these tests. `false`: the policy does not apply, and cannot fail.
    pub(super) fn passes(&self, act: &Act) -> bool {
        for test in &self.0 {
            let (Test::Has(holder, name) | Test::Is(holder, name, _)) = test;
            let Some(attribute) = attribute(act, *holder, name) else { return true };
            match (test, attribute) {
                (Test::Has(..), None) => return false,
                (Test::Has(..), Some(_)) => {}
                // To ask for what is not there is an error: Cedar's to tell.
                (Test::Is(..), None) => return true,
                (Test::Is(_, _, wanted), Some(text)) if text != wanted => return false,
                (Test::Is(..), Some(_)) => {}
            }
        }
        true
    }
}

/// Reads the tests of an expression up to the first that is none; says whether it was read to its end.
fn read(body: &Value, tests: &mut Vec<Test>) -> bool {
    if let Some(both) = body.get("&&") {
        return read(&both["left"], tests) && read(&both["right"], tests);
    }
    let test = has(body).or_else(|| is(body));
    let is_read = test.is_some();
    tests.extend(test);
    is_read
}

fn has(body: &Value) -> Option<Test> {
    let has = body.get("has")?;
    Some(Test::Has(holder(&has["left"])?, has["attr"].as_str()?.to_owned()))
}

fn is(body: &Value) -> Option<Test> {
    let equal = body.get("==")?;
    let attribute = equal["left"].get(".")?;
    let name = attribute["attr"].as_str()?.to_owned();
    Some(Test::Is(holder(&attribute["left"])?, name, equal["right"]["Value"].as_str()?.to_owned()))
}

fn holder(expression: &Value) -> Option<Holder> {
    match expression["Var"].as_str()? {
        "principal" => Some(Holder::Principal),
        "resource" => Some(Holder::Resource),
        "context" => Some(Holder::Context),
        _ => None,
    }
}

/// A text of the question, as [`super::asked`] puts it to Cedar; the inner one is none where it is not there. None for
/// what is no text, or not known here.
fn attribute<'a>(act: &'a Act, holder: Holder, name: &str) -> Option<Option<&'a str>> {
    match (holder, name) {
        (Holder::Principal, "platform_role") => Some(Some(act.principal.platform_role.as_str())),
        (Holder::Principal, "role") => Some(act.principal.role.as_deref()),
        (Holder::Principal, "department") => Some(act.principal.department.as_deref()),
        (Holder::Context, "permission") => Some(Some(act.action)),
        (Holder::Context, "method") => Some(Some(act.context.method)),
        (Holder::Resource, _) => match (&act.resource, name) {
            (Resource::Document { department, .. }, "department") => Some(department.as_deref()),
            (Resource::Document { sensitivity, .. }, "sensitivity") => Some(Some(sensitivity)),
            (Resource::Document { state, .. }, "state") => Some(Some(state)),
            _ => None,
        },
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::form::PolicyQuestion;
    use crate::policy::act_of;
    use crate::policy::asked::Asked;
    use crate::policy::built_in::built_in;
    use crate::policy::compiled::ask;
    use cedar_policy::PolicySet;
    use proptest::prelude::*;
    use proptest::sample::select;

    fn guard(condition: &str) -> Vec<Test> {
        Guard::of(&Policy::parse(None, format!("permit (principal, action, resource) {condition};")).unwrap()).0
    }

    #[test]
    fn the_first_tests_of_texts_are_read_and_nothing_behind_another_one() {
        let has = |name: &str| Test::Has(Holder::Principal, name.to_owned());
        let is = |name: &str, text: &str| Test::Is(Holder::Principal, name.to_owned(), text.to_owned());
        let finance = "principal has department && principal.department == \"Finance\"";
        assert_eq!(guard(&format!("when {{ {finance} }}")), [has("department"), is("department", "Finance")]);
        let longer = format!("when {{ {finance} && context.hour > 8 && principal.role == \"viewer\" }}");
        assert_eq!(guard(&longer).len(), 2, "what follows the hour is Cedar's");
        for other in [
            "",
            "unless { principal has department }",
            "when { principal has department || principal.mfa }",
            "when { !(principal has department) }",
            "when { principal.session_age == 5 }",
            "when { resource.owner == principal }",
            "when { principal.mfa && principal has department }",
        ] {
            assert_eq!(guard(other), [], "{other}");
        }
    }

    fn conjunct() -> impl Strategy<Value = String> {
        let attributes = vec![
            "principal.role",
            "principal.department",
            "principal.platform_role",
            "resource.department",
            "resource.state",
            "resource.sensitivity",
            "context.method",
            "context.permission",
            "principal.nothing",
            "principal.mfa_age",
        ];
        let texts = vec!["Finance", "member", "user", "draft", "public", "documents:read", "", "\\\"", "é"];
        (select(attributes), select(texts), 0..6).prop_map(|(attribute, text, kind)| {
            let (holder, name) = attribute.split_once('.').unwrap();
            match kind {
                0 | 1 => format!("{holder} has {name}"),
                2 | 3 => format!("{attribute} == \"{text}\""),
                4 => format!("\"{text}\" == {attribute}"),
                _ => "9223372036854775807 + context.hour > 0".to_owned(),
            }
        })
    }

    proptest! {
        /// What a guard leaves out neither applies nor fails, whatever it begins with.
        #[test]
        fn what_is_left_out_would_have_had_no_say(
            conjuncts in prop::collection::vec(conjunct(), 1..5),
            text in select(vec!["when", "unless"]),
            on in select(vec!["document", "organization"]),
            role in prop::option::of(select(vec!["member", "viewer"])),
            department in prop::option::of(select(vec!["Finance", "é", ""])),
        ) {
            let condition = format!("{text} {{ {} }}", conjuncts.join(" && "));
            let policy = Policy::parse(None, format!("forbid (principal, action, resource) {condition};")).unwrap();
            let question = PolicyQuestion { action: "documents:read".into(), on: on.into(), ..PolicyQuestion::default() };
            let mut act = act_of(&question).ok().unwrap();
            act.principal.role = role.map(str::to_owned);
            act.principal.department = department.map(str::to_owned);
            if !Guard::of(&policy).passes(&act) {
                let names = &built_in().unwrap().names;
                let asked = Asked::of(&act, &names.act(act.action), names).unwrap();
                let said = ask(&asked, &PolicySet::from_policies([policy]).unwrap());
                prop_assert!(said.deciding.is_empty() && said.failed.is_empty(), "{}: {:?}", condition, said);
            }
        }
    }

    /// The property above must have something to say.
    #[test]
    fn a_guard_leaves_out_who_is_of_another_department() {
        let policy = "forbid (principal, action, resource) when { principal has department && principal.department == \"Sales\" };";
        let guard = Guard::of(&Policy::parse(None, policy).unwrap());
        let question = PolicyQuestion { action: "documents:read".into(), on: "document".into(), ..Default::default() };
        let mut act = act_of(&question).ok().unwrap();
        let mut passes = |department: Option<&str>| {
            act.principal.department = department.map(str::to_owned);
            guard.passes(&act)
        };
        assert!(passes(Some("Sales")) && !passes(Some("Finance")) && !passes(None));
    }
}
