#!/usr/bin/env bash
# Makes the certificates of the tests anew, with OpenSSL 3: an authority, two of servers that are good until 2126, one that has
# ended, and one of a client, which is called as its account of PostgreSQL.
# The key of the authority is thrown away.
set -eu
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
: > "$work/index.txt"
echo 01 > "$work/serial"
cat > "$work/ca.cnf" <<END
[ca]
default_ca = tests
[tests]
database = $work/index.txt
serial = $work/serial
new_certs_dir = $work
default_md = sha256
policy = name
[name]
commonName = supplied
[authority]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
[leaf]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = serverAuth
subjectAltName = DNS:localhost,DNS:id.example.com,DNS:dns.example.com,IP:127.0.0.1
[client]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = clientAuth
END
request() { # common name, file of the key
    openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$2" -out "$work/request.pem" \
        -subj "/CN=$1" 2> /dev/null
}
sign() { # file, end, words of openssl
    openssl ca -batch -notext -config "$work/ca.cnf" -in "$work/request.pem" -keyfile "$work/authority.key" \
        -startdate 20200101000000Z -enddate "$2" -out "$1" "${@:3}" 2> /dev/null
}
request "authority of the tests" "$work/authority.key"
sign authority.pem 21260101000000Z -selfsign -extensions authority
for name in first second; do
    request "$name of the tests" "$name.key.pem"
    sign "$name.pem" 21260101000000Z -cert authority.pem -extensions leaf
done
request "ended of the tests" ended.key.pem
sign ended.pem 20200201000000Z -cert authority.pem -extensions leaf
request keywright_certified client.key.pem
sign client.pem 21260101000000Z -cert authority.pem -extensions client
