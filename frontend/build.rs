//! Leaves in the Wasm where its parts refer to each other: the build tool cuts it in two along these.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    if std::env::var("TARGET").is_ok_and(|target| target.starts_with("wasm32")) {
        println!("cargo::rustc-link-arg-cdylib=--emit-relocs");
    }
}
