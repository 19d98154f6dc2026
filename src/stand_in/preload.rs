//! How a JavaScript program that names a public host reaches the stand-in, unmodified: a module loaded
//! before it that wraps `fetch`.

/// The source of a script that sends `fetch` calls for `host` to `origin` and refuses all others that
/// would leave this machine, with a `TypeError` that names the URL.
///
/// `host` is the origin that is stood in for, `origin` that of the server. Other ways to the network
/// (`node:http`, `WebSocket`) are left alone; where there is no `fetch` nothing is done.
#[must_use]
pub fn fetch_preload(host: &str, origin: &str) -> String {
    // A JSON string is a JavaScript string.
    let [host, origin] = [host, origin].map(|text| serde_json::Value::from(text).to_string());
    let rest = include_str!("preload.js");
    format!("const host = {host};\nconst origin = {origin};\n{rest}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_names_are_quoted_for_javascript() {
        let module = fetch_preload("https://a\"\\\n", "http://127.0.0.1:1");
        assert!(module.starts_with(
            "const host = \"https://a\\\"\\\\\\n\";\nconst origin = \"http://127.0.0.1:1\";\n"
        ));
    }
}
