//! A new migration or sentence is a reason to compile again.

fn main() {
    println!("cargo:rerun-if-changed=migrations");
    println!("cargo:rerun-if-changed=../locales");
}
