//! What somebody typed, as the text of a `<textarea>`. Leptos writes the children of one as they are, so that
//! `</textarea><script>` in them would end the field and begin something else. Nothing a person wrote goes in by another
//! way.

/// The text with what would end the field told apart. HTML drops the first line end of a field (HTML, 13.2.6.4.7): this
/// one, and none of the text.
pub fn in_textarea(text: &str) -> String {
    format!("\n{}", text.replace('&', "&amp;").replace('<', "&lt;"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use leptos::prelude::*;

    /// Should Leptos begin to escape by itself, this says so: nothing is to be escaped twice.
    #[test]
    fn what_was_typed_ends_no_field_and_stays_as_it_was() {
        let typed = "\n</textarea><script>alert(1)</script> &lt; & \"é\"";
        let field = view! { <textarea name="body">{in_textarea(typed)}</textarea> }.to_html();
        let (before, rest) = field.split_once('>').unwrap();
        let (inside, after) = rest.split_once("</textarea>").unwrap();
        assert!(before.starts_with("<textarea") && after.is_empty(), "{field}");
        // What a browser makes of it.
        let read = inside.strip_prefix('\n').unwrap().replace("&lt;", "<").replace("&amp;", "&");
        assert_eq!(read, typed, "{field}");
    }
}
