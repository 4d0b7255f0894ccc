// Writes a small database of places in the MaxMind DB format, version 2.0: networks of IPv4 with a city each.

/** The file, as bytes. Each place has a `network` of four numbers, a `prefix`, `country`, `city`, `latitude`, `longitude`. */
export function placesFile(places) {
  const nodes = [[null, null]];
  const data = [];
  for (const place of places) {
    const at = data.reduce((sum, part) => sum + part.length, 0);
    data.push(record(place));
    insert(nodes, place, at);
  }
  const tree = nodes.flat().map((value) => {
    const number = value === null ? nodes.length : value.node ?? nodes.length + 16 + value.data;
    return Buffer.from([number >> 16, (number >> 8) & 255, number & 255]);
  });
  const marker = Buffer.concat([Buffer.from([0xab, 0xcd, 0xef]), Buffer.from('MaxMind.com')]);
  return Buffer.concat([...tree, Buffer.alloc(16), ...data, marker, metadata(nodes.length)]);
}

function insert(nodes, { network, prefix }, data) {
  let node = 0;
  for (let depth = 0; depth < prefix; depth += 1) {
    const side = (network[depth >> 3] >> (7 - (depth & 7))) & 1;
    if (depth + 1 === prefix) {
      nodes[node][side] = { data };
    } else {
      if (!nodes[node][side]) {
        nodes.push([null, null]);
        nodes[node][side] = { node: nodes.length - 1 };
      }
      node = nodes[node][side].node;
    }
  }
}

const record = ({ country, city, latitude, longitude }) =>
  map({
    city: map({ names: map({ en: text(city) }) }),
    country: map({ iso_code: text(country) }),
    location: map({ accuracy_radius: unsigned(5, 20), latitude: double(latitude), longitude: double(longitude) }),
  });

const metadata = (nodes) =>
  map({
    binary_format_major_version: unsigned(5, 2),
    binary_format_minor_version: unsigned(5, 0),
    build_epoch: unsigned(9, 1_800_000_000),
    database_type: text('Test-City'),
    description: map({ en: text('Places of a story') }),
    ip_version: unsigned(5, 4),
    languages: Buffer.concat([Buffer.from([1, 4]), text('en')]),
    node_count: unsigned(6, nodes),
    record_size: unsigned(5, 24),
  });

/** A value with its control byte: kinds above 7 stand in a byte of their own. */
function value(kind, size, bytes) {
  const head = kind > 7 ? [size, kind - 7] : [(kind << 5) | size];
  return Buffer.concat([Buffer.from(head), bytes]);
}

const text = (words) => value(2, Buffer.byteLength(words), Buffer.from(words));

function double(number) {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleBE(number);
  return value(3, 8, bytes);
}

/** Without the zeros before it. */
function unsigned(kind, number) {
  const whole = Buffer.alloc(4);
  whole.writeUInt32BE(number);
  const first = whole.findIndex((byte) => byte !== 0);
  const bytes = first === -1 ? Buffer.alloc(0) : whole.subarray(first);
  return value(kind, bytes.length, bytes);
}

function map(entries) {
  const parts = Object.entries(entries).flatMap(([name, part]) => [text(name), part]);
  return value(7, Object.keys(entries).length, Buffer.concat(parts));
}
