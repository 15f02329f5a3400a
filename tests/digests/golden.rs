//! The digest of each case. Made by `STACKPROP_BLESS=1 cargo test --test digests`.

/// Case and digest.
pub(crate) const DIGESTS: &[(&str, u64)] = &[
    ("linear", 0x856abbfff6fdfca0),
    ("book", 0xfb79eaf09865ec3c),
    ("book_sgd_1000", 0xaaaeae9a2be2da20),
    ("book_adam_300", 0x1e175acb1c4cb651),
    ("exp", 0x43a1e1517b012971),
    ("ln", 0xd29610b46ea50143),
    ("sigmoid", 0x6361930ad292b6cd),
    ("softplus", 0x9d1672f03a459636),
    ("tanh", 0xd808c6d1bf357393),
    ("mlp16_7", 0x9a9394450e9861c0),
    ("mlp16_8", 0x48ece371e975f403),
    ("mlp16_64", 0x471ec92893644d9a),
    ("book_nadam_300", 0xea9ee9d52c12a3d8),
    ("book_adagrad_300", 0x66082cbb044ace99),
    ("book_rmsprop_300", 0xf4c5229fac747805),
    ("heads", 0xd7529e9198554056),
    ("shuffled_epochs", 0xc1708ddef9d2a767),
    ("groups", 0xe2398a6826826d6f),
];
