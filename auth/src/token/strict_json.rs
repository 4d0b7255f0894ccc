//! JSON as it stands in a token, read without mercy (RFC 8259; RFC 8725, 3.7 and 3.10; RFC 7519, 4).
//!
//! `serde_json::Value` keeps the last of two members of one name, and other readers keep the first: a
//! token could say one thing to a gateway and another one here. So a name may stand once in an object,
//! also when it is spelled with escapes. Depth and numbers of members are bounded, because the header of a
//! token is read before anybody knows who wrote it.

use serde::de::{self, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use std::fmt;

/// How deep objects and arrays may lie in each other; those of our tokens go two deep.
pub const MAX_DEPTH: u8 = 8;
/// Members of one object and elements of one array; a token of ours has fifteen. Each name is compared
/// with those before it.
pub const MAX_MEMBERS: usize = 64;

/// A value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Json {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number of 64 bits written without a point and without an exponent.
    Integer(i64),
    /// Any other number: `5.0`, `1e3`, `-0`, `18446744073709551615`. No claim of ours is one.
    OtherNumber,
    /// A string, unescaped.
    Text(String),
    /// An array.
    List(Vec<Json>),
    /// An object.
    Object(Object),
}

/// An object: names, each of them once, with their values in the order they were written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Object(Vec<(String, Json)>);

/// Reads an object from bytes that hold it and nothing else: no byte order mark, no white space around it.
/// None for anything that is not exactly that.
pub fn parse(bytes: &[u8]) -> Option<Object> {
    let text = std::str::from_utf8(bytes).ok()?;
    if !text.starts_with('{') || !text.ends_with('}') {
        return None;
    }
    let mut reader = serde_json::Deserializer::from_str(text);
    let Json::Object(object) = Within(MAX_DEPTH).deserialize(&mut reader).ok()? else { return None };
    reader.end().ok()?;
    Some(object)
}

impl Object {
    /// The members, in their order.
    pub fn members(&self) -> &[(String, Json)] {
        &self.0
    }

    /// The value of a name.
    pub fn get(&self, name: &str) -> Option<&Json> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value)
    }

    /// Takes the value of a name out of the object.
    pub fn take(&mut self, name: &str) -> Option<Json> {
        let place = self.0.iter().position(|(known, _)| known == name)?;
        Some(self.0.swap_remove(place).1)
    }
}

/// Reads a value that may hold others so many levels deep.
#[derive(Clone, Copy)]
struct Within(u8);

impl Within {
    /// What may lie in a value that may lie here.
    fn one_deeper<E: de::Error>(self) -> Result<Self, E> {
        self.0.checked_sub(1).map(Self).ok_or_else(|| E::custom("too deep"))
    }
}

impl<'de> DeserializeSeed<'de> for Within {
    type Value = Json;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Json, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Within {
    type Value = Json;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a JSON value")
    }

