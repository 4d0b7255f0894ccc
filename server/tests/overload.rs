//! The tables of `docs/operations/overload.md` say what the code does: bounds, time-outs, and how full the house may be.

use server::door::DoorLimits;
use server::layer::full_house::{ROOM, Rank};
use std::path::Path;

const TABLE: &str = include_str!("../../docs/operations/overload.md");

/// The cells of each row that names a constant: the last number before it, its file and its name.
fn rows() -> Vec<(String, String, String)> {
    let mut found = Vec::new();
    for line in TABLE.lines().filter(|line| line.starts_with("| ")) {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        for pair in cells.windows(2) {
            let quoted: Vec<&str> = pair[1].split('`').collect();
            let [_, file, _, name, _] = quoted.as_slice() else { continue };
            if file.ends_with(".rs") && !name.contains('.') {
                found.push((pair[0].to_owned(), (*file).to_owned(), (*name).to_owned()));
            }
        }
    }
    found
}

/// The value of a constant as the table writes it.
fn value(file: &str, name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(file);
    let source = std::fs::read_to_string(&path).unwrap_or_else(|_| panic!("there is no {file}"));
    let line = source.lines().find_map(|line| line.split_once(&format!("const {name}: ")));
    let (_, rest) = line.unwrap_or_else(|| panic!("{file} has no constant {name}"));
    let value = rest.split_once("= ").unwrap().1.trim_end_matches(';').replace('_', "");
    match value.strip_prefix("Duration::fromsecs(") {
        Some(seconds) => {
            time(seconds.trim_end_matches(')').split(" * ").map(|part| part.parse::<u64>().unwrap()).product())
        }
        None => value,
    }
}

/// Seconds as the table writes them: the longest in whole hours or minutes.
fn time(seconds: u64) -> String {
    match seconds {
        3600.. if seconds.is_multiple_of(3600) => format!("{} h", seconds / 3600),
        61.. if seconds.is_multiple_of(60) => format!("{} min", seconds / 60),
        _ => format!("{seconds} s"),
    }
}

#[test]
fn each_bound_is_the_one_that_the_code_has() {
    let rows = rows();
    assert!(rows.len() > 20, "the rows were found: {}", rows.len());
    for (said, file, name) in rows {
        assert_eq!(said, value(&file, &name), "{file} {name}");
    }
}

#[test]
fn each_rank_has_the_room_that_is_written() {
    for (rank, room) in Rank::ALL.map(|rank| (rank, rank.room())) {
        let room = if room > ROOM { "always".to_owned() } else { room.to_string() };
        assert!(TABLE.contains(&format!("| {rank:?} | {room} | ")), "{rank:?} {room}");
    }
    assert!(TABLE.contains(&format!("At most {ROOM} requests")));
}

#[test]
fn the_door_is_as_wide_as_it_is_written() {
    let DoorLimits { connections, connections_of_address, head, body, large_body, .. } = DoorLimits::default();
    assert!(TABLE.contains(&format!("| {connections}, {connections_of_address} of one address |")));
    let [head, body, large_body] = [head, body, large_body].map(|patience| patience.as_secs());
    assert!(TABLE.contains(&format!("| {head} s, {body} s, {large_body} s | `server/src/door/limits.rs` |")));
}
