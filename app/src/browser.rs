//! The few things only a browser has. On the server each of them does nothing.

#[cfg(feature = "hydrate")]
mod real {
    use leptos::prelude::*;
    use leptos::wasm_bindgen::JsCast;
    use std::cell::Cell;
    use wasm_bindgen::JsValue;
    use wasm_bindgen::closure::Closure;
    use wasm_bindgen::prelude::wasm_bindgen;
    use wasm_bindgen_futures::JsFuture;
    use web_sys::{File, FormData, HtmlElement, HtmlFormElement, HtmlInputElement, SubmitEvent, VisibilityState};

    #[wasm_bindgen]
    extern "C" {
        #[wasm_bindgen(js_namespace = ["navigator", "clipboard"], js_name = writeText, catch)]
        fn write_to_clipboard(text: &str) -> Result<js_sys::Promise, JsValue>;
    }

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

    /// Moves the focus to the field of this name that a person can see, or to the first of several boxes.
    pub fn focus_field(name: &str) {
        let fields = format!("main :is([name='{name}'], [name='{name}[]']):not([type='hidden'])");
        if let Ok(Some(field)) = document().query_selector(&fields)
            && let Ok(field) = field.dyn_into::<HtmlElement>()
        {
            let _ = field.focus();
        }
    }

    /// Puts `prefix` before the title, as screen readers expect of a refused form.
    pub fn prefix_title(prefix: &str) {
        let title = document().title();
        if !title.starts_with(prefix) {
            document().set_title(&format!("{prefix} {title}"));
        }
    }

    /// Says of the button that sends a form whether it is at work. aria-disabled instead of disabled:
    /// the focus stays where it is.
    pub fn mark_busy(event: &SubmitEvent, busy: bool) {
        if let Some(button) = event.submitter() {
            for attribute in ["aria-busy", "aria-disabled"] {
                let _ = if busy { button.set_attribute(attribute, "true") } else { button.remove_attribute(attribute) };
            }
        }
    }

    /// Calls `act` whenever the page comes back into view.
    pub fn when_seen_again(act: impl Fn() + 'static) {
        let seen = Closure::<dyn Fn()>::new(move || {
            if document().visibility_state() == VisibilityState::Visible {
                act();
            }
        });
        let _ = document().add_event_listener_with_callback("visibilitychange", seen.as_ref().unchecked_ref());
        seen.forget();
    }

    /// Copies the text of the element with this id; says whether it went.
    pub async fn copy_text_of(id: &str) -> bool {
        let text = document().get_element_by_id(id).and_then(|element| element.text_content());
        let Some(Ok(copying)) = text.map(|text| write_to_clipboard(&text)) else { return false };
        JsFuture::from(copying).await.is_ok()
    }

    /// The present moment in seconds since 1970, as this machine's clock shows it.
    #[expect(clippy::cast_possible_truncation, reason = "whole seconds are wanted")]
    pub fn now() -> i64 {
        (js_sys::Date::now() / 1000.0) as i64
    }

    /// A moment in the language of the page and by the clock of this machine; none beyond any calendar.
    #[expect(clippy::cast_precision_loss, reason = "what a calendar reaches is exact")]
    pub fn local_time(seconds: i64) -> Option<String> {
        let moment = js_sys::Date::new(&JsValue::from_f64(seconds as f64 * 1000.0));
        if moment.get_time().is_nan() {
            return None;
        }
        let language = document().document_element()?.get_attribute("lang")?;
        Some(moment.to_locale_string(&language, &JsValue::UNDEFINED).into())
    }

    /// What is typed in the field with this id.
    pub fn value_of(id: &str) -> String {
        document()
            .get_element_by_id(id)
            .and_then(|element| element.dyn_into::<HtmlInputElement>().ok())
            .map(|input| input.value())
            .unwrap_or_default()
    }

    /// Sends the form around the field with this id as soon as it holds so many digits, once.
    pub fn submit_when_full(id: &str, digits: usize) {
        let field = document().get_element_by_id(id).and_then(|element| element.dyn_into::<HtmlInputElement>().ok());
        let Some(field) = field else { return };
        let (typed, was_sent) = (field.clone(), Cell::new(false));
        let send = Closure::<dyn Fn()>::new(move || {
            let is_full = typed.value().chars().filter(char::is_ascii_digit).count() == digits;
            if is_full
                && !was_sent.replace(true)
                && let Some(form) = typed.form()
            {
                let _ = form.request_submit();
            }
        });
        let _ = field.add_event_listener_with_callback("input", send.as_ref().unchecked_ref());
        send.forget();
    }

    /// The text of a field of the form that is being submitted.
    pub fn form_value(event: &SubmitEvent, name: &str) -> String {
        form_data(event).and_then(|data| data.get(name).as_string()).unwrap_or_default()
    }

    /// How many bytes a file has that is being submitted; 0 when none was chosen.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the size of a file is a whole number")]
    pub fn file_size(event: &SubmitEvent, name: &str) -> usize {
        let file = form_data(event).and_then(|data| data.get(name).dyn_into::<File>().ok());
        file.map_or(0, |file| file.size() as usize)
    }

    fn form_data(event: &SubmitEvent) -> Option<FormData> {
        let form = event.target()?.dyn_into::<HtmlFormElement>().ok()?;
        FormData::new_with_form(&form).ok()
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
    /// Nothing to focus.
    pub fn focus(_id: &str) {}
    /// Nothing to focus.
    pub fn focus_field(_name: &str) {}
    /// No title to change.
    pub fn prefix_title(_prefix: &str) {}
    /// Nothing to mark.
    pub fn mark_busy(_event: &SubmitEvent, _busy: bool) {}
    /// Nothing to copy.
    pub fn copy_text_of(_id: &str) -> std::future::Ready<bool> {
        std::future::ready(false)
    }
    /// No browser, no clock.
    pub fn now() -> i64 {
        0
    }
    /// No browser, no clock.
    pub fn local_time(_seconds: i64) -> Option<String> {
        None
    }
    /// Nothing typed.
    pub fn value_of(_id: &str) -> String {
        String::new()
    }
    /// Nothing to send.
    pub fn submit_when_full(_id: &str, _digits: usize) {}
    /// Nothing typed.
    pub fn form_value(_event: &SubmitEvent, _name: &str) -> String {
        String::new()
    }
    /// Nothing chosen.
    pub fn file_size(_event: &SubmitEvent, _name: &str) -> usize {
        0
    }
}

#[cfg(not(feature = "hydrate"))]
pub use absent::*;
