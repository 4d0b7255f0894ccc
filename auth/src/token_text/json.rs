//! Reading a JSON object (RFC 8259) as text: it is laid out, its names are found, and every value stays
//! as it was written. `1e400` and a name that stands twice survive, where a value tree would lose them.

/// Objects and arrays within each other.
const MAX_DEPTH: usize = 32;

/// An object that could be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Object {
    /// The same text, one member a line.
    pub pretty: String,
    /// Its own members, in their order.
    pub members: Vec<Member>,
    /// Names that stand twice in one object, here or further inside (RFC 7519, 4).
    pub repeated: Vec<String>,
}

/// A name with its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// The name, without escapes.
    pub name: String,
    /// The value as it was written.
    pub value: String,
}

/// Why a text is not an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Broken {
    /// It breaks the grammar at this byte.
    At(usize),
    /// It is nested too deeply to be looked at.
    TooDeep,
    /// It is JSON, and something else than an object.
    NotObject,
}

impl Object {
    /// Reads a text.
    ///
    /// # Errors
    /// [`Broken`]: the first thing that stands in the way.
    pub fn parse(text: &str) -> Result<Self, Broken> {
        let mut scanner = Scanner::new(text);
        scanner.blanks();
        if scanner.peek() != Some(b'{') {
            return Err(scanner.value().err().unwrap_or(Broken::NotObject));
        }
        let members = scanner.object()?;
        scanner.blanks();
        if scanner.at < text.len() {
            return scanner.broken();
        }
        Ok(Self { pretty: scanner.pretty, members, repeated: scanner.repeated })
    }

    /// The first member of a name.
    pub fn member(&self, name: &str) -> Option<&Member> {
        self.members.iter().find(|member| member.name == name)
    }
}

impl Member {
    /// The value, when it is a text.
    pub fn text(&self) -> Option<String> {
        Scanner::new(&self.value).string().ok()
    }

    /// The whole seconds of a `NumericDate` (RFC 7519, 2); none for what is no plain number.
    pub fn seconds(&self) -> Option<i64> {
        let (whole, fraction) = self.value.split_once('.').unwrap_or((&self.value, ""));
        if fraction.bytes().all(|digit| digit.is_ascii_digit()) { whole.parse().ok() } else { None }
    }
}

/// Walks along a text and lays it out.
struct Scanner<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
    pretty: String,
    repeated: Vec<String>,
}

impl<'a> Scanner<'a> {
    fn new(text: &'a str) -> Self {
        Self { text, at: 0, depth: 0, pretty: String::new(), repeated: Vec::new() }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn broken<T>(&self) -> Result<T, Broken> {
        Err(Broken::At(self.at))
    }

    fn eat(&mut self, byte: u8) -> bool {
        let is_there = self.peek() == Some(byte);
        self.at += usize::from(is_there);
        is_there
    }

    fn expect(&mut self, byte: u8) -> Result<(), Broken> {
        if self.eat(byte) { Ok(()) } else { self.broken() }
    }

    fn blanks(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn new_line(&mut self) {
        self.pretty.push('\n');
        for _ in 0..self.depth {
            self.pretty.push_str("  ");
        }
    }

    fn value(&mut self) -> Result<(), Broken> {
        match self.peek() {
            Some(b'{') => self.object().map(drop),
            Some(b'[') => self.listed([b'[', b']'], &mut Self::value),
            Some(b'"') => self.string().map(drop),
            Some(b'-' | b'0'..=b'9') => self.number(),
            _ => self.word(),
        }
    }

    fn object(&mut self) -> Result<Vec<Member>, Broken> {
        let mut members: Vec<Member> = Vec::new();
        self.listed([b'{', b'}'], &mut |scanner| {
            let name = scanner.string()?;
            scanner.blanks();
            scanner.expect(b':')?;
            scanner.pretty.push_str(": ");
            scanner.blanks();
            let start = scanner.at;
            scanner.value()?;
            let value = scanner.text[start..scanner.at].to_owned();
            if members.iter().any(|member| member.name == name) {
                scanner.repeated.push(name.clone());
            }
            members.push(Member { name, value });
            Ok(())
        })?;
        Ok(members)
    }

    /// What stands between two brackets, one a line.
    fn listed(
        &mut self,
        [open, close]: [u8; 2],
        one: &mut dyn FnMut(&mut Self) -> Result<(), Broken>,
    ) -> Result<(), Broken> {
        self.expect(open)?;
        self.pretty.push(char::from(open));
        self.blanks();
        if !self.eat(close) {
            self.depth += 1;
            if self.depth > MAX_DEPTH {
                return Err(Broken::TooDeep);
            }
            loop {
                self.new_line();
                one(self)?;
                self.blanks();
                if !self.eat(b',') {
                    break;
                }
                self.pretty.push(',');
                self.blanks();
            }
            self.expect(close)?;
            self.depth -= 1;
            self.new_line();
        }
        self.pretty.push(char::from(close));
        Ok(())
    }

    /// A text; gives what it says.
    fn string(&mut self) -> Result<String, Broken> {
        let start = self.at;
        let mut said = String::new();
        self.expect(b'"')?;
        loop {
            match self.text[self.at..].chars().next() {
                Some('"') => break,
                Some('\\') => said.push(self.escape()?),
                None | Some('\0'..='\u{1f}') => return self.broken(),
                Some(character) => {
                    said.push(character);
                    self.at += character.len_utf8();
                }
            }
        }
        self.at += 1;
        self.pretty.push_str(&self.text[start..self.at]);
        Ok(said)
    }

    /// The character that an escape stands for.
    fn escape(&mut self) -> Result<char, Broken> {
        self.at += 1;
        let character = match self.peek() {
            Some(byte @ (b'"' | b'\\' | b'/')) => char::from(byte),
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.code_point(),
            _ => return self.broken(),
        };
        self.at += 1;
        Ok(character)
    }

    /// `uXXXX`, or two of them for what lies beyond the first plane. Half a pair stands for nothing.
    fn code_point(&mut self) -> Result<char, Broken> {
        let first = self.code_unit()?;
        let mut code = first;
        if (0xd800..0xdc00).contains(&first) && self.text[self.at..].starts_with("\\u") {
            let before = self.at;
            self.at += 1;
            let second = self.code_unit()?;
            if (0xdc00..0xe000).contains(&second) {
                code = 0x1_0000 + ((first - 0xd800) << 10) + (second - 0xdc00);
            } else {
                self.at = before;
            }
        }
        Ok(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER))
    }

    fn code_unit(&mut self) -> Result<u32, Broken> {
        self.expect(b'u')?;
        let digits = self.text.get(self.at..self.at + 4).filter(|digits| digits.bytes().all(|d| d.is_ascii_hexdigit()));
        let Some(unit) = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok()) else { return self.broken() };
        self.at += 4;
        Ok(unit)
    }

