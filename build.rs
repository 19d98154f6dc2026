//! Rebuilds when a case is added or changed, since the cases are embedded in the binary, and says how the binary is linked.

use std::env;

fn main() {
    println!("cargo::rerun-if-changed=cases");
    println!("cargo::rerun-if-changed=build.rs");
    let target = |what: &str| env::var(format!("CARGO_CFG_TARGET_{what}")).unwrap_or_default();
    // Each program has a supervisor, which is this binary, executed again. At an address of its own choosing, the dynamic
    // linker would have to write 130,000 addresses into it each time: two thirds of the processor time of a start.
    if (target("OS"), target("ENV")) == ("linux".into(), "gnu".into()) {
        println!("cargo::rustc-link-arg-bin=repro=-no-pie");
    }
}
