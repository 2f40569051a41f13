//! `migrate!` embeds the files it finds; a new one must make it look again.

fn main() {
    println!("cargo:rerun-if-changed=../../../migrations");
}
