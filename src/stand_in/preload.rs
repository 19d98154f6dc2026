//! How a JavaScript program that names a public host reaches the stand-in, unmodified: a module loaded
//! before it that wraps `fetch`.

/// The source of an ES module that sends `fetch` calls for `host` to `origin` and refuses all others that
/// would leave this machine, with a `TypeError` that names the URL.
///
/// `host` is the origin that is stood in for, `origin` that of the server. Other ways to the network
/// (`node:http`, `WebSocket`) are left alone; where there is no `fetch` nothing is done.
#[must_use]
pub fn javascript_preload(host: &str, origin: &str) -> String {
    // A JSON string is a JavaScript string.
    let [host, origin] = [host, origin].map(|text| serde_json::Value::from(text).to_string());
    let rest = include_str!("preload.js");
    format!("const host = {host};\nconst origin = {origin};\n{rest}")
}

/// The option that makes Node (18.18 and later) load a module before the program: for
/// `NODE_OPTIONS`, where nothing in it needs quoting, or for the command line.
#[must_use]
pub fn node_import_option(module: &str) -> String {
    format!("--import=data:text/javascript,{}", percent_encoded(module))
}

/// All but letters, digits and `-._~` escaped: no blank, quote or backslash is left to be misread.
fn percent_encoded(text: &str) -> String {
    let encoded = text.bytes().map(|byte| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
            char::from(byte).to_string()
        }
        _ => format!("%{byte:02X}"),
    });
    encoded.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_names_are_quoted_for_javascript() {
        let module = javascript_preload("https://a\"\\\n", "http://127.0.0.1:1");
        assert!(module.starts_with(
            "const host = \"https://a\\\"\\\\\\n\";\nconst origin = \"http://127.0.0.1:1\";\n"
        ));
    }

    #[test]
    fn the_option_holds_nothing_that_node_options_would_split_or_unquote() {
        let option = node_import_option("a b\"c'\\d\n%,#?é");
        assert_eq!(
            option,
            "--import=data:text/javascript,a%20b%22c%27%5Cd%0A%25%2C%23%3F%C3%A9"
        );
    }
}
