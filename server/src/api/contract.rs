//! What the calls of the document have in common, so that no handler has to say it: refusals of what stands before them,
//! ids that are UUIDs, and bodies that hold nothing but what is described (ASVS 5.0, 2.2.1).

use std::collections::BTreeSet;
use utoipa::openapi::path::{Operation, Parameter, ParameterIn, PathItem};
use utoipa::openapi::schema::{AdditionalProperties, ArrayItems, SchemaFormat};
use utoipa::openapi::{Components, Content, OpenApi, Ref, RefOr, Response, Schema};

/// Where the described shapes are.
const SHAPES: &str = "#/components/schemas/";
/// Names of ids in addresses.
const IDS: [&str; 7] = ["id", "organization", "document", "invitation", "user", "delivery", "domain"];

/// Refusals that a call shares with others: for whom, with which status, and what they mean.
const SHARED: [(Whom, &str, &str); 7] = [
    (Whom::WithInput, "400", "`malformed_request`: an id, a cursor or a body that cannot be read"),
    (Whom::Unsafe, "403", "`cross_site`: a page of another site sent it"),
    (Whom::WithBody, "413", "`too_large`: the body is longer than any that is meant"),
    (Whom::WithBody, "415", "`unsupported_media_type`: a body of another kind"),
    (Whom::WithInput, "422", "`invalid_fields`: something that is described and means nothing here; `errors` names it"),
    (Whom::Unsafe, "429", "`too_many_attempts`, with Retry-After"),
    (Whom::Everybody, "503", "`busy` or `unavailable`, with Retry-After"),
];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Whom {
    Everybody,
    Unsafe,
    WithInput,
    WithBody,
}

/// The document with what its calls have in common.
pub(super) fn complete(mut document: OpenApi) -> OpenApi {
    let mut bodies = BTreeSet::new();
    for (path, item) in &mut document.paths.paths {
        for (is_safe, operation) in operations(item) {
            let has_body = operation.request_body.is_some();
            let parameters = operation.parameters.iter_mut().flatten();
            let mut has_input = has_body;
            for parameter in parameters.filter_map(in_place) {
                has_input = true;
                describe_id(path, parameter);
            }
            refuse(operation, |whom| match whom {
                Whom::Everybody => true,
                Whom::Unsafe => !is_safe,
                Whom::WithInput => has_input,
                Whom::WithBody => has_body,
            });
            bodies.extend(shapes_of_body(operation));
        }
    }
    if let Some(components) = &mut document.components {
        close(components, bodies);
    }
    document
}

/// The calls of a path, each with whether it is safe (RFC 9110, 9.2.1).
fn operations(item: &mut PathItem) -> impl Iterator<Item = (bool, &mut Operation)> {
    let safe = [item.get.as_mut(), item.head.as_mut()].into_iter().flatten();
    let others = [item.post.as_mut(), item.put.as_mut(), item.patch.as_mut(), item.delete.as_mut()];
    safe.map(|call| (true, call)).chain(others.into_iter().flatten().map(|call| (false, call)))
}

fn in_place<T>(part: &mut RefOr<T>) -> Option<&mut T> {
    match part {
        RefOr::T(part) => Some(part),
        RefOr::Ref(_) => None,
    }
}

fn describe_id(path: &str, parameter: &mut Parameter) {
    // Providers and keys have names, versions of policies have numbers.
    let is_other = ["/providers/", "/keys/", "/policies/{id}"].iter().any(|part| path.contains(part));
    if is_other || parameter.parameter_in != ParameterIn::Path || !IDS.contains(&&*parameter.name) {
        return;
    }
    if let Some(RefOr::T(Schema::Object(shape))) = &mut parameter.schema {
        shape.format = Some(SchemaFormat::Custom("uuid".to_owned()));
    }
}

fn refuse(operation: &mut Operation, concerns: impl Fn(Whom) -> bool) {
    for (_, status, words) in SHARED.iter().filter(|(whom, ..)| concerns(*whom)) {
        let answer = || {
            let mut answer = Response::new(*words);
            let problem = Content::new(Some(Ref::from_schema_name("Problem")));
            answer.content.insert("application/problem+json".to_owned(), RefOr::T(problem));
            RefOr::T(answer)
        };
        operation.responses.responses.entry((*status).to_owned()).or_insert_with(answer);
    }
}

/// The names of the shapes that are sent.
fn shapes_of_body(operation: &Operation) -> Vec<String> {
    let Some(RefOr::T(body)) = &operation.request_body else { return Vec::new() };
    let contents = body.content.values().filter_map(|content| match content {
        RefOr::T(content) => content.schema.as_ref(),
        RefOr::Ref(_) => None,
    });
    contents.flat_map(shapes_in).collect()
}

/// The names of the shapes that a shape holds.
fn shapes_in(shape: &RefOr<Schema>) -> Vec<String> {
    match shape {
        RefOr::Ref(place) => place.ref_location.strip_prefix(SHAPES).map(str::to_owned).into_iter().collect(),
        RefOr::T(Schema::Array(list)) => match &list.items {
            ArrayItems::RefOrSchema(items) => shapes_in(items),
            ArrayItems::False => Vec::new(),
        },
        RefOr::T(Schema::OneOf(either)) => either.items.iter().flat_map(shapes_in).collect(),
        RefOr::T(Schema::Object(object)) => object.properties.values().flat_map(shapes_in).collect(),
        RefOr::T(_) => Vec::new(),
    }
}

/// Says of these shapes, and of those within them, that they hold nothing else (`body.rs` refuses what is unknown).
fn close(components: &mut Components, mut wanted: BTreeSet<String>) {
    let mut closed = BTreeSet::new();
    while let Some(name) = wanted.pop_first() {
        let Some(shape) = components.schemas.get_mut(&name).filter(|_| closed.insert(name)) else { continue };
        wanted.extend(shapes_in(shape));
        if let RefOr::T(Schema::Object(object)) = shape
            && object.additional_properties.is_none()
        {
            object.additional_properties = Some(Box::new(AdditionalProperties::FreeForm(false)));
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    #[test]
    fn every_call_says_what_it_shares_with_others() {
        let document = serde_json::to_value(crate::api::document()).unwrap();
        for (path, item) in document["paths"].as_object().unwrap() {
            for (method, call) in item.as_object().unwrap() {
                let statuses = call["responses"].as_object().unwrap();
                assert!(statuses.contains_key("503"), "{method} {path}");
                let is_with_body = call["requestBody"].is_object();
                for status in ["400", "413", "415"] {
                    assert!(!is_with_body || statuses.contains_key(status), "{method} {path}: {status}");
                }
                assert!(method == "get" || statuses.contains_key("403"), "{method} {path}");
            }
        }
    }

    #[test]
    fn a_body_holds_what_is_described_and_nothing_else() {
        let document = serde_json::to_value(crate::api::document()).unwrap();
        let shapes = &document["components"]["schemas"];
        for name in ["SignIn", "Authorize", "DocumentLike"] {
            assert_eq!(shapes[name]["additionalProperties"], Value::Bool(false), "{name}");
        }
        assert_eq!(shapes["Me"]["additionalProperties"], Value::Null, "answers may grow");
    }
}