    fn number(&mut self) -> Result<(), Broken> {
        let start = self.at;
        self.eat(b'-');
        if !self.eat(b'0') {
            self.digits()?;
        }
        if self.eat(b'.') {
            self.digits()?;
        }
        if self.eat(b'e') || self.eat(b'E') {
            if !self.eat(b'+') {
                self.eat(b'-');
            }
            self.digits()?;
        }
        self.pretty.push_str(&self.text[start..self.at]);
        Ok(())
    }

    fn digits(&mut self) -> Result<(), Broken> {
        let start = self.at;
        while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
        if self.at > start { Ok(()) } else { self.broken() }
    }

    fn word(&mut self) -> Result<(), Broken> {
        let rest = &self.text[self.at..];
        let Some(word) = ["true", "false", "null"].into_iter().find(|word| rest.starts_with(word)) else {
            return self.broken();
        };
        self.at += word.len();
        self.pretty.push_str(word);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_is_laid_out_and_stays_as_it_was_written() {
        let object = Object::parse(r#" {"a":1.50,"b":[ "x",{}, [] ],"c":{"d":null},"\u0065":"\u00e9\n"} "#).unwrap();
        let pretty = "{\n  \"a\": 1.50,\n  \"b\": [\n    \"x\",\n    {},\n    []\n  ],\n  \"c\": {\n    \"d\": null\n  },\n  \"\\u0065\": \"\\u00e9\\n\"\n}";
        assert_eq!(object.pretty, pretty);
        let names: Vec<&str> = object.members.iter().map(|member| &*member.name).collect();
        assert_eq!(names, ["a", "b", "c", "e"]);
        assert_eq!(object.member("b").unwrap().value, r#"[ "x",{}, [] ]"#);
        assert_eq!(object.member("e").unwrap().text().unwrap(), "é\n");
        assert_eq!(object.member("a").unwrap().text(), None);
        assert_eq!(Object::parse("{}").unwrap().pretty, "{}");
    }

    #[test]
    fn a_name_that_stands_twice_is_found_however_it_is_written_and_wherever() {
        let repeated = |text: &str| Object::parse(text).unwrap().repeated;
        assert_eq!(repeated(r#"{"sub":"a","\u0073ub":"b"}"#), ["sub"]);
        assert_eq!(repeated(r#"{"a":[{"b":1,"b":2}],"c":{"b":1}}"#), ["b"]);
        assert!(repeated(r#"{"a":{"a":1}}"#).is_empty());
    }

    #[test]
    fn characters_beyond_the_first_plane_are_two_escapes() {
        let said = |value: &str| Member { name: String::new(), value: value.to_owned() }.text();
        assert_eq!(said(r#""\ud83d\ude00""#).unwrap(), "😀");
        assert_eq!(said(r#""\ud83d\u0041""#).unwrap(), "\u{fffd}A");
        assert_eq!(said(r#""\ude00""#).unwrap(), "\u{fffd}");
        assert_eq!(said(r#""\ud83d\u004""#), None);
    }

    #[test]
    fn what_breaks_the_grammar_is_told_by_its_place() {
        for (text, at) in [
            ("", 0),
            ("{", 1),
            (r#"{"a"}"#, 4),
            (r#"{"a":}"#, 5),
            (r#"{"a":1,}"#, 7),
            (r#"{"a":1} x"#, 8),
            (r#"{"a":01}"#, 6),
            (r#"{"a":1.}"#, 7),
            (r#"{"a":+1}"#, 5),
            (r#"{"a":tru}"#, 5),
            (r#"{"a":"\x"}"#, 7),
            ("{\"a\":\"\n\"}", 6),
            ("{'a':1}", 1),
            ("{\"é\":", 6),
            ("\u{feff}{}", 0),
        ] {
            assert_eq!(Object::parse(text), Err(Broken::At(at)), "{text}");
        }
        assert_eq!(Object::parse("[1]"), Err(Broken::NotObject));
        assert_eq!(Object::parse(&format!("{{\"a\":{}", "[".repeat(100_000))), Err(Broken::TooDeep));
    }

    #[test]
    fn a_time_is_a_plain_number() {
        let seconds = |value: &str| Member { name: String::new(), value: value.to_owned() }.seconds();
        assert_eq!(seconds("1800000000"), Some(1_800_000_000));
        assert_eq!(seconds("-1.9"), Some(-1));
        for value in ["\"1800000000\"", "1e9", "1.5e9", "null", "[1]", "99999999999999999999"] {
            assert_eq!(seconds(value), None, "{value}");
        }
    }
}
