# shellcheck shell=bash
# What lint, tests, attacks and fuzzers choose of the workspace. Features of all that is chosen go together: with one choice the
# crates of others are compiled once for all four. `attack` asks for `weakened`, which no release has.
# shellcheck disable=SC2034 # who sources this has it

readonly CHOSEN_CRATES=(-p auth -p server -p bench -p attack --features auth/engine,server/acme)
