//! New hashed names are new files: the embedding must look again whenever `cargo xtask site` wrote any.

fn main() {
    println!("cargo:rerun-if-changed=../target/site-dev");
    println!("cargo:rerun-if-changed=../target/site-release");
}
