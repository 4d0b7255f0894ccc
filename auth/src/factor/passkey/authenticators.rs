//! Names for authenticators, by the id of their model (AAGUID). It is not proved, and names nothing but a line in a
//! list.

/// One model a line: its id, a blank, its name.
const MODELS: &str = include_str!("../../../assets/aaguids.txt");

/// What a passkey of this model is called; none when the model is not known or says nothing.
pub(crate) fn model_name(aaguid: &str) -> Option<&'static str> {
    MODELS.lines().filter_map(|line| line.split_once(' ')).find(|(id, _)| *id == aaguid).map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn every_model_has_an_id_and_a_name_that_can_be_one() {
        let mut ids: Vec<&str> = Vec::new();
        for line in MODELS.lines().filter(|line| !line.starts_with('#')) {
            let (id, name) = line.split_once(' ').unwrap();
            assert_eq!(Uuid::try_parse(id).unwrap().to_string(), id);
            assert!(crate::TokenName::parse(name).is_ok(), "{line}");
            assert!(!ids.contains(&id), "{line}");
            ids.push(id);
        }
        assert!(ids.len() >= 10);
    }

    #[test]
    fn well_known_models_are_called_by_their_names() {
        assert_eq!(model_name("fbfc3007-154e-4ecc-8c0b-6e020557d7bd"), Some("iCloud Keychain"));
        assert_eq!(model_name("ea9b8d66-4d01-1d21-3ce4-b6b48cb575d4"), Some("Google Password Manager"));
        assert_eq!(model_name("00000000-0000-0000-0000-000000000000"), None);
        assert_eq!(model_name("#"), None);
    }
}
