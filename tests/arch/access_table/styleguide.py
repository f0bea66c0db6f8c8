"""The page of components: it shows invented content only, so anybody may open it and send its form."""

TABLE = {
    "web.styleguide": ("public: shows the components with invented content; reads and writes no record", None),
}
