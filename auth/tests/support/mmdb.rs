//! Writes a small database of places in the MaxMind DB format, version 2.0: what a story needs, and nothing of what it does
//! not. Networks of IPv4, each a list of four numbers with the length of its prefix.

/// Where a network is.
pub struct Spot {
    pub network: [u8; 4],
    pub prefix: u8,
    pub country: &'static str,
    pub city: &'static str,
    pub latitude: f64,
    pub longitude: f64,
}

/// A record of a node.
#[derive(Clone, Copy)]
enum Record {
    Nothing,
    Node(usize),
    /// The place of what is known in the data section.
    Data(usize),
}

/// The file.
pub fn database(spots: &[Spot]) -> Vec<u8> {
    let mut nodes = vec![[Record::Nothing; 2]];
    let mut data = Vec::new();
    for spot in spots {
        let place = data.len();
        data.extend(place_of(spot));
        insert(&mut nodes, spot, place);
    }
    let mut file = Vec::new();
    for record in nodes.iter().flatten() {
        let value = match record {
            Record::Nothing => nodes.len(),
            Record::Node(node) => *node,
            Record::Data(place) => nodes.len() + 16 + place,
        };
        file.extend(&u32::try_from(value).unwrap().to_be_bytes()[1..]);
    }
    file.extend([0_u8; 16]);
    file.extend(data);
    file.extend(b"\xab\xcd\xefMaxMind.com");
    file.extend(metadata(nodes.len()));
    file
}

fn insert(nodes: &mut Vec<[Record; 2]>, spot: &Spot, place: usize) {
    let bits = u32::from_be_bytes(spot.network);
    let mut node = 0;
    for depth in 0..spot.prefix {
        let side = usize::from((bits >> (31 - depth)) & 1 == 1);
        if depth + 1 == spot.prefix {
            nodes[node][side] = Record::Data(place);
        } else if let Record::Node(next) = nodes[node][side] {
            node = next;
        } else {
            nodes.push([Record::Nothing; 2]);
            let next = nodes.len() - 1;
            nodes[node][side] = Record::Node(next);
            node = next;
        }
    }
}

fn place_of(spot: &Spot) -> Vec<u8> {
    map(&[
        ("city", map(&[("names", map(&[("en", text(spot.city))]))])),
        ("country", map(&[("iso_code", text(spot.country))])),
        (
            "location",
            map(&[
                ("accuracy_radius", unsigned(5, 20)),
                ("latitude", double(spot.latitude)),
                ("longitude", double(spot.longitude)),
            ]),
        ),
    ])
}

fn metadata(nodes: usize) -> Vec<u8> {
    map(&[
        ("binary_format_major_version", unsigned(5, 2)),
        ("binary_format_minor_version", unsigned(5, 0)),
        ("build_epoch", unsigned(9, 1_800_000_000)),
        ("database_type", text("Test-City")),
        ("description", map(&[("en", text("Places of a story"))])),
        ("ip_version", unsigned(5, 4)),
        // An array of one.
        ("languages", [vec![1, 4], text("en")].concat()),
        ("node_count", unsigned(6, u32::try_from(nodes).unwrap())),
        ("record_size", unsigned(5, 24)),
    ])
}

/// A value with its control byte: kinds above 7 stand in a byte of their own.
fn value(kind: u8, size: usize, bytes: &[u8]) -> Vec<u8> {
    let size = u8::try_from(size).unwrap();
    assert!(size < 29, "longer ones are written in another way");
    let head = if kind > 7 { vec![size, kind - 7] } else { vec![(kind << 5) | size] };
    [head, bytes.to_vec()].concat()
}

fn text(text: &str) -> Vec<u8> {
    value(2, text.len(), text.as_bytes())
}

fn double(number: f64) -> Vec<u8> {
    value(3, 8, &number.to_be_bytes())
}

/// Without the zeros before it.
fn unsigned(kind: u8, number: u32) -> Vec<u8> {
    let bytes: Vec<u8> = number.to_be_bytes().into_iter().skip_while(|byte| *byte == 0).collect();
    value(kind, bytes.len(), &bytes)
}

fn map(entries: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let bytes: Vec<u8> = entries.iter().flat_map(|(name, value)| [text(name), value.clone()].concat()).collect();
    value(7, entries.len(), &bytes)
}