    fn visit_unit<E: de::Error>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E: de::Error>(self, value: bool) -> Result<Json, E> {
        Ok(Json::Bool(value))
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<Json, E> {
        Ok(Json::Integer(value))
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Json, E> {
        Ok(i64::try_from(value).map_or(Json::OtherNumber, Json::Integer))
    }

    fn visit_f64<E: de::Error>(self, _: f64) -> Result<Json, E> {
        Ok(Json::OtherNumber)
    }

    fn visit_str<E: de::Error>(self, value: &str) -> Result<Json, E> {
        Ok(Json::Text(value.to_owned()))
    }

    fn visit_string<E: de::Error>(self, value: String) -> Result<Json, E> {
        Ok(Json::Text(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Json, A::Error> {
        let within = self.one_deeper::<A::Error>()?;
        let mut list = Vec::new();
        while let Some(element) = elements.next_element_seed(within)? {
            if list.len() == MAX_MEMBERS {
                return Err(de::Error::custom("too many elements"));
            }
            list.push(element);
        }
        Ok(Json::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Json, A::Error> {
        let within = self.one_deeper::<A::Error>()?;
        let mut members: Vec<(String, Json)> = Vec::new();
        while let Some(name) = entries.next_key::<String>()? {
            if members.len() == MAX_MEMBERS || members.iter().any(|(known, _)| *known == name) {
                return Err(de::Error::custom("a name stands twice, or there are too many"));
            }
            members.push((name, entries.next_value_seed(within)?));
        }
        Ok(Json::Object(Object(members)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(text: &str) -> Option<Json> {
        parse(format!("{{\"a\":{text}}}").as_bytes())?.take("a")
    }

    #[test]
    fn a_number_is_an_integer_by_the_way_it_is_written() {
        for (text, integer) in [("0", 0), ("-1", -1), ("1800000000", 1_800_000_000), ("9223372036854775807", i64::MAX)]
        {
            assert_eq!(value(text), Some(Json::Integer(integer)), "{text}");
        }
        for text in ["5.0", "1e3", "1E3", "-0", "9223372036854775808", "18446744073709551616", "0.1"] {
            assert_eq!(value(text), Some(Json::OtherNumber), "{text}");
        }
        for text in ["01", "+1", ".5", "5.", "0x10", "NaN", "Infinity", "1e999", "--1", "1 2"] {
            assert_eq!(value(text), None, "{text}");
        }
    }

    #[test]
    fn a_name_stands_once_at_every_depth_however_it_is_spelled() {
        assert!(parse(br#"{"a":{"b":1},"b":[{"b":1},{"b":1}]}"#).is_some());
        for twice in [
            r#"{"a":1,"a":1}"#,
            r#"{"a":1,"\u0061":2}"#,
            r#"{"\u0061":1,"b":0,"a":2}"#,
            r#"{"x":{"a":1,"a":2}}"#,
            r#"{"x":[[{"a":1,"a":2}]]}"#,
            r#"{"":1,"":2}"#,
            r#"{"\ud83d\ude00":1,"😀":2}"#,
        ] {
            assert_eq!(parse(twice.as_bytes()), None, "{twice}");
        }
    }

    #[test]
    fn depth_and_members_are_bounded() {
        let nested = |levels: usize| format!("{{\"a\":{}1{}}}", "[".repeat(levels), "]".repeat(levels));
        assert!(parse(nested(usize::from(MAX_DEPTH) - 1).as_bytes()).is_some());
        assert!(parse(nested(usize::from(MAX_DEPTH)).as_bytes()).is_none());
        assert!(parse(nested(100_000).as_bytes()).is_none());
        let members = |count: usize| {
            let members: Vec<String> = (0..count).map(|number| format!("\"{number}\":[]")).collect();
            format!("{{{}}}", members.join(","))
        };
        assert!(parse(members(MAX_MEMBERS).as_bytes()).is_some());
        assert!(parse(members(MAX_MEMBERS + 1).as_bytes()).is_none());
        assert!(value(&format!("[{}1]", "1,".repeat(MAX_MEMBERS - 1))).is_some());
        assert!(value(&format!("[{}1]", "1,".repeat(MAX_MEMBERS))).is_none());
    }

    #[test]
    fn nothing_stands_around_the_object() {
        assert!(parse(b"{}").is_some());
        for other in [
            &b""[..],
            b" {}",
            b"{} ",
            b"{}\n",
            b"{}{}",
            b"{}}",
            b"[]",
            b"null",
            b"\"{}\"",
            b"\xef\xbb\xbf{}",
            b"{\x00}",
            b"{\0",
            b"{\"a\":\"\xff\"}",
            b"{\"a\":\"\xc0\xaf\"}",
            b"{\"a\":\"\\ud800\"}",
            b"{\"a\":\"\n\"}",
            b"{\"a\":1,}",
            b"{'a':1}",
            b"{\"a\":1/**/}",
        ] {
            assert_eq!(parse(other), None, "{}", String::from_utf8_lossy(other));
        }
    }
}
