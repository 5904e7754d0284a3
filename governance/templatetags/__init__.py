"""Words that every template may use; `frame` is a builtin, nothing has to be loaded."""
