//! Rebuilds when a case is added or changed: the cases are embedded in the binary.

fn main() {
    println!("cargo::rerun-if-changed=cases");
}
