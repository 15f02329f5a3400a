//! Trials that need tools.

use super::tools::Missing;
use libtest_mimic::{Failed, Trial};

/// A trial that needs tools: one that says what is missing where it cannot have them.
pub(crate) fn trial<T: Send + 'static>(
    name: String,
    tools: Result<T, Missing>,
    test: impl FnOnce(T) -> Result<(), Failed> + Send + 'static,
) -> Trial {
    match tools {
        Ok(tools) => Trial::test(name, || test(tools)),
        Err(missing) => {
            let kind = format!("no {}", missing.what);
            Trial::test(name, move || Err(missing.into()))
                .with_kind(kind)
                .with_ignored_flag(!required())
        }
    }
}

/// Whether a missing tool is a failure.
pub(crate) fn required() -> bool {
    std::env::var_os("STACKPROP_REQUIRE_TARGETS").is_some_and(|value| value == "1")
}
