use super::circles;
use std::fs;

/// Circles of a crate with these files.
fn found(files: &[(&str, &str)]) -> Vec<Vec<String>> {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let file = folder.path().join(name);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }
    let mut circles = circles(folder.path()).unwrap();
    for circle in &mut circles {
        circle.sort();
    }
    circles
}

#[test]
fn files_that_import_each_other_are_a_circle() {
    let both = [
        ("lib.rs", "mod a; mod b;"),
        ("a.rs", "use crate::b::B; pub struct A;"),
        ("b.rs", "use super::a::A; pub struct B;"),
    ];
    assert_eq!(found(&both), [["a.rs", "b.rs"]]);
    let one = [both[0], both[1], ("b.rs", "pub struct B;")];
    assert!(found(&one).is_empty());
}

#[test]
fn a_path_in_a_function_or_a_macro_counts_and_what_is_for_tests_does_not() {
    let lib = ("lib.rs", "mod a; mod b;");
    let a = ("a.rs", "pub fn a() { crate::b::b() }");
    assert_eq!(found(&[lib, a, ("b.rs", "pub fn b() { println!(\"{}\", crate::a::a()) }")]), [["a.rs", "b.rs"]]);
    assert_eq!(found(&[lib, a, ("b.rs", "use crate::a; pub fn b() { f(vec![a::a()]) }")]), [["a.rs", "b.rs"]]);
    assert!(found(&[lib, a, ("b.rs", "#[cfg(test)] mod tests { use crate::a::a; }")]).is_empty());
}

#[test]
fn a_name_that_is_passed_on_leads_to_its_own_file() {
    let facade = ("part/mod.rs", "mod one; mod two; pub use one::One; pub use two::Two;");
    let two = ("part/two.rs", "use super::One; pub struct Two(One);");
    assert!(found(&[("lib.rs", "mod part;"), facade, ("part/one.rs", "pub struct One;"), two]).is_empty());
    let circle =
        found(&[("lib.rs", "mod part;"), facade, ("part/one.rs", "use crate::part::Two; pub struct One;"), two]);
    assert_eq!(circle, [["part/one.rs", "part/two.rs"]]);
}
