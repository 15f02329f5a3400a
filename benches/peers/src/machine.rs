//! What the program itself sees of the machine.

use std::fs;

/// The flags of `/proc/cpuinfo` that matter here.
const FLAGS: [&str; 5] = ["sse4_2", "avx", "avx2", "fma", "avx512f"];

/// The processor with its instruction sets, as Linux has them.
pub(crate) fn processor() -> String {
    let text = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let value = |key: &str| {
        let mut lines = text.lines().filter_map(|line| line.split_once(':'));
        lines.find_map(|(name, value)| (name.trim() == key).then_some(value.trim()))
    };
    let (Some(model), Some(flags)) = (value("model name"), value("flags")) else {
        return format!("a processor for {}", std::env::consts::ARCH);
    };
    let has = |flag: &&str| flags.split_whitespace().any(|word| word == *flag);
    let there: Vec<&str> = FLAGS.into_iter().filter(has).collect();
    format!("/proc/cpuinfo: {model}, {}", there.join(" "))
}

/// Whether it runs what is compiled for x86-64-v3.
#[cfg(target_arch = "x86_64")]
pub(crate) fn has_v3() -> bool {
    is_x86_feature_detected!("avx2")
        && is_x86_feature_detected!("fma")
        && is_x86_feature_detected!("bmi1")
        && is_x86_feature_detected!("bmi2")
        && is_x86_feature_detected!("lzcnt")
        && is_x86_feature_detected!("movbe")
        && is_x86_feature_detected!("f16c")
}

/// Whether it runs what is compiled for x86-64-v3.
#[cfg(not(target_arch = "x86_64"))]
pub(crate) fn has_v3() -> bool {
    false
}
