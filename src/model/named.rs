//! Enums whose variants are words in files, reports and options: each variant stands beside its word, once.

/// Defines an enum with `ALL`, the `name` of each variant, and the way back from the name.
macro_rules! named {
    ($(#[$about:meta])* $visible:vis enum $name:ident {
        $($(#[$one:meta])* $variant:ident = $word:literal,)*
    }) => {
        $(#[$about])*
        $visible enum $name {
            $($(#[$one])* $variant,)*
        }

        impl $name {
            /// Every one, in the order in which lists have them.
            pub const ALL: [$name; [$($word),*].len()] = [$($name::$variant),*];

            /// The word for it in files, reports and options.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self {
                    $($name::$variant => $word,)*
                }
            }

            /// The one that has this name.
            #[must_use]
            pub fn named(name: &str) -> Option<$name> {
                $name::ALL.into_iter().find(|one| one.name() == name)
            }
        }
    };
}

pub(crate) use named;
