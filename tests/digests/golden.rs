//! The digest of each case. Made by `STACKPROP_BLESS=1 cargo test --test digests`.

/// Case and digest.
pub(crate) const DIGESTS: &[(&str, u64)] = &[
    ("linear", 0x990f02419c3d6ed0),
    ("book", 0xce7b50e83cce6a6a),
    ("book_sgd_1000", 0xddee8d99cd9699ad),
    ("book_adam_300", 0xf2f1d8610861fc6a),
    ("exp", 0x5546a1a6592dc214),
    ("ln", 0xd29610b46ea50143),
    ("sigmoid", 0xfc24b4e220b0ca53),
    ("softplus", 0x7395882a3c62442d),
    ("tanh", 0x49587210986b9642),
    ("mlp16_7", 0x8cb562a3351dbd87),
    ("mlp16_8", 0xe752daf41a90557a),
    ("mlp16_64", 0xad31874c4cfa5a23),
    ("book_nadam_300", 0x7be98203a6d19cd8),
    ("book_adagrad_300", 0x10c6d54a5a71c87b),
    ("book_rmsprop_300", 0xae3afbfc378a5bb0),
    ("heads", 0x816cd7610968b97d),
    ("shuffled_epochs", 0x60ff8346f3f7a726),
    ("groups", 0x5cc1c31d73489c82),
];
