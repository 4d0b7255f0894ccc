//! The two tables: what the standard demands, and what this project answers.

/// A requirement of the standard.
#[derive(Clone, Debug)]
pub struct Requirement {
    /// Such as `V6.2.1`.
    pub id: String,
    /// The lowest level at which it applies: 1, 2 or 3.
    pub level: usize,
    /// Its text, unchanged.
    pub text: String,
}

/// How things stand with a requirement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It is done, and a test shows it.
    Met,
    /// What it is about is not there.
    NotApplicable,
    /// It is not done, or no test shows it.
    Open,
}

impl State {
    /// Every state, in the order of the page.
    pub const ALL: [Self; 3] = [Self::Met, Self::NotApplicable, Self::Open];

    /// In the table and on the page.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Met => "met",
            Self::NotApplicable => "not applicable",
            Self::Open => "open",
        }
    }
}

/// What this project answers to a requirement.
#[derive(Clone, Debug)]
pub struct Answer {
    /// That of the requirement.
    pub id: String,
    /// How things stand.
    pub state: State,
    /// What is met: names of proofs, parted by `; `. Else the reason. Empty where the table has `-`.
    pub words: String,
    /// The files that do it.
    pub files: Vec<String>,
}

impl Answer {
    /// The names of what shows that it is met.
    pub fn proofs(&self) -> Vec<&str> {
        parts(&self.words)
    }
}

/// Reads the requirements.
pub fn requirements(table: &str) -> Result<Vec<Requirement>, String> {
    let rows = rows::<3>(table)?.into_iter();
    rows.map(|[id, level, text]| {
        let known = level.parse::<usize>().ok().filter(|level| (1..=3).contains(level));
        let level = known.ok_or_else(|| format!("{id}: level {level}"))?;
        Ok(Requirement { id: id.to_owned(), level, text: text.to_owned() })
    })
    .collect()
}

/// Reads the answers.
pub fn answers(table: &str) -> Result<Vec<Answer>, String> {
    let rows = rows::<4>(table)?.into_iter();
    rows.map(|[id, state, words, files]| {
        let known = State::ALL.into_iter().find(|known| known.as_str() == state);
        let state = known.ok_or_else(|| format!("{id}: is {state}"))?;
        let words = if words == "-" { String::new() } else { words.to_owned() };
        let files = parts(files).into_iter().filter(|file| *file != "-").map(str::to_owned).collect();
        Ok(Answer { id: id.to_owned(), state, words, files })
    })
    .collect()
}

fn parts(list: &str) -> Vec<&str> {
    list.split("; ").map(str::trim).filter(|part| !part.is_empty()).collect()
}

/// The rows of a table with so many columns. Lines that begin with `#` are remarks, and the first other one is the head.
fn rows<const COLUMNS: usize>(table: &str) -> Result<Vec<[&str; COLUMNS]>, String> {
    let lines = table.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).skip(1);
    lines
        .map(|line| {
            let row: Vec<&str> = line.split('\t').collect();
            <[&str; COLUMNS]>::try_from(row).map_err(|_| format!("not {COLUMNS} columns: {line}"))
        })
        .collect()
}
