//! The few things only a browser has. On the server each of them does nothing.

#[cfg(feature = "hydrate")]
mod real {
    use leptos::prelude::*;
    use leptos::wasm_bindgen::JsCast;
    use wasm_bindgen::JsValue;
    use web_sys::{FormData, HtmlElement, HtmlFormElement, HtmlInputElement, SubmitEvent};

    /// Tells tests and styles that the page listens now.
    pub fn mark_hydrated() {
        Effect::new(|_| {
            if let Some(html) = document().document_element() {
                let _ = html.set_attribute("data-hydrated", "true");
            }
            forget_refusal_in_address();
        });
    }

    /// A refused form post leaves its code in the address; a reload should start fresh.
    fn forget_refusal_in_address() {
        let location = window().location();
        let (Ok(path), Ok(search)) = (location.pathname(), location.search()) else { return };
        if search.contains("__err=") {
            let kept: Vec<&str> = search
                .trim_start_matches('?')
                .split('&')
                .filter(|pair| !pair.starts_with("__err=") && !pair.starts_with("__path="))
                .collect();
            let address = if kept.is_empty() { path } else { format!("{path}?{}", kept.join("&")) };
            if let Ok(history) = window().history() {
                let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&address));
            }
        }
    }

    /// Loads a page anew, so that the server renders it for whoever is signed in now.
    pub fn go(path: &str) {
        let _ = window().location().assign(path);
    }

    /// The path and query of this page.
    pub fn here() -> String {
        let location = window().location();
        location.pathname().unwrap_or_default() + &location.search().unwrap_or_default()
    }

    /// Moves the focus to the element with this id.
    pub fn focus(id: &str) {
        if let Some(element) = document().get_element_by_id(id)
            && let Ok(element) = element.dyn_into::<HtmlElement>()
        {
            let _ = element.focus();
        }
    }

    /// Moves the focus to the heading of the page.
    pub fn focus_heading() {
        if let Ok(Some(heading)) = document().query_selector("h1")
            && let Ok(heading) = heading.dyn_into::<HtmlElement>()
        {
            let _ = heading.focus();
        }
    }

    /// What is typed in the field with this id.
    pub fn value_of(id: &str) -> String {
        document()
            .get_element_by_id(id)
            .and_then(|element| element.dyn_into::<HtmlInputElement>().ok())
            .map(|input| input.value())
            .unwrap_or_default()
    }

    /// The text of a field of the form that is being submitted.
    pub fn form_value(event: &SubmitEvent, name: &str) -> String {
        event
            .target()
            .and_then(|target| target.dyn_into::<HtmlFormElement>().ok())
            .and_then(|form| FormData::new_with_form(&form).ok())
            .and_then(|data| data.get(name).as_string())
            .unwrap_or_default()
    }
}

#[cfg(feature = "hydrate")]
pub use real::*;

#[cfg(not(feature = "hydrate"))]
mod absent {
    use leptos::ev::SubmitEvent;

    /// Nothing to mark.
    pub fn mark_hydrated() {}
    /// Nowhere to go.
    pub fn go(_path: &str) {}
    /// Nowhere.
    pub fn here() -> String {
        String::new()
    }
    /// Nothing to focus.
    pub fn focus(_id: &str) {}
    /// Nothing to focus.
    pub fn focus_heading() {}
    /// Nothing typed.
    pub fn value_of(_id: &str) -> String {
        String::new()
    }
    /// Nothing typed.
    pub fn form_value(_event: &SubmitEvent, _name: &str) -> String {
        String::new()
    }
}

#[cfg(not(feature = "hydrate"))]
pub use absent::*;
