//! What a browser offers for passkeys (WebAuthn Level 3, 5.1), called as it is: no library is downloaded for it. What
//! only younger browsers have is looked for by its name.

use js_sys::{Function, JSON, Object, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::AbortSignal;

use super::by_hand;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = ["navigator", "credentials"], js_name = create, catch)]
    fn create_credential(options: &JsValue) -> Result<Promise, JsValue>;
    #[wasm_bindgen(js_namespace = ["navigator", "credentials"], js_name = get, catch)]
    fn get_credential(options: &JsValue) -> Result<Promise, JsValue>;
}

/// What is asked of a browser.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Ceremony {
    /// Make a passkey.
    Create,
    /// Use one.
    Get,
}

/// Why there is no answer.
pub enum Stopped {
    /// The prompt was closed or waited too long, or it was called off. Browsers do not tell them apart.
    Cancelled,
    /// This device has a passkey of the account.
    Known,
    /// Anything else.
    Failed,
}

impl From<JsValue> for Stopped {
    fn from(error: JsValue) -> Self {
        match member(&error, "name").as_string().as_deref() {
            Some("NotAllowedError" | "AbortError") => Self::Cancelled,
            Some("InvalidStateError") => Self::Known,
            _ => Self::Failed,
        }
    }
}

/// Asks the browser, and gives its answer as JSON. With a signal nothing is shown: the passkeys stand among what the
/// browser fills in (conditional mediation), until the signal ends it.
pub async fn ask(ceremony: Ceremony, options: JsValue, watch: Option<&AbortSignal>) -> Result<String, Stopped> {
    let request = Object::new();
    Reflect::set(&request, &"publicKey".into(), &parsed(ceremony, options)?)?;
    if let Some(signal) = watch {
        Reflect::set(&request, &"mediation".into(), &"conditional".into())?;
        Reflect::set(&request, &"signal".into(), signal)?;
    }
    let asked = match ceremony {
        Ceremony::Create => create_credential(&request)?,
        Ceremony::Get => get_credential(&request)?,
    };
    let credential = JsFuture::from(asked).await?;
    if !credential.is_object() {
        return Err(Stopped::Cancelled);
    }
    Ok(json_of(&credential)?)
}

fn parsed(ceremony: Ceremony, options: JsValue) -> Result<JsValue, JsValue> {
    let parser = match ceremony {
        Ceremony::Create => "parseCreationOptionsFromJSON",
        Ceremony::Get => "parseRequestOptionsFromJSON",
    };
    match called(&class(), parser, &options) {
        Some(parsed) => parsed,
        None => by_hand::decode(&options).map(|()| options),
    }
}

/// By hand as well where an extension that keeps passkeys put an object of its own in the browser's place.
fn json_of(credential: &JsValue) -> Result<String, JsValue> {
    if member(credential, "toJSON").is_function()
        && let Ok(json) = JSON::stringify(credential)
    {
        return Ok(json.into());
    }
    by_hand::encode(credential)
}

/// Whether this browser knows passkeys at all.
pub fn is_capable() -> bool {
    class().is_function()
}

/// Asks a question of the browser, such as `isConditionalMediationAvailable`; no where it does not know the question.
pub async fn says_yes(question: &str) -> bool {
    let Some(Ok(answer)) = called(&class(), question, &JsValue::UNDEFINED) else { return false };
    let Ok(answer) = answer.dyn_into::<Promise>() else { return false };
    JsFuture::from(answer).await.is_ok_and(|answer| answer.is_truthy())
}

/// Tells the keeper of passkeys what became of them, with a JSON text (WebAuthn Level 3, 5.1.10). Where it cannot be
/// told, nothing is lost.
pub async fn signal(name: &str, details: &str) {
    if let Ok(details) = JSON::parse(details)
        && let Some(Ok(told)) = called(&class(), name, &details)
        && let Ok(told) = told.dyn_into::<Promise>()
    {
        let _ = JsFuture::from(told).await;
    }
}

/// A member of an object; undefined where there is none.
pub fn member(of: &JsValue, name: &str) -> JsValue {
    Reflect::get(of, &name.into()).unwrap_or(JsValue::UNDEFINED)
}

/// Calls a method, with undefined where it takes nothing; none where the object has none of this name.
pub fn called(of: &JsValue, name: &str, argument: &JsValue) -> Option<Result<JsValue, JsValue>> {
    let method = member(of, name).dyn_into::<Function>().ok()?;
    Some(method.call1(of, argument))
}

fn class() -> JsValue {
    member(&js_sys::global(), "PublicKeyCredential")
}
